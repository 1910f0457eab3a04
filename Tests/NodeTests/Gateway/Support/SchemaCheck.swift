import CloudAPI

@testable import NodeGateway

/// Says where a JSON value is not what a schema of the API's document allows.
///
/// It knows the keywords that the document uses, and takes any other for a flaw of the document. It
/// is stricter than JSON Schema in one thing: a property that the schema does not name is a flaw,
/// because here it was forgotten there.
struct SchemaCheck {
  /// The whole document, for references.
  let document: JSONValue

  func flaws(of value: JSONValue, by schema: JSONValue, at place: String = "") -> [String] {
    guard case .object(var keywords) = schema else { return ["\(place): the schema is no object"] }
    keywords["description"] = nil
    if let reference = keywords.removeValue(forKey: "$ref") {
      guard let target = document.resolve(reference) else {
        return ["\(place): \(reference) names nothing"]
      }
      return flaws(of: value, by: target, at: place)
    }
    for keyword in ["anyOf", "oneOf"] {
      guard case .array(let schemas)? = keywords[keyword] else { continue }
      let found = schemas.map { flaws(of: value, by: $0, at: place) }
      let matches = found.count(where: \.isEmpty)
      if matches == 0 { return found.min { $0.count < $1.count } ?? ["\(place): nothing fits"] }
      return keyword == "oneOf" && matches > 1 ? ["\(place): several schemas fit"] : []
    }
    guard let types = keywords.removeValue(forKey: "type") else {
      return keywords.isEmpty ? [] : ["\(place): a schema without a type"]
    }
    guard types.strings.contains(where: value.isOf(type:)) else {
      return ["\(place): \(value) is no \(types.strings)"]
    }
    switch value {
    case .object(let members): return flaws(of: members, by: keywords, at: place)
    case .array(let elements): return flaws(of: elements, by: keywords, at: place)
    case .string(let text): return flaws(of: text, by: keywords, at: place)
    case .integer, .number: return flaws(ofNumber: value, by: keywords, at: place)
    case .null, .boolean: return []
    }
  }

  private func flaws(
    of members: [String: JSONValue], by keywords: [String: JSONValue], at place: String
  ) -> [String] {
    var flaws: [String] = []
    var properties: [String: JSONValue] = [:]
    if case .object(let named)? = keywords["properties"] { properties = named }
    flaws += (keywords["required"]?.strings ?? []).filter { members[$0] == nil }.map {
      "\(place).\($0) is missing"
    }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      if let property = properties[name] {
        flaws += self.flaws(of: value, by: property, at: "\(place).\(name)")
      } else if case .object? = keywords["additionalProperties"] {
        flaws += self.flaws(
          of: value, by: keywords["additionalProperties"] ?? .null, at: "\(place).\(name)")
      } else if !properties.isEmpty {
        flaws.append("\(place).\(name) is not described")
      }
    }
    return flaws
      + unknown(keywords, besides: ["properties", "required", "additionalProperties"], place)
  }

  private func flaws(
    of elements: [JSONValue], by keywords: [String: JSONValue], at place: String
  ) -> [String] {
    var flaws: [String] = []
    if let least = keywords["minItems"]?.number, Double(elements.count) < least {
      flaws.append("\(place) has only \(elements.count) elements")
    }
    if let most = keywords["maxItems"]?.number, Double(elements.count) > most {
      flaws.append("\(place) has \(elements.count) elements")
    }
    if let items = keywords["items"] {
      for (index, element) in elements.enumerated() {
        flaws += self.flaws(of: element, by: items, at: "\(place)[\(index)]")
      }
    }
    return flaws + unknown(keywords, besides: ["items", "minItems", "maxItems"], place)
  }

  private func flaws(
    of text: String, by keywords: [String: JSONValue], at place: String
  ) -> [String] {
    var flaws: [String] = []
    let length = Double(text.unicodeScalars.count)
    if let least = keywords["minLength"]?.number, length < least {
      flaws.append("\(place): \"\(text)\" is too short")
    }
    if let most = keywords["maxLength"]?.number, length > most {
      flaws.append("\(place): \"\(text)\" is too long")
    }
    if case .array(let words)? = keywords["enum"], !words.contains(.string(text)) {
      flaws.append("\(place): \"\(text)\" is none of \(words)")
    }
    if case .string(let pattern)? = keywords["pattern"] {
      let matches = try? Regex(pattern).firstMatch(in: text) != nil
      if matches != true { flaws.append("\(place): \"\(text)\" does not match \(pattern)") }
    }
    if keywords["format"] == .string("date-time"), RFC3339.date(from: text) == nil {
      flaws.append("\(place): \"\(text)\" is no time")
    }
    return flaws
      + unknown(keywords, besides: ["minLength", "maxLength", "enum", "pattern", "format"], place)
  }

  private func flaws(
    ofNumber value: JSONValue, by keywords: [String: JSONValue], at place: String
  ) -> [String] {
    var flaws: [String] = []
    if let least = keywords["minimum"]?.number, let number = value.number, number < least {
      flaws.append("\(place): \(number) is too small")
    }
    if let most = keywords["maximum"]?.number, let number = value.number, number > most {
      flaws.append("\(place): \(number) is too large")
    }
    return flaws + unknown(keywords, besides: ["minimum", "maximum"], place)
  }

  /// The properties that a value has, as `Component.property`.
  func properties(of value: JSONValue, by schema: JSONValue, in component: String = "") -> Set<
    String
  > {
    if let reference = schema["$ref"], let target = document.resolve(reference) {
      let name = reference.string?.split(separator: "/").last.map(String.init) ?? ""
      return properties(of: value, by: target, in: name)
    }
    var found: Set<String> = []
    for option in schema["anyOf"]?.elements ?? [] {
      found.formUnion(properties(of: value, by: option, in: component))
    }
    for (name, member) in value.members {
      guard let property = schema["properties"]?[name] else { continue }
      found.insert("\(component).\(name)")
      found.formUnion(properties(of: member, by: property, in: component))
    }
    for element in value.elements {
      found.formUnion(properties(of: element, by: schema["items"] ?? .null, in: component))
    }
    return found
  }

  private func unknown(
    _ keywords: [String: JSONValue], besides known: Set<String>, _ place: String
  ) -> [String] {
    keywords.keys.filter { !known.contains($0) }.sorted().map {
      "\(place): the schema has a keyword \($0)"
    }
  }
}

extension JSONValue {
  subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  var members: [(key: String, value: JSONValue)] {
    if case .object(let members) = self { members.sorted { $0.key < $1.key } } else { [] }
  }

  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A string, or the strings of a list.
  var strings: [String] {
    if case .string(let text) = self { [text] } else { elements.compactMap(\.string) }
  }

  var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// What a reference into this document names.
  func resolve(_ reference: JSONValue) -> JSONValue? {
    guard let text = reference.string, text.hasPrefix("#/") else { return nil }
    return text.dropFirst(2).split(separator: "/").reduce(self) { place, name in
      place?[String(name)]
    }
  }

  fileprivate func isOf(type: String) -> Bool {
    switch (self, type) {
    case (.null, "null"), (.boolean, "boolean"), (.integer, "integer"), (.integer, "number"),
      (.number, "number"), (.string, "string"), (.array, "array"), (.object, "object"):
      true
    // Beyond `Int` a whole number is read as a fraction.
    case (.number(let number), "integer"): number == number.rounded()
    default: false
    }
  }
}
