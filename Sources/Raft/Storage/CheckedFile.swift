/// A small file that holds one value: replaced in one step, checksummed, never made anew by itself.
///
///     magic   8 bytes
///     version u32      1
///     check   u32      CRC32C of all but itself
///     the value, by raft.proto
struct CheckedFile<Value: WireMessage> {
  let fileSystem: any FileSystem
  let directory: String
  let name: String
  let magic: UInt64

  var path: String { directory + "/" + name }
  private static var version: UInt32 { 1 }
  private static var headerSize: Int { 16 }
  /// Far more than any value takes.
  private static var maxSize: Int { 1 << 20 }

  /// What the file holds; nil when there is no file. Damage throws.
  func load() throws(StorageError) -> Value? {
    guard let file = try fileSystem.openExisting(path, .read) else { return nil }
    let size = try storing { () throws(FileError) in try file.size() }
    func damaged(_ offset: Int, _ reason: String) -> StorageError {
      .damaged(file: path, offset: offset, reason: reason)
    }
    guard size <= Self.maxSize else {
      throw damaged(Self.maxSize, "the file is larger than was written")
    }
    let bytes = try file.readBytes(at: 0, count: size)
    guard bytes.count >= Self.headerSize else { throw damaged(0, "the file is cut short") }
    let header = bytes.withUnsafeBytes {
      (
        magic: $0.number(at: 0, as: UInt64.self), version: $0.number(at: 8, as: UInt32.self),
        check: $0.number(at: 12, as: UInt32.self), computed: Self.check($0)
      )
    }
    guard header.magic == magic else { throw damaged(0, "it is no \(name) file") }
    guard header.check == header.computed else { throw damaged(12, "the checksum does not fit") }
    guard header.version == Self.version else {
      throw .unknownVersion(file: path, version: header.version)
    }
    do {
      return try WireCodec.value(of: Array(bytes[Self.headerSize...]))
    } catch {
      throw damaged(Self.headerSize, "\(error)")
    }
  }

  /// Durably replaces the file.
  func save(_ value: Value) throws(FileError) {
    var bytes = [UInt8](repeating: 0, count: Self.headerSize) + WireCodec.bytes(of: value)
    bytes.withUnsafeMutableBytes {
      $0.put(magic, at: 0)
      $0.put(Self.version, at: 8)
      $0.put(Self.check(UnsafeRawBufferPointer($0)), at: 12)
    }
    try fileSystem.replace(path, in: directory, with: bytes)
  }

  /// Durably removes the file, if there is one.
  func remove() throws(FileError) {
    try fileSystem.removeIfPresent(path)
    try fileSystem.synchronizeDirectory(directory)
  }

  private static func check(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    crc32c(crc32c(bytes.part(0..<12)), bytes.part(headerSize..<bytes.count))
  }
}
