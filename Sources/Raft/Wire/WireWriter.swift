/// A value that is a Protocol Buffers message.
protocol WireMessage {
  /// Adds the value's fields, in the order of their numbers.
  func write(to writer: inout WireWriter)
  /// Takes the value from the fields up to the reader's end.
  init(from reader: inout WireReader) throws(WireError)
}

/// The kinds of field on the wire. Groups (3 and 4) are not part of proto3.
enum WireType: UInt64 {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case fixed32 = 5
}

/// Appends Protocol Buffers fields to an array of bytes.
///
/// As proto3 asks, a scalar that is zero or empty is left out, unless presence has a meaning: the
/// calls named `present…` always write.
struct WireWriter {
  var bytes: [UInt8] = []

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Eight bytes, little endian, without a tag.
  mutating func word(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func tag(_ field: Int, _ type: WireType) {
    varint(UInt64(field) << 3 | type.rawValue)
  }

  mutating func presentUInt64(_ field: Int, _ value: UInt64) {
    tag(field, .varint)
    varint(value)
  }

  mutating func uint64(_ field: Int, _ value: UInt64) {
    if value != 0 { presentUInt64(field, value) }
  }

  mutating func bool(_ field: Int, _ value: Bool) {
    if value { presentUInt64(field, 1) }
  }

  mutating func presentFixed64(_ field: Int, _ value: UInt64) {
    tag(field, .fixed64)
    word(value)
  }

  mutating func fixed64(_ field: Int, _ value: UInt64) {
    if value != 0 { presentFixed64(field, value) }
  }

  mutating func presentFixed32(_ field: Int, _ value: UInt32) {
    tag(field, .fixed32)
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A repeated fixed64, packed.
  mutating func fixed64s(_ field: Int, _ values: some Collection<UInt64>) {
    guard !values.isEmpty else { return }
    tag(field, .lengthDelimited)
    varint(UInt64(8 * values.count))
    for value in values { word(value) }
  }

  mutating func bytes(_ field: Int, _ value: [UInt8]) {
    guard !value.isEmpty else { return }
    tag(field, .lengthDelimited)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func string(_ field: Int, _ value: String) {
    guard !value.isEmpty else { return }
    tag(field, .lengthDelimited)
    varint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  mutating func message(_ field: Int, _ value: some WireMessage) {
    message(field) { value.write(to: &$0) }
  }

  /// A message field whose own fields `body` writes. Its length is known only then: one byte is kept
  /// for it, and a longer length moves the body once.
  mutating func message(_ field: Int, _ body: (inout WireWriter) -> Void) {
    tag(field, .lengthDelimited)
    bytes.append(0)
    let start = bytes.count
    body(&self)
    var rest = UInt64(bytes.count - start)
    let growth = (rest.bitWidth - rest.leadingZeroBitCount - 1) / 7
    if growth > 0 { bytes.insert(contentsOf: repeatElement(0, count: growth), at: start) }
    for place in start - 1..<start - 1 + growth {
      bytes[place] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest >>= 7
    }
    bytes[start - 1 + growth] = UInt8(rest)
  }
}
