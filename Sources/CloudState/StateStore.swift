import Synchronization

/// One entry of the replicated log, in the order of the log.
public struct CommandRecord: Hashable, Sendable {
  /// One more than that of the entry before.
  public var index: UInt64
  /// The term it was proposed in.
  public var term: UInt64
  /// A ``CommandEnvelope``; empty for an entry that only advances the index, such as a leader's
  /// first entry or a change of the cluster's members.
  public var payload: [UInt8]

  /// Takes an entry.
  public init(index: UInt64, term: UInt64, payload: [UInt8] = []) {
    self.index = index
    self.term = term
    self.payload = payload
  }
}

/// The replicated state of all tenants, as one member holds it.
///
/// The database file is a cache of the replicated log: it is never synced, the applied index
/// stands in the same transaction as the rows, and whoever cannot vouch for the file lets it be
/// removed and rebuilt from snapshot and log.
///
/// There is one store for a directory. Its calls block on the disk and follow one another; readers
/// and snapshots made from it run beside them.
public final class StateStore: @unchecked Sendable {
  // Sendable because `connection` and `position` are only touched inside `lock`; the other
  // properties do not change.

  /// How the store found its file.
  public enum Opening: Hashable, Sendable {
    /// There was none: the state is empty.
    case created
    /// The state is as the file had it.
    case reused
    /// The file was not trusted, for this reason, and removed: the state is empty.
    case discarded(String)
  }

  /// What the caller has to know about the file: after `created` and `discarded` the state begins
  /// at index 0.
  public let opening: Opening

  private let file: DatabaseFile
  private let lock = Mutex(())
  private let connection: Connection
  private var position: StatePosition

  /// Opens `state.sqlite` in a directory that exists, or makes an empty state.
  ///
  /// - Parameters:
  ///   - directory: Where the file is; nothing else should be there.
  ///   - trustExistingFile: Whether the machine has run without a break since the file was written.
  ///     Otherwise its pages may be of different ages, and it is removed.
  ///   - vfs: The name of the SQLite VFS that has the directory, if it is not the system's.
  /// - Throws: ``StateError/storage(_:)``, if not even an empty state can be made.
  public init(directory: String, trustExistingFile: Bool, vfs: String? = nil) throws {
    let file = DatabaseFile(path: directory + "/state.sqlite", vfs: vfs)
    let exists = try StateError.translating { try file.exists() }
    var opened: (connection: Connection, position: StatePosition)?
    var opening = Opening.created
    if exists {
      if trustExistingFile {
        do {
          opened = try Self.openExisting(file)
          opening = .reused
        } catch let error as SQLiteError {
          opening = .discarded(error.description)
        } catch let error as StateError {
          opening = .discarded(error.description)
        }
      } else {
        opening = .discarded("the machine may have stopped since it was written")
      }
    }
    let (connection, position) = try StateError.translating {
      try opened ?? Self.createNew(file)
    }
    self.file = file
    self.opening = opening
    self.connection = connection
    self.position = position
  }

  /// The last entry applied; index 0 and term 0 at first.
  public var lastApplied: (index: UInt64, term: UInt64) {
    lock.withLock { _ in (position.index, position.term) }
  }

  /// How far the state has come, digest included.
  public var currentPosition: StatePosition { lock.withLock { _ in position } }

  /// Applies entries in one transaction: all of them or, if this throws, none.
  ///
  /// - Returns: An encoded ``Outcome`` for each entry; empty for those without a command. The same
  ///   bytes on every member, however the entries are cut into batches.
  /// - Throws: ``StateError``. Nothing that a command contains makes it throw.
  public func apply(_ batch: [CommandRecord]) throws -> [[UInt8]] {
    try lock.withLock { _ in
      try StateError.translating {
        guard !batch.isEmpty else { return [] }
        var applier = Applier(connection: connection, position: position)
        let outcomes = try connection.transaction {
          let outcomes = try batch.map { try applier.apply($0) }
          try applier.savePosition()
          return outcomes
        }
        position = applier.position
        return outcomes
      }
    }
  }

