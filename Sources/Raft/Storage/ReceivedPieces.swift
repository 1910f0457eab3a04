/// The notes beside a snapshot that is being received: which pieces are written, and their checksums.
/// So a transfer goes on after a restart where it was.
///
///     magic   8 bytes  "CLEANPCS"
///     version u32      1
///     length  u32      bytes of metadata
///     SnapshotMetadata, by raft.proto
///     check   u32      CRC32C of all before
///     pieces: u64 offset | u32 length | u32 CRC32C of the piece | u32 CRC32C of these, seeded by `check`
///
/// Nothing here is synchronized: what a crash tears does not verify, and is received again.
struct ReceivedPieces {
  private static let magic: UInt64 = 0x5343_504E_4145_4C43
  private static let version: UInt32 = 1
  private static let headSize = 16
  private static let pieceSize = 20
  /// More than metadata ever has.
  private static let maxMetadataSize = 1 << 20
  private static let block = 1 << 20

  let metadata: SnapshotMetadata
  /// How much of the snapshot is written: its pieces follow each other from its beginning.
  private(set) var received = 0
  private let file: any File
  private var end: Int
  private let seed: UInt32

  /// Begins notes in an empty file.
  init(_ metadata: SnapshotMetadata, in file: any File) throws(FileError) {
    let encoded = WireCodec.encode(metadata)
    var bytes = [UInt8](repeating: 0, count: Self.headSize) + encoded
    bytes.withUnsafeMutableBytes {
      $0.put(Self.magic, at: 0)
      $0.put(Self.version, at: 8)
      $0.put(UInt32(encoded.count), at: 12)
    }
    seed = bytes.withUnsafeBytes { crc32c($0) }
    bytes += withUnsafeBytes(of: seed.littleEndian) { Array($0) }
    try file.writeBytes(bytes, at: 0)
    self.metadata = metadata
    self.file = file
    end = bytes.count
  }

  /// Reads notes, and of `snapshot` as much as they vouch for. Nil when they can't be read. Changes
  /// nothing. Memory: one block.
  init?(reading file: any File, about snapshot: any File) throws(StorageError) {
    let head = try file.readBytes(at: 0, count: Self.headSize)
    guard head.count == Self.headSize else { return nil }
    let (magic, version, length) = head.withUnsafeBytes {
      (
        $0.number(at: 0, as: UInt64.self), $0.number(at: 8, as: UInt32.self),
        Int($0.number(at: 12, as: UInt32.self))
      )
    }
    guard magic == Self.magic, version == Self.version, length <= Self.maxMetadataSize else {
      return nil
    }
    let rest = try file.readBytes(at: Self.headSize, count: length + 4)
    guard rest.count == length + 4 else { return nil }
    let seed = (head + rest[..<length]).withUnsafeBytes { crc32c($0) }
    guard rest.withUnsafeBytes({ $0.number(at: length) == seed }),
      let metadata = try? WireCodec.decodeSnapshotMetadata(Array(rest[..<length]))
    else { return nil }
    self.metadata = metadata
    self.file = file
    self.seed = seed
    end = Self.headSize + length + 4
    while try readPiece(about: snapshot) {}
  }

  /// Cuts from the notes and `snapshot` what did not verify, and writes the rest of `snapshot` again: a
  /// synchronization that failed may have left it in the page cache alone, marked clean, so that the
  /// next one would not write it.
  func settle(_ snapshot: any File) throws(FileError) {
    try file.truncate(to: end)
    try snapshot.truncate(to: received)
    var block = [UInt8](repeating: 0, count: min(Self.block, received))
    for offset in stride(from: 0, to: received, by: Self.block) {
      let count = try snapshot.fill(&block, at: offset)
      try snapshot.writeBytes(Array(block[..<count]), at: offset)
    }
  }

  /// Whether there is another piece, and it is in the snapshot.
  private mutating func readPiece(about snapshot: any File) throws(StorageError) -> Bool {
    let bytes = try file.readBytes(at: end, count: Self.pieceSize)
    guard bytes.count == Self.pieceSize else { return false }
    let (offset, length, check, isIntact) = bytes.withUnsafeBytes {
      (
        $0.number(at: 0, as: UInt64.self), Int($0.number(at: 8, as: UInt32.self)),
        $0.number(at: 12, as: UInt32.self), $0.number(at: 16) == crc32c(seed, $0.part(0..<16))
      )
    }
    guard isIntact, offset == UInt64(received) else { return false }
    var found: UInt32 = 0
    for start in stride(from: 0, to: length, by: Self.block) {
      let count = min(Self.block, length - start)
      let part = try snapshot.readBytes(at: received + start, count: count)
      guard part.count == count else { return false }
      found = part.withUnsafeBytes { crc32c(found, $0) }
    }
    guard found == check else { return false }
    received += length
    end += Self.pieceSize
    return true
  }

  /// Notes a piece that was written at `received`.
  ///
  /// The last one is not noted: after a restart it is sent again, and so the transfer ends as always.
  mutating func add(_ chunk: SnapshotChunk) throws(FileError) {
    defer { received += chunk.bytes.count }
    guard !chunk.isLast else { return }
    var bytes = [UInt8](repeating: 0, count: Self.pieceSize)
    bytes.withUnsafeMutableBytes {
      $0.put(chunk.offset, at: 0)
      $0.put(UInt32(chunk.bytes.count), at: 8)
      $0.put(chunk.check, at: 12)
      $0.put(crc32c(seed, UnsafeRawBufferPointer($0).part(0..<16)), at: 16)
    }
    try file.writeBytes(bytes, at: end)
    end += Self.pieceSize
  }

  func close() { try? file.close() }
}
