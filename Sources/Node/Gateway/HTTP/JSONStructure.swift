import CloudAPI
import Foundation

/// Looks over a JSON text before it is decoded, for what the decoder would take and nobody should send:
/// deep nesting, which costs stack; keys that stand twice, of which programs along the way may see
/// different ones (RFC 8259 §4); and other encodings than UTF-8 (§8.1).
///
/// It takes one pass and no recursion. Whether the text is JSON at all the decoder says.
struct JSONStructure {
  /// No body of this API is nested more than a few levels.
  static let maxDepth = 32

  /// An object or array that is open.
  private struct Level {
    var isObject: Bool
    /// In an object: the next string is a key.
    var expectsKey: Bool
    var keys: Set<String> = []
    var lastKey = ""
  }

  private let bytes: [UInt8]
  private var index = 0
  private var levels: [Level] = []

  /// - Throws: ``Failure`` that says what is wrong.
  static func check(_ bytes: [UInt8]) throws(Failure) {
    // The decoder would also take UTF-16 and UTF-32, where ASCII has zeros.
    guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
      throw .malformed("the body is not valid JSON in UTF-8")
    }
    var structure = JSONStructure(bytes: bytes)
    try structure.scan()
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func scan() throws(Failure) {
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"): try open(isObject: true)
      case UInt8(ascii: "["): try open(isObject: false)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = levels.popLast()
      case UInt8(ascii: ","):
        if let top = levels.indices.last { levels[top].expectsKey = levels[top].isObject }
      case UInt8(ascii: "\""):
        try string()
        continue
      default: break
      }
      index += 1
    }
  }

  private mutating func open(isObject: Bool) throws(Failure) {
    guard levels.count < Self.maxDepth else {
      throw .malformed("the body is nested deeper than \(Self.maxDepth) levels")
    }
    levels.append(Level(isObject: isObject, expectsKey: isObject))
  }

  /// Goes past a string, and notes it if it is a key.
  private mutating func string() throws(Failure) {
    let start = index
    var isEscaped = false
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") {
        isEscaped = true
        index += 1
      }
      index += 1
    }
    guard index < bytes.count else { return }
    index += 1
    guard let top = levels.indices.last, levels[top].expectsKey else { return }
    levels[top].expectsKey = false
    guard let key = Self.text(of: bytes[start..<index], isEscaped: isEscaped) else { return }
    levels[top].lastKey = key
    guard levels[top].keys.insert(key).inserted else {
      let path = levels.filter(\.isObject).map { String($0.lastKey.prefix(100)) }
      throw .invalid(path.joined(separator: "."), "is there twice")
    }
  }

  /// What a string with its quotes means; nothing if it is none, which the decoder will say.
  private static func text(of literal: ArraySlice<UInt8>, isEscaped: Bool) -> String? {
    guard isEscaped else {
      return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
    }
    return try? JSONDecoder().decode(String.self, from: Data(literal))
  }
}
