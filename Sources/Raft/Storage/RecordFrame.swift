/// A record as it stands in a segment: a header, then the payload.
///
///     length   u32  bytes of payload, at least 1
///     durable  u32  up to where the segment was known to be durable when this was written
///     previous u32  `check` of the record before; of the first record, the segment header's
///     payload  u32  CRC32C of the payload
///     check    u32  CRC32C of the four fields above, seeded by segment and offset
///
/// So a record can be checked alone, and fits at one place of one segment after one record only.
struct RecordFrame {
  static let headerSize = 20

  /// Where the payload is, in the bytes that were read.
  var payload: Range<Int>
  var durable: Int
  var previous: UInt32
  var check: UInt32

  /// Appends a record that will stand at `offset` of the segment whose header has the checksum `seed`.
  /// Returns its `check`.
  static func append(
    _ record: LogRecord, to writer: inout WireWriter, at offset: Int, seed: UInt32,
    previous: UInt32, durable: Int
  ) -> UInt32 {
    let start = writer.bytes.count
    writer.bytes.append(contentsOf: repeatElement(0, count: headerSize))
    record.write(to: &writer)
    let length = writer.bytes.count - start - headerSize
    return writer.bytes.withUnsafeMutableBytes { all in
      let frame = UnsafeMutableRawBufferPointer(rebasing: all[start...])
      let bytes = UnsafeRawBufferPointer(frame)
      frame.put(UInt32(length), at: 0)
      frame.put(UInt32(durable), at: 4)
      frame.put(previous, at: 8)
      frame.put(crc32c(bytes.part(headerSize..<bytes.count)), at: 12)
      let check = crc32c(crc32c(seed, UInt64(offset)), bytes.part(0..<16))
      frame.put(check, at: 16)
      return check
    }
  }

  /// How long the record at `start` is, whether or not all of it was read; nil when its header is not valid.
  static func length(
    _ bytes: UnsafeRawBufferPointer, at start: Int, origin: Int, seed: UInt32
  ) -> Int? {
    guard bytes.count - start >= headerSize else { return nil }
    let length: UInt32 = bytes.number(at: start)
    // Cheap tests first: a scan for records comes here for every byte.
    guard length > 0, Int(bytes.number(at: start + 4, as: UInt32.self)) <= origin + start else {
      return nil
    }
    let place = crc32c(seed, UInt64(origin + start))
    guard bytes.number(at: start + 16) == crc32c(place, bytes.part(start..<start + 16)) else {
      return nil
    }
    return headerSize + Int(length)
  }

  /// The record at `start` of `bytes`, which were read from `origin` of the segment on.
  /// Nil when there is no whole, valid one.
  init?(_ bytes: UnsafeRawBufferPointer, at start: Int, origin: Int, seed: UInt32) {
    guard bytes.count - start > Self.headerSize,
      // The cheapest test of all.
      case let length = Int(bytes.number(at: start, as: UInt32.self)),
      length <= bytes.count - start - Self.headerSize,
      Self.length(bytes, at: start, origin: origin, seed: seed) != nil
    else { return nil }
    durable = Int(bytes.number(at: start + 4, as: UInt32.self))
    previous = bytes.number(at: start + 8)
    check = bytes.number(at: start + 16)
    payload = start + Self.headerSize..<start + Self.headerSize + Int(length)
    guard bytes.number(at: start + 12) == crc32c(bytes.part(payload)) else { return nil }
  }
}
