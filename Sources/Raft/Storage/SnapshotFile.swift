/// A whole snapshot file, its frame checked.
///
///     magic    8 bytes  "CLEANSNP"
///     version  u32      1
///     length   u32      bytes of metadata
///     check    u32      CRC32C of the above
///     SnapshotMetadata, by raft.proto
///     content
///     length   u64      bytes of content
///     check    u32      CRC32C of all before
struct SnapshotFile {
  static let headerSize = 20
  static let trailerSize = 12
  private static let magic: UInt64 = 0x504E_534E_4145_4C43
  private static let version: UInt32 = 1
  private static let chunk = 1 << 20

  let file: any File
  let metadata: SnapshotMetadata
  let size: Int
  let content: Range<Int>

  /// What stands before the content.
  static func head(_ metadata: SnapshotMetadata) -> [UInt8] {
    let encoded = WireCodec.encode(metadata)
    var bytes = [UInt8](repeating: 0, count: headerSize)
    bytes.withUnsafeMutableBytes {
      $0.put(magic, at: 0)
      $0.put(version, at: 8)
      $0.put(UInt32(encoded.count), at: 12)
      $0.put(crc32c(UnsafeRawBufferPointer($0).part(0..<16)), at: 16)
    }
    return bytes + encoded
  }

  /// What stands after the content; `check` covers all before it.
  static func trailer(contentSize: Int, check: UInt32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: trailerSize)
    bytes.withUnsafeMutableBytes {
      $0.put(UInt64(contentSize), at: 0)
      $0.put(crc32c(check, UnsafeRawBufferPointer($0).part(0..<8)), at: 8)
    }
    return bytes
  }

  /// Reads the frame; the checksum is left to `verify()`.
  init(_ file: any File) throws(StorageError) {
    func damaged(_ offset: Int, _ reason: String) -> StorageError {
      .damaged(file: file.path, offset: offset, reason: reason)
    }
    let size = try storing { () throws(FileError) in try file.size() }
    let header = try file.readBytes(at: 0, count: Self.headerSize)
    guard header.count == Self.headerSize else { throw damaged(0, "the file is cut short") }
    let (magic, version, length, isIntact) = header.withUnsafeBytes {
      (
        $0.number(at: 0, as: UInt64.self), $0.number(at: 8, as: UInt32.self),
        Int($0.number(at: 12, as: UInt32.self)), $0.number(at: 16) == crc32c($0.part(0..<16))
      )
    }
    guard magic == Self.magic, isIntact else { throw damaged(0, "the header is not valid") }
    guard version == Self.version else {
      throw .unknownVersion(file: file.path, version: version)
    }
    guard size >= Self.headerSize + length + Self.trailerSize else {
      throw damaged(size, "the file is cut short")
    }
    let start = Self.headerSize + length
    let end = size - Self.trailerSize
    let trailer = try file.readBytes(at: end, count: 8)
    guard trailer.count == 8,
      trailer.withUnsafeBytes({ $0.number(at: 0, as: UInt64.self) }) == UInt64(end - start)
    else { throw damaged(end, "the file has another length than was written") }
    let encoded = try file.readBytes(at: Self.headerSize, count: length)
    do {
      metadata = try WireCodec.decodeSnapshotMetadata(encoded)
    } catch {
      throw damaged(Self.headerSize, "\(error)")
    }
    self.file = file
    self.size = size
    content = start..<end
  }

  /// Checks every byte against the checksum.
  func verify() throws(StorageError) {
    let covered = size - 4
    var check: UInt32 = 0
    for offset in stride(from: 0, to: covered, by: Self.chunk) {
      let bytes = try file.readBytes(at: offset, count: min(Self.chunk, covered - offset))
      check = bytes.withUnsafeBytes { crc32c(check, $0) }
    }
    let stored = try file.readBytes(at: covered, count: 4)
    guard stored.count == 4, stored.withUnsafeBytes({ $0.number(at: 0) == check }) else {
      throw .damaged(file: file.path, offset: 0, reason: "the snapshot's checksum does not fit")
    }
  }
}
