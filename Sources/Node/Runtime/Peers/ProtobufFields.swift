import NIOCore

/// Protocol Buffers fields in a `ByteBuffer`: what the few frames around Raft's messages need.
extension ByteBuffer {
  mutating func writeVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    writeInteger(UInt8(truncatingIfNeeded: rest))
  }

  mutating func writeField(_ field: UInt64, varint value: UInt64) {
    guard value != 0 else { return }
    writeVarint(field << 3)
    writeVarint(value)
  }

  mutating func writeField(_ field: UInt64, fixed64 value: UInt64) {
    writeVarint(field << 3 | 1)
    writeInteger(value, endianness: .little)
  }

  mutating func writeField(_ field: UInt64, bytes: [UInt8]) {
    writeVarint(field << 3 | 2)
    writeVarint(UInt64(bytes.count))
    writeBytes(bytes)
  }

  mutating func writeField(_ field: UInt64, string: String) {
    guard !string.isEmpty else { return }
    writeField(field, bytes: Array(string.utf8))
  }

  mutating func writeField(_ field: UInt64, message body: (inout ByteBuffer) -> Void) {
    var inner = ByteBuffer()
    body(&inner)
    writeVarint(field << 3 | 2)
    writeVarint(UInt64(inner.readableBytes))
    writeBuffer(&inner)
  }
}

/// A field that was read. Values of other wire types than the schema has are skipped like unknown
/// fields.
enum ProtobufValue {
  case varint(UInt64)
  case fixed64(UInt64)
  case bytes(ByteBuffer)
  case fixed32
}

extension ByteBuffer {
  /// The next field; nil at the end. What is malformed throws.
  mutating func readField() throws(PeerFrameError) -> (field: UInt64, value: ProtobufValue)? {
    guard readableBytes > 0 else { return nil }
    let tag = try readVarint()
    switch tag & 7 {
    case 0: return (tag >> 3, .varint(try readVarint()))
    case 1:
      guard let value = readInteger(endianness: .little, as: UInt64.self) else { break }
      return (tag >> 3, .fixed64(value))
    case 2:
      let length = try readVarint()
      guard length <= UInt64(readableBytes), let bytes = readSlice(length: Int(length)) else {
        break
      }
      return (tag >> 3, .bytes(bytes))
    case 5:
      guard readInteger(as: UInt32.self) != nil else { break }
      return (tag >> 3, .fixed32)
    default: throw .malformed("\(tag) is not a field tag")
    }
    throw .malformed("the bytes end inside of a field")
  }

  private mutating func readVarint() throws(PeerFrameError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = readInteger(as: UInt8.self) else {
        throw .malformed("the bytes end inside of a number")
      }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .malformed("a number does not fit 64 bits")
  }
}
