/// The snapshots of one member: at most two, in a directory of their own.
///
/// One owner calls it, from one thread at a time; calls block.
public final class SnapshotStore {
  private let fileSystem: any FileSystem
  private let directory: String
  /// The whole snapshots, oldest first.
  private var snapshots: [SnapshotMetadata] = []
  private var receiving: Receiving?

  /// A snapshot of which the leader has sent the beginning.
  private struct Receiving {
    var metadata: SnapshotMetadata
    var file: any File
    var received = 0
  }

  /// What was wrong with snapshots that were set aside when the store was opened.
  public private(set) var damage: [StorageError] = []

  /// The newest whole snapshot.
  public var newest: SnapshotMetadata? { snapshots.last }

  // MARK: Opening

  /// Opens the snapshots in `directory`, which is made if it does not exist. Reads all of each file to
  /// verify its checksum. Unfinished files are removed; damaged ones get `.damaged` after their name,
  /// so that a person can look at them, are reported in `damage`, and go when the next is published.
  public init(fileSystem: any FileSystem, directory: String) throws(StorageError) {
    self.fileSystem = fileSystem
    self.directory = directory
    let names = try storing { () throws(FileError) in
      try fileSystem.createDurableDirectory(directory)
      return try fileSystem.list(directory)
    }
    for name in names {
      if name.hasSuffix(".tmp") {
        try storing { () throws(FileError) in try fileSystem.remove(directory + "/" + name) }
      } else if let position = Self.position(ofFileNamed: name) {
        try examine(name, position)
      }
    }
    snapshots.sort { $0.position.index < $1.position.index }
    // A name that a crashed process gave may not be durable yet.
    try storing { () throws(FileError) in try fileSystem.synchronizeDirectory(directory) }
  }

  private func examine(_ name: String, _ position: LogPosition) throws(StorageError) {
    let path = directory + "/" + name
    do throws(StorageError) {
      let handle = try storing { () throws(FileError) in try fileSystem.open(path, .read) }
      let file = try SnapshotFile(handle)
      try file.verify()
      guard file.metadata.position == position else {
        throw StorageError.damaged(
          file: path, offset: 0, reason: "it holds snapshot \(file.metadata.position)")
      }
      snapshots.append(file.metadata)
    } catch {
      guard case .damaged = error else { throw error }
      damage.append(error)
      try storing { () throws(FileError) in
        try fileSystem.rename(path, to: path + ".damaged")
      }
    }
  }

  // MARK: Own snapshots

  /// Starts a snapshot of this member's own state; one that was begun before is given up.
  public func beginWriting(_ metadata: SnapshotMetadata) throws(StorageError) -> SnapshotWriter {
    try storing { () throws(FileError) in
      try SnapshotWriter(store: self, file: fileSystem.createFresh(path("writing.tmp")), metadata)
    }
  }

  /// Opens a snapshot to send it or to restore from it. It stays readable when it is deleted.
  public func open(_ position: LogPosition) throws(StorageError) -> SnapshotReader {
    guard snapshots.contains(where: { $0.position == position }) else {
      throw .snapshotMissing(position)
    }
    let file = try storing { () throws(FileError) in
      try fileSystem.open(path(Self.fileName(position)), .read)
    }
    return SnapshotReader(try SnapshotFile(file))
  }

  // MARK: Receiving

  /// Writes down a piece received from the leader and returns how much of that snapshot is written,
  /// which is where the sender goes on. A piece from elsewhere in the file is not written; a piece of
  /// another snapshot than before starts anew. After an error the snapshot starts anew too.
  public func receive(_ chunk: SnapshotChunk) throws(StorageError) -> UInt64 {
    var state: Receiving
    if let receiving, receiving.metadata == chunk.metadata {
      state = receiving
    } else {
      let path = path("receiving.tmp")
      let file = try storing { () throws(FileError) in try fileSystem.createFresh(path) }
      state = Receiving(metadata: chunk.metadata, file: file)
    }
    receiving = nil
    if chunk.offset == UInt64(state.received) {
      try storing { () throws(FileError) in
        try state.file.writeBytes(chunk.bytes, at: state.received)
      }
      state.received += chunk.bytes.count
    }
    receiving = state
    return UInt64(state.received)
  }

  /// Verifies what was received, makes it durable and publishes it.
  ///
  /// To be called when the last piece was written. A bad checksum throws
  /// `StorageError.snapshotRejected`; sending may begin anew then.
  public func finishReceiving() throws(StorageError) -> SnapshotMetadata {
    guard let state = receiving else {
      preconditionFailure("no snapshot is being received")
    }
    receiving = nil
    do throws(StorageError) {
      let file = try SnapshotFile(state.file)
      try file.verify()
      guard file.metadata == state.metadata else {
        throw StorageError.damaged(
          file: state.file.path, offset: 0, reason: "it holds snapshot \(file.metadata.position)")
      }
    } catch {
      guard case .damaged(_, _, let reason) = error else { throw error }
      throw .snapshotRejected(state.metadata.position, reason: reason)
    }
    try storing { () throws(FileError) in
      try state.file.synchronize()
      try state.file.close()
      try publish(path("receiving.tmp"), state.metadata)
    }
    return state.metadata
  }

  // MARK: Publishing

  /// Gives a whole, durable file its name, and deletes what it makes needless.
  func publish(_ temporary: String, _ metadata: SnapshotMetadata) throws(FileError) {
    try fileSystem.rename(temporary, to: path(Self.fileName(metadata.position)))
    try fileSystem.synchronizeDirectory(directory)
    snapshots.removeAll { $0.position == metadata.position }
    snapshots.append(metadata)
    snapshots.sort { $0.position.index < $1.position.index }
    while snapshots.count > 2 {
      try fileSystem.remove(path(Self.fileName(snapshots.removeFirst().position)))
    }
    for name in try fileSystem.list(directory) where name.hasSuffix(".damaged") {
      try fileSystem.remove(path(name))
    }
  }

  func discard(_ temporary: String) { try? fileSystem.remove(temporary) }

  private func path(_ name: String) -> String { directory + "/" + name }

  private static func fileName(_ position: LogPosition) -> String {
    "snapshot-\(position.index)-\(position.term).snap"
  }

  private static func position(ofFileNamed name: String) -> LogPosition? {
    guard name.hasPrefix("snapshot-"), name.hasSuffix(".snap") else { return nil }
    let numbers = name.dropFirst(9).dropLast(5).split(
      separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let index = UInt64(numbers[0]), let term = UInt64(numbers[1]) else {
      return nil
    }
    return LogPosition(index: LogIndex(index), term: Term(term))
  }
}
