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
    var file: any File
    var pieces: ReceivedPieces
  }

  /// Snapshots that are being sent.
  private var readers = SnapshotReaders()

  /// What was wrong with snapshots that were set aside, when the store was opened or later.
  public private(set) var damage: [StorageError] = []

  /// The newest whole snapshot.
  public var newest: SnapshotMetadata? { snapshots.last }

  /// The snapshot of which the beginning was received, and how many bytes of it.
  public var underWay: (metadata: SnapshotMetadata, received: UInt64)? {
    receiving.map { ($0.pieces.metadata, UInt64($0.pieces.received)) }
  }

  // MARK: Opening

  /// Opens the snapshots in `directory`, which is made if it does not exist. Reads all of each file to
  /// verify its checksum. Unfinished files are removed, except for a snapshot of which a verified
  /// beginning was received; damaged ones get `.damaged` after their name, so that a person can look
  /// at them, are reported in `damage`, and go when the next is published.
  public init(fileSystem: any FileSystem, directory: String) throws(StorageError) {
    self.fileSystem = fileSystem
    self.directory = directory
    let names = try storing { () throws(FileError) in
      try fileSystem.createDurableDirectory(directory)
      return try fileSystem.list(directory)
    }
    for name in names {
      if name.hasSuffix(".tmp"), name != Self.receivingName, name != Self.piecesName {
        try storing { () throws(FileError) in try fileSystem.remove(directory + "/" + name) }
      } else if let position = Self.position(ofFileNamed: name) {
        try examine(name, position)
      }
    }
    snapshots.sort { $0.position.index < $1.position.index }
    try resumeReceiving()
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

  /// A snapshot to send, kept open from piece to piece: it can be sent to its end although newer ones
  /// have taken its place. Throws `StorageError.snapshotMissing` when it is neither there nor open.
  ///
  /// A few are kept open, the least recently used go first; see `SnapshotReaders`.
  public func reader(for position: LogPosition) throws(StorageError) -> SnapshotReader {
    if let reader = readers.use(position) { return reader }
    let reader = try open(position)
    readers.add(reader)
    return reader
  }

  /// Lets go of a snapshot that was sent, and of its space if it is deleted.
  public func release(_ position: LogPosition) { readers.remove(position) }

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

  /// Sets a snapshot aside that turned out damaged when it was read, so that a person can look at it; it
  /// goes when the next is published. The replica must be told: `Event.snapshotDamaged`.
  public func setAside(_ position: LogPosition, for cause: StorageError) throws(StorageError) {
    readers.remove(position)
    guard snapshots.contains(where: { $0.position == position }) else { return }
    snapshots.removeAll { $0.position == position }
    damage.append(cause)
    let path = path(Self.fileName(position))
    try storing { () throws(FileError) in try fileSystem.rename(path, to: path + ".damaged") }
  }

  // MARK: Receiving

  private static let receivingName = "receiving.tmp"
  private static let piecesName = "receiving-pieces.tmp"

  /// Writes down a piece received from the leader and returns how much of that snapshot is written,
  /// which is where the sender goes on. A piece from elsewhere in the file, or one whose checksum does
  /// not fit, is not written; the first piece of another snapshot than before starts anew. After an error
  /// the snapshot starts anew too, unless there was only no space: then the same piece may be given again.
  /// Nil, and nothing is written, when that snapshot is there already.
  ///
  /// Nothing is synchronized: after a restart what verifies of the pieces is there still.
  public func receive(_ chunk: SnapshotChunk) throws(StorageError) -> UInt64? {
    guard !snapshots.contains(chunk.metadata) else { return nil }
    let known = receiving.flatMap { $0.pieces.metadata == chunk.metadata ? $0 : nil }
    guard chunk.isIntact else { return UInt64(known?.pieces.received ?? 0) }
    // Whoever begins to send a snapshot begins at its beginning: any other piece of one of which there is
    // nothing here is late, and what has come of another one stays.
    guard known != nil || chunk.offset == 0 else { return 0 }
    do throws(FileError) {
      var state: Receiving
      if let known { state = known } else { state = try beginReceiving(chunk.metadata) }
      if chunk.offset == UInt64(state.pieces.received), !chunk.bytes.isEmpty {
        try state.file.writeBytes(chunk.bytes, at: state.pieces.received)
        try state.pieces.add(chunk)
      }
      receiving = state
      return UInt64(state.pieces.received)
    } catch {
      // What was there before stays; what was written of the piece will be written over.
      receiving = error.isNoSpace ? known : nil
      throw .file(error)
    }
  }

  private func beginReceiving(_ metadata: SnapshotMetadata) throws(FileError) -> Receiving {
    let file = try fileSystem.createFresh(path(Self.receivingName))
    let notes = try fileSystem.createFresh(path(Self.piecesName))
    return Receiving(file: file, pieces: try ReceivedPieces(metadata, in: notes))
  }

  /// Takes up what an earlier process had received, if it is of use.
  private func resumeReceiving() throws(StorageError) {
    if let file = try fileSystem.openExisting(path(Self.receivingName), .update),
      let notes = try fileSystem.openExisting(path(Self.piecesName), .update),
      let pieces = try ReceivedPieces(reading: notes, about: file),
      pieces.received > 0,
      // Also because a crash in a rename can leave a published snapshot with its old name as well:
      // that must not be changed.
      pieces.metadata.position.index > newest?.position.index ?? .zero
    {
      try storing { () throws(FileError) in try pieces.settle(file) }
      receiving = Receiving(file: file, pieces: pieces)
    } else {
      try storing { () throws(FileError) in try dropReceived() }
    }
  }

  private func dropReceived() throws(FileError) {
    try fileSystem.removeIfPresent(path(Self.receivingName))
    try fileSystem.removeIfPresent(path(Self.piecesName))
  }

  /// Verifies what was received, makes it durable and publishes it.
  ///
  /// To be called when the last piece of the snapshot with this metadata was written. Throws
  /// `StorageError.snapshotRejected` for a bad checksum, or when it is not the snapshot that is being
  /// received, which changes nothing then; sending may begin anew.
  public func finishReceiving(_ metadata: SnapshotMetadata) throws(StorageError) {
    guard let state = receiving, state.pieces.metadata == metadata else {
      throw .snapshotRejected(metadata.position, reason: "nothing of it was received")
    }
    receiving = nil
    state.pieces.close()
    do throws(StorageError) {
      let file = try SnapshotFile(state.file)
      try file.verify()
      guard file.metadata == metadata else {
        throw StorageError.damaged(
          file: state.file.path, offset: 0, reason: "it holds snapshot \(file.metadata.position)")
      }
    } catch {
      guard case .damaged(_, _, let reason) = error else { throw error }
      try storing { () throws(FileError) in try dropReceived() }
      throw .snapshotRejected(metadata.position, reason: reason)
    }
    try storing { () throws(FileError) in
      try state.file.synchronize()
      try state.file.close()
      try publish(path(Self.receivingName), metadata)
      try fileSystem.removeIfPresent(path(Self.piecesName))
    }
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
    readers.published(keeping: snapshots.map(\.position))
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
