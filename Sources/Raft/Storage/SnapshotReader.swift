/// A whole snapshot, open for reading.
public final class SnapshotReader {
  private let snapshot: SnapshotFile

  init(_ snapshot: SnapshotFile) { self.snapshot = snapshot }

  /// What the snapshot stands for.
  public var metadata: SnapshotMetadata { snapshot.metadata }
  /// Bytes in the file: what is sent to another member.
  public var size: Int { snapshot.size }
  /// Bytes of content: what the state machine wrote.
  public var contentSize: Int { snapshot.content.count }

  /// Bytes of the file from `offset` on; fewer than `count` only at its end.
  public func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    try bytes(0..<size, offset, count)
  }

  /// Bytes of the content from `offset` on; fewer than `count` only at its end.
  public func readContent(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    try bytes(snapshot.content, offset, count)
  }

  /// The piece of the file from `offset` on, to be sent: up to `maxBytes`, with its checksum. Empty,
  /// and the last one, where the file has ended.
  ///
  /// The first piece is given out after the whole file was read and checked: nobody is sent what nobody
  /// can restore from.
  public func chunk(at offset: UInt64, maxBytes: Int) throws(StorageError) -> SnapshotChunk {
    if offset == 0 { try verify() }
    let start = Int(min(offset, UInt64(size)))
    let bytes = try read(at: start, count: maxBytes)
    return SnapshotChunk(
      metadata: metadata, offset: offset, bytes: bytes, isLast: start + bytes.count >= size)
  }

  /// Reads the whole file and checks it; to be called before a state is restored from it.
  public func verify() throws(StorageError) { try snapshot.verify() }

  private func bytes(
    _ range: Range<Int>, _ offset: Int, _ count: Int
  ) throws(StorageError) -> [UInt8] {
    guard offset >= 0, offset < range.count, count > 0 else { return [] }
    let count = min(count, range.count - offset)
    let bytes = try snapshot.file.readBytes(at: range.lowerBound + offset, count: count)
    guard bytes.count == count else {
      throw .damaged(
        file: snapshot.file.path, offset: range.lowerBound + offset + bytes.count,
        reason: "the file is shorter than it was")
    }
    return bytes
  }
}
