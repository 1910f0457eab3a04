/// Tells the shape of a type's JSON by decoding a value of it from nothing and noting what is asked
/// for: each key, each type, and whether a key may be absent, which is asked before it is read.
///
/// Lists are given one element. Words must be `CaseIterable`, as no string can be guessed.
enum ShapeReader {
  static func shape(of type: any Decodable.Type) throws -> ValueShape { try read(type).shape }

  static func read<Value: Decodable>(_ type: Value.Type) throws -> (value: Value, shape: ValueShape)
  {
    if let known = known(type), let value = known.value as? Value { return (value, known.shape) }
    if let dictionary = type as? any TextKeyed.Type, let empty = dictionary.empty as? Value {
      return (empty, .dictionary(of: try dictionary.elementShape()))
    }
    if let words = try words(type), let value = words.value as? Value {
      return (value, words.shape)
    }
    let decoder = ShapeDecoder()
    let value = try Value(from: decoder)
    guard let shape = decoder.shape else {
      throw UnknownShape(description: "\(type) reads nothing")
    }
    return (value, shape)
  }

  private static func known(_ type: any Decodable.Type) -> (value: Any, shape: ValueShape)? {
    if type == Bool.self { return (false, .boolean) }
    if type == String.self { return ("", .text) }
    if type == ParameterValue.self {
      return (ParameterValue.number(0), .oneOf([.number, .text]))
    }
    if let integers = type as? any FixedWidthInteger.Type { return (integers.zero, .integer) }
    if let numbers = type as? any BinaryFloatingPoint.Type { return (numbers.zero, .number) }
    return nil
  }

  private static func words(_ type: any Decodable.Type) throws -> (value: Any, shape: ValueShape)? {
    guard let type = type as? any RawRepresentable.Type else { return nil }
    func all<Cases: CaseIterable>(_ type: Cases.Type) -> [Any] { Array(type.allCases) }
    let cases = (type as? any CaseIterable.Type).map { all($0) } ?? []
    let names = cases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    guard let first = cases.first, names.count == cases.count else {
      throw UnknownShape(description: "\(type) must be CaseIterable and made of strings")
    }
    return (first, .words(names))
  }
}

/// A dictionary whose keys are names in JSON, too.
private protocol TextKeyed {
  static var empty: Any { get }
  static func elementShape() throws -> ValueShape
}

extension Dictionary: TextKeyed where Key: CodingKeyRepresentable, Value: Decodable {
  fileprivate static var empty: Any { [:] as Self }
  fileprivate static func elementShape() throws -> ValueShape {
    try ShapeReader.shape(of: Value.self)
  }
}

/// Belongs to the decoding of one value.
private final class ShapeDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  private(set) var found: ValueShape?
  fileprivate var isNullable = false
  private var properties: [ValueShape.Property] = []
  private var isObject = false

  var shape: ValueShape? {
    guard let shape = isObject ? .object(properties) : found else { return nil }
    return isNullable ? .nullable(shape) : shape
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    isObject = true
    return KeyedDecodingContainer(Keyed(decoder: self))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer { Unkeyed(decoder: self) }
  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

  func note(_ shape: ValueShape) { found = shape }

  func note(_ name: String, _ shape: ValueShape, isRequired: Bool) {
    guard !properties.contains(where: { $0.name == name }) else { return }
    properties.append(ValueShape.Property(name: name, shape: shape, isRequired: isRequired))
  }

  private final class Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ShapeDecoder
    let codingPath: [any CodingKey] = []
    let allKeys: [Key] = []
    private var optional: Set<String> = []

    init(decoder: ShapeDecoder) { self.decoder = decoder }

    func contains(_ key: Key) -> Bool {
      optional.insert(key.stringValue)
      return true
    }

    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      let (value, shape) = try ShapeReader.read(type)
      let name = key.stringValue
      decoder.note(name, shape, isRequired: !optional.contains(name))
      return value
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw Self.nested }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      throw Self.nested
    }

    func superDecoder() throws -> any Decoder { throw Self.nested }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw Self.nested }

    private static var nested: UnknownShape {
      UnknownShape(description: "details are decoded as properties, not by nested containers")
    }
  }

  private struct Unkeyed: UnkeyedDecodingContainer {
    let decoder: ShapeDecoder
    let codingPath: [any CodingKey] = []
    let count: Int? = 1
    private(set) var currentIndex = 0

    init(decoder: ShapeDecoder) { self.decoder = decoder }

    var isAtEnd: Bool { currentIndex > 0 }

    mutating func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      currentIndex += 1
      let (value, shape) = try ShapeReader.read(type)
      decoder.note(.list(of: shape))
      return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw Self.nested }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      throw Self.nested
    }

    mutating func superDecoder() throws -> any Decoder { throw Self.nested }

    private static var nested: UnknownShape {
      UnknownShape(description: "lists are decoded by their elements, not by nested containers")
    }
  }

  private struct Single: SingleValueDecodingContainer {
    let decoder: ShapeDecoder
    let codingPath: [any CodingKey] = []

    func decodeNil() -> Bool {
      decoder.isNullable = true
      return false
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      let (value, shape) = try ShapeReader.read(type)
      decoder.note(shape)
      return value
    }
  }
}