  /// A reader of this state, for use beside the store. One is enough for all threads.
  ///
  /// - Parameter idleConnections: How many connections it keeps; as many as threads read.
  public func makeReader(idleConnections: Int = 16) -> StateReader {
    StateReader(file, idleLimit: idleConnections)
  }

  /// Pins the state at the last entry applied. Takes well under a millisecond; the copy is made
  /// when it is written, from any thread, while the store goes on.
  public func snapshot() throws -> PinnedSnapshot {
    // Under the lock, so that "the last entry applied" is that of the caller's order of events.
    try lock.withLock { _ in
      try StateError.translating { try PinnedSnapshot(of: file) }
    }
  }

  /// Replaces the whole state with that of a snapshot, in one transaction: a crash, damage found
  /// on the way or an error of `next` leaves the state as it was. Readers see the old state until
  /// then.
  ///
  /// - Parameter next: The snapshot's bytes in order and in pieces of any size; nothing at the end.
  /// - Throws: ``StateError/damagedSnapshot(_:)``, ``StateError/unsupportedSnapshot(format:schema:)``,
  ///   ``StateError/storage(_:)``, ``StateError/diskFull(_:)``, or what `next` throws.
  public func restore(from next: () throws -> [UInt8]?) throws {
    try lock.withLock { _ in
      try StateError.translating {
        try connection.transaction {
          try SnapshotRestore(connection: connection).run(from: next)
        }
        position = try connection.position()
      }
    }
  }

  /// Goes back to the empty state at index 0, in one transaction, for an owner whose log no longer has what
  /// was applied. Readers go on; they see the old state until then.
  public func empty() throws {
    try lock.withLock { _ in
      try StateError.translating {
        try connection.transaction {
          try Schema.dropTables(on: connection)
          try Schema.createState(on: connection)
        }
        position = try connection.position()
      }
    }
  }

  /// Reads the whole file beside the store and tells what is wrong with it; nothing, if all is
  /// well. Takes as long as the file is large.
  public func integrityProblems() throws -> [String] {
    try StateError.translating {
      try file.connect(.readOnly).all("PRAGMA quick_check") { $0.text(0) }
        .filter { $0 != "ok" }
    }
  }

  // MARK: Opening

  private static func openExisting(_ file: DatabaseFile) throws -> (Connection, StatePosition) {
    let connection = try file.connect(.readWrite)
    try configure(connection)
    let stamps = try [
      connection.first("PRAGMA application_id") { $0.integer(0) },
      connection.first("PRAGMA user_version") { $0.integer(0) },
    ]
    guard stamps == [Schema.applicationID, Schema.version] else {
      throw StateError.damagedDatabase("it is not of this version of the program")
    }
    return (connection, try connection.position())
  }

  private static func createNew(_ file: DatabaseFile) throws -> (Connection, StatePosition) {
    try file.remove()
    let connection = try file.connect(.readWrite)
    try configure(connection)
    try connection.transaction { try Schema.createState(on: connection) }
    return (connection, try connection.position())
  }

  private static func configure(_ connection: Connection) throws {
    let journal = try connection.first("PRAGMA journal_mode = WAL") { $0.text(0) }
    try connection.execute("PRAGMA synchronous = OFF")
    let synchronous = try connection.first("PRAGMA synchronous") { $0.integer(0) }
    guard journal == "wal", synchronous == 0 else {
      throw StateError.storage(
        "SQLite runs with journal mode \(journal ?? "?") and synchronous "
          + "\(synchronous.map(String.init) ?? "?") instead of WAL and OFF")
    }
    // 32 MiB of pages for the writer; undo pages of savepoints in memory, where nothing waits.
    try connection.execute("PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY")
    // A long reader lets the write-ahead log grow; this gives the space back afterwards.
    try connection.execute("PRAGMA journal_size_limit = 67108864")
  }
}
