import CloudAPI
import Foundation

/// The fields of a JSON object in a request. It collects what is wrong with them, so that the
/// caller learns all of it at once; fields that nobody asked for are wrong too.
struct JSONFields {
  private var values: [String: JSONValue]
  /// Fields that are there and say nothing.
  private var nulls: Set<String>
  private let path: String
  private(set) var errors: [Problem.FieldError] = []

  /// Reads a body.
  ///
  /// - Throws: ``Failure`` if it is no JSON object.
  init(body: [UInt8]) throws(Failure) {
    try JSONStructure.check(body)
    let value: JSONValue
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: Data(body))
    } catch {
      throw .malformed("the body is not valid JSON in UTF-8")
    }
    guard case .object(let values) = value else {
      throw .malformed("the body must be a JSON object")
    }
    self.init(values: values, path: "")
  }

  private init(values: [String: JSONValue], path: String) {
    self.values = values.filter { $0.value != .null }
    nulls = Set(values.keys).subtracting(self.values.keys)
    self.path = path
  }

  mutating func string(_ name: String) -> String? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    if case .string(let text) = value { return text }
    return reject(name, "must be a string")
  }

  mutating func requiredString(_ name: String) -> String {
    guard values[name] != nil else { return reject(name, "is missing") ?? "" }
    return string(name) ?? ""
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    if case .integer(let number) = value, range.contains(number) { return number }
    return reject(
      name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
  }

  mutating func boolean(_ name: String) -> Bool? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    if case .boolean(let flag) = value { return flag }
    return reject(name, "must be true or false")
  }
  /// Whether a field is there and null, where that means something.
  func isNull(_ name: String) -> Bool { nulls.contains(name) }

  mutating func strings(_ name: String) -> [String]? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    guard case .array(let elements) = value else {
      return reject(name, "must be a list of strings")
    }
    var texts: [String] = []
    for element in elements {
      guard case .string(let text) = element else {
        return reject(name, "must be a list of strings")
      }
      texts.append(text)
    }
    return texts
  }

  /// An object within; `read` reads its fields.
  mutating func object<Value>(
    _ name: String, _ read: (inout JSONFields) -> Value
  ) -> Value? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    guard case .object(let inner) = value else { return reject(name, "must be an object") }
    var fields = JSONFields(values: inner, path: path + name + ".")
    let result = read(&fields)
    fields.rejectUnknown()
    errors += fields.errors
    return result
  }

  /// Notes that a field is wrong.
  @discardableResult
  mutating func reject<Value>(_ name: String, _ message: String) -> Value? {
    errors.append(Problem.FieldError(field: path + name, message: message))
    return nil
  }

  mutating func reject(_ name: String, _ message: String) {
    let _: Never? = reject(name, message)
  }

  private mutating func rejectUnknown() {
    for name in values.keys.sorted() { reject(String(name.prefix(100)), "is not known here") }
  }

  /// Ends reading.
  ///
  /// - Throws: ``Failure`` with everything that is wrong.
  mutating func finish() throws(Failure) {
    rejectUnknown()
    guard errors.isEmpty else { throw .invalid(errors) }
  }
}

/// Any JSON value. ``JSONStructure`` bounds how deep it may be nested.
enum JSONValue: Decodable, Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }
}
