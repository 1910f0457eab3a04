/// Why bytes are not what they should be.
public enum WireError: Error, Hashable, CustomStringConvertible {
  /// The bytes end inside of a field.
  case truncated
  /// A varint is longer than ten bytes or exceeds 64 bits.
  case overlongVarint
  /// A tag has field number 0 or one that is too large, or a wire type that does not exist.
  case invalidTag(UInt64)
  /// A known field has another wire type than the schema says.
  case wrongWireType(field: Int)
  /// A field that must be there is not.
  case missingField(String)
  /// A field's value is not among those allowed.
  case invalidValue(String)

  /// What is wrong.
  public var description: String {
    switch self {
    case .truncated: "the bytes end inside of a field"
    case .overlongVarint: "a varint does not fit 64 bits"
    case .invalidTag(let tag): "\(tag) is not a field tag"
    case .wrongWireType(let field): "field \(field) has a wire type that the schema doesn't give it"
    case .missingField(let name): "the field \(name) is missing"
    case .invalidValue(let name): "the field \(name) has a value that is not allowed"
    }
  }
}
