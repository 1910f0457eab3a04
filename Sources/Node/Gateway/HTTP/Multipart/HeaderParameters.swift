/// A header's value with parameters: `form-data; name="file"; filename="wine.csv"` (RFC 9110 §5.6.6).
struct HeaderParameters: Hashable, Sendable {
  /// What stands before the first semicolon, in lower case.
  var value: String
  /// By their names in lower case; of two with one name the first.
  var parameters: [String: String]

  /// Reads what it can: what is no parameter is passed over.
  init(_ text: String) {
    var rest = Substring(text)
    value = Self.token(&rest).lowercased()
    parameters = [:]
    while rest.popFirst() != nil {
      let name = Self.trimmed(rest.prefix { $0 != "=" && $0 != ";" }).lowercased()
      rest = rest.drop { $0 != "=" && $0 != ";" }
      guard rest.first == "=" else { continue }
      rest.removeFirst()
      rest = rest.drop { $0 == " " || $0 == "\t" }
      let value = rest.first == "\"" ? Self.quoted(&rest) : Self.token(&rest)
      if parameters[name] == nil { parameters[name] = value }
    }
  }

  /// Takes all up to the next semicolon.
  private static func token(_ rest: inout Substring) -> String {
    let token = rest.prefix { $0 != ";" }
    rest = rest.dropFirst(token.count)
    return trimmed(token)
  }

  /// Takes a string in quotes, and what stands between it and the next semicolon.
  ///
  /// A backslash hides a quote or another backslash. Before anything else it is itself: some browsers
  /// send the paths of files so.
  private static func quoted(_ rest: inout Substring) -> String {
    rest.removeFirst()
    var text = ""
    while let character = rest.popFirst(), character != "\"" {
      if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
        text.append(next)
        rest.removeFirst()
      } else {
        text.append(character)
      }
    }
    rest = rest.drop { $0 != ";" }
    return text
  }

  private static func trimmed(_ text: Substring) -> String { String(text).trimmingSpaces() }
}
