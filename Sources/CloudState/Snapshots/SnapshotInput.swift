import Crypto

/// The records of a snapshot as a stream of bytes, pulled from the caller as they are needed.
///
/// Every length is checked against a bound before memory is taken for it: until the hash at the
/// end, nothing that is read can be believed.
struct SnapshotInput {
  private let next: () throws -> [UInt8]?
  private let decompressor: ZstdDecompressor
  /// The caller's last piece, and how far it is decompressed.
  private var piece: [UInt8]
  private var consumed: Int
  private var buffer: [UInt8] = []
  private var offset = 0
  /// Up to where the buffer has been hashed.
  private var hashed = 0
  private var hash = SHA256()

  /// Reads and checks the header.
  init(_ next: @escaping () throws -> [UInt8]?) throws {
    self.next = next
    decompressor = try ZstdDecompressor()
    let expected = SnapshotFormat.header(schema: UInt32(Schema.version))
    piece = []
    while piece.count < expected.count {
      guard let part = try next() else {
        throw StateError.damagedSnapshot("it ends within its header")
      }
      piece += part
    }
    consumed = expected.count
    let header = Array(piece.prefix(expected.count))
    guard header.starts(with: SnapshotFormat.magic) else {
      throw StateError.damagedSnapshot("it does not begin like a snapshot")
    }
    guard header == expected else {
      throw StateError.unsupportedSnapshot(
        format: littleEndian(header[8..<12]), schema: littleEndian(header[12..<16]))
    }
    hash.update(data: header)
  }

  mutating func byte() throws -> UInt8 {
    if offset == buffer.count { try require(1) }
    defer { offset += 1 }
    return buffer[offset]
  }

  mutating func count() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      let byte = try byte()
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw StateError.damagedSnapshot("a number is too long")
  }

  mutating func signed() throws -> Int64 {
    let zigzag = try count()
    return Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
  }

  mutating func real() throws -> Double {
    let bytes = try bytes(8)
    let pattern = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(bitPattern: pattern)
  }

  mutating func text() throws -> [UInt8] {
    let length = try count()
    guard length <= SnapshotFormat.longestValue else {
      throw StateError.damagedSnapshot("a value is too long")
    }
    return try bytes(Int(length))
  }

  /// Reads the hash at the end and compares it with that of all that was read before its tag;
  /// nothing may follow.
  mutating func requireMatchingEnd() throws {
    // The tag has been read but is not part of what is hashed.
    hash.update(data: buffer[hashed..<(offset - 1)])
    hashed = offset
    let expected = Array(hash.finalize())
    guard try bytes(32) == expected else {
      throw StateError.damagedSnapshot("its checksum is wrong")
    }
    while try refill() {}
    guard decompressor.isComplete, offset == buffer.count else {
      throw StateError.damagedSnapshot("it does not end where it should")
    }
  }

  private mutating func bytes(_ count: Int) throws -> [UInt8] {
    try require(count)
    defer { offset += count }
    return Array(buffer[offset..<(offset + count)])
  }

  private mutating func require(_ count: Int) throws {
    while buffer.count - offset < count {
      // One byte stays behind: it may be the tag before the end, which is not to be hashed.
      let kept = max(hashed, offset - 1)
      hash.update(data: buffer[hashed..<kept])
      buffer.removeFirst(kept)
      offset -= kept
      hashed = 0
      guard try refill() else { throw StateError.damagedSnapshot("it is cut off") }
    }
  }

  /// Adds one block of the decompressor to the buffer, never more; `false` at the end of input.
  private mutating func refill() throws -> Bool {
    while consumed == piece.count && !decompressor.hasMore {
      guard let part = try next() else { return false }
      piece = part
      consumed = 0
    }
    try decompressor.step(piece, from: &consumed, appendingTo: &buffer)
    return true
  }
}

private func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
}
