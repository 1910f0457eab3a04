/// Reads Protocol Buffers fields out of an array of bytes.
///
/// Takes any bytes: what is malformed throws. A field is read by `nextField()` and then exactly one
/// of the calls for its type, or `skip()`.
struct WireReader {
  private let input: [UInt8]
  private var position: Int
  private let end: Int
  private var field = 0
  private var type = WireType.varint

  init(_ bytes: [UInt8]) { self.init(bytes, bytes.indices) }

  /// Reads the part `range` of `bytes`.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    input = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field's number; nil at the end.
  mutating func nextField() throws(WireError) -> Int? {
    guard position < end else { return nil }
    let tag = try varint()
    guard tag >> 3 >= 1, tag >> 3 < 1 << 29, let type = WireType(rawValue: tag & 7) else {
      throw .invalidTag(tag)
    }
    self.type = type
    field = Int(tag >> 3)
    return field
  }

  /// Passes over the field.
  mutating func skip() throws(WireError) {
    switch type {
    case .varint: _ = try varint()
    case .fixed64: try advance(8)
    case .fixed32: try advance(4)
    case .lengthDelimited: _ = try range()
    }
  }

  mutating func uint64() throws(WireError) -> UInt64 {
    try expect(.varint)
    return try varint()
  }

  mutating func bool() throws(WireError) -> Bool { try uint64() != 0 }

  mutating func index() throws(WireError) -> LogIndex { try LogIndex(received: uint64()) }

  mutating func term() throws(WireError) -> Term {
    Term(try uint64().leavingRoom("term"))
  }

  /// A place in a file.
  mutating func offset() throws(WireError) -> UInt64 { try uint64().leavingRoom("offset") }

  mutating func fixed64() throws(WireError) -> UInt64 {
    try expect(.fixed64)
    return try word()
  }

  mutating func fixed32() throws(WireError) -> UInt32 {
    try expect(.fixed32)
    try advance(4)
    var value: UInt32 = 0
    for i in 1...4 { value = value << 8 | UInt32(input[position - i]) }
    return value
  }

  /// One occurrence of a repeated fixed64, packed or not.
  mutating func fixed64s() throws(WireError) -> [UInt64] {
    if type == .fixed64 { return [try word()] }
    var packed = try nested()
    guard (packed.end - packed.position).isMultiple(of: 8) else { throw .truncated }
    var values: [UInt64] = []
    while packed.position < packed.end { values.append(try packed.word()) }
    return values
  }

  mutating func bytes() throws(WireError) -> [UInt8] {
    try expect(.lengthDelimited)
    return Array(input[try range()])
  }

  mutating func string() throws(WireError) -> String {
    let utf8 = try bytes()
    let string = String(decoding: utf8, as: UTF8.self)
    // Decoding repairs what is not UTF-8; then the bytes differ.
    guard string.utf8.elementsEqual(utf8) else { throw .invalidValue("string") }
    return string
  }

  mutating func message<M: WireMessage>(_: M.Type = M.self) throws(WireError) -> M {
    var inner = try nested()
    return try M(from: &inner)
  }

  /// A reader of the message field's own fields.
  mutating func nested() throws(WireError) -> WireReader {
    try expect(.lengthDelimited)
    return WireReader(input, try range())
  }

  private func expect(_ expected: WireType) throws(WireError) {
    guard type == expected else { throw .wrongWireType(field: field) }
  }

  private mutating func advance(_ count: Int) throws(WireError) {
    guard count <= end - position else { throw .truncated }
    position += count
  }

  private mutating func range() throws(WireError) -> Range<Int> {
    guard let length = Int(exactly: try varint()) else { throw .truncated }
    try advance(length)
    return position - length..<position
  }

  private mutating func word() throws(WireError) -> UInt64 {
    try advance(8)
    var value: UInt64 = 0
    for i in 1...8 { value = value << 8 | UInt64(input[position - i]) }
    return value
  }

  private mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = input[position]
      position += 1
      // The tenth byte has room for one bit.
      guard shift < 63 || byte <= 1 else { throw .overlongVarint }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .truncated
  }
}

extension LogIndex {
  /// The index that a received number stands for.
  init(received value: UInt64) throws(WireError) { self.init(try value.leavingRoom("index")) }
}

extension UInt64 {
  /// The number, unless counting on from it could overflow: bytes from outside must not be able to
  /// trap the arithmetic behind them.
  fileprivate func leavingRoom(_ name: String) throws(WireError) -> UInt64 {
    guard self < 1 << 62 else { throw .invalidValue(name) }
    return self
  }
}
