/// The snapshots of one member: at most two, in a directory of their own.
///
/// One owner calls it, from one thread at a time; calls block.
public final class SnapshotStore {
  /// The newest whole snapshot.
  public var newest: SnapshotMetadata? { fatalError("being written") }
  /// What was wrong with snapshots that were set aside when the store was opened.
  public var damage: [StorageError] { fatalError("being written") }

  /// Opens the snapshots in `directory`, which is made if it does not exist. Each file's checksum is
  /// verified; unfinished files are removed, damaged ones set aside and reported in `damage`.
  public init(fileSystem: any FileSystem, directory: String) throws(StorageError) {
    fatalError("being written")
  }

  /// Starts a snapshot of this member's own state.
  public func beginWriting(
    _ metadata: SnapshotMetadata
  ) throws(StorageError) -> SnapshotWriter { fatalError("being written") }

  /// Opens a snapshot to send it or to restore from it. It stays readable when it is deleted.
  public func open(_ position: LogPosition) throws(StorageError) -> SnapshotReader {
    fatalError("being written")
  }

  /// Writes down a piece received from the leader and returns how much of that snapshot is written,
  /// which is where the sender goes on. A piece from elsewhere in the file is not written; a piece of
  /// another snapshot than before starts anew.
  public func receive(_ chunk: SnapshotChunk) throws(StorageError) -> UInt64 {
    fatalError("being written")
  }

  /// Verifies what was received, makes it durable and publishes it.
  /// A bad checksum throws `StorageError.snapshotRejected`; sending may begin anew then.
  public func finishReceiving() throws(StorageError) -> SnapshotMetadata {
    fatalError("being written")
  }
}

/// A snapshot being written. Nothing is visible before `finish()`.
public final class SnapshotWriter {
  /// Adds to the content.
  public func append(_ bytes: [UInt8]) throws(StorageError) { fatalError("being written") }
  /// Makes the snapshot durable and publishes it.
  public func finish() throws(StorageError) { fatalError("being written") }
  /// Throws away what was written.
  public func cancel() { fatalError("being written") }
  init() {}
}

/// A whole snapshot, open for reading.
public final class SnapshotReader {
  /// What the snapshot stands for.
  public var metadata: SnapshotMetadata { fatalError("being written") }
  /// Bytes in the file: what is sent to another member.
  public var size: Int { fatalError("being written") }
  /// Bytes of content: what the state machine wrote.
  public var contentSize: Int { fatalError("being written") }
  /// Bytes of the file from `offset` on; fewer than `count` only at its end.
  public func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    fatalError("being written")
  }
  /// Bytes of the content from `offset` on; fewer than `count` only at its end.
  public func readContent(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    fatalError("being written")
  }
  init() {}
}
