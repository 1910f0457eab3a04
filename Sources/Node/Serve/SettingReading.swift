import Foundation

/// The kinds of settings. Each error names the option, the variable or the key and what it takes.
extension SettingSources {
  func text(_ key: Settings.Key) -> String? { value(of: key)?.text }

  /// - Throws: `StartupError` if it is no number, or out of range.
  func number(_ key: Settings.Key, in range: ClosedRange<Int>) throws -> Int? {
    guard let (text, origin) = value(of: key) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw StartupError.usage(
        "\(origin) is '\(text)'; it takes a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// - Throws: `StartupError` if it is none of the words.
  func choice<T: RawRepresentable & CaseIterable>(
    _ key: Settings.Key, _: T.Type
  ) throws -> T? where T.RawValue == String {
    guard let (text, origin) = value(of: key) else { return nil }
    guard let value = T(rawValue: text.lowercased()) else {
      let known = T.allCases.map(\.rawValue).joined(separator: ", ")
      throw StartupError.usage("\(origin) is '\(text)'; it takes one of \(known)")
    }
    return value
  }

  /// A list separated by commas.
  ///
  /// - Parameter syntax: What an item looks like, for the error.
  /// - Throws: `StartupError` if `read` makes nothing of an item, or there is none.
  func list<Item>(
    _ key: Settings.Key, of syntax: String, _ read: (String) -> Item?
  ) throws -> [Item]? {
    guard let (text, origin) = value(of: key) else { return nil }
    let items = try text.split(separator: ",").map { part in
      let part = part.trimmingCharacters(in: .whitespaces)
      guard let item = read(part) else {
        throw StartupError.usage("\(origin) has '\(part)'; it takes \(syntax), separated by commas")
      }
      return item
    }
    guard !items.isEmpty else {
      throw StartupError.usage("\(origin) is empty; it takes \(syntax), separated by commas")
    }
    return items
  }
}
