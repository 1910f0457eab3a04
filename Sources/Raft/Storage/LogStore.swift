/// The replicated log and the hard state on disk: a write-ahead log in segments.
///
/// One owner calls it, from one thread at a time; calls block. The format is described in
/// docs/storage-format.md.
public final class LogStore {
  /// How a log is kept.
  public struct Options: Sendable {
    /// Whose log it is; a segment of another member is refused.
    public var member: MemberID
    /// The size that a segment is made with. A record that is larger gets a segment of its own.
    public var segmentSize: Int
    /// Whether an empty directory is a new log. False once the member has an identity: then an empty
    /// directory means that its votes are lost.
    public var createsLog: Bool
    /// Makes options.
    public init(member: MemberID, segmentSize: Int = 16 << 20, createsLog: Bool = true) {
      self.member = member
      self.segmentSize = segmentSize
      self.createsLog = createsLog
    }
  }

  /// Which entries are stored, and their terms. Includes what is appended but not yet synchronized.
  public var terms: TermIndex { fatalError("being written") }
  /// The last hard state appended.
  public var hardState: HardState { fatalError("being written") }
  /// Bytes that the log takes.
  public var sizeInBytes: Int { fatalError("being written") }

  /// Opens the log in `directory`, which is made if it does not exist, and checks every byte.
  ///
  /// A torn tail is cut. Damage anywhere else throws `StorageError.damaged` and changes nothing.
  /// What is returned is durable. Its `snapshot` is nil.
  public static func open(
    fileSystem: any FileSystem, directory: String, options: Options
  ) throws(StorageError) -> (LogStore, RecoveredLog) { fatalError("being written") }

  /// Writes a batch. It is durable after the next `synchronize()`.
  public func append(_ batch: PersistBatch) throws(StorageError) { fatalError("being written") }

  /// Makes all that was appended durable.
  ///
  /// A failed write or synchronization is final: it, and every later call that writes, throws.
  public func synchronize() throws(StorageError) { fatalError("being written") }

  /// Makes the next segment ready, if that is due, so that `append` needn't wait for it.
  /// To be called when there is nothing else to do; cheap when nothing is due.
  public func prepareAhead() throws(StorageError) { fatalError("being written") }

  /// Reads entries back, verifying their checksums: as many from `from` on, up to `through`, as take
  /// no more than `maxBytes`, and at least one.
  public func entries(
    from: LogIndex, through: LogIndex, maxBytes: Int
  ) throws(StorageError) -> [Entry] { fatalError("being written") }

  /// Drops the segments that hold no entry above `index`. `terms.base` moves to the last entry
  /// dropped, which is at or before `index`.
  public func compact(through index: LogIndex) throws(StorageError) { fatalError("being written") }

  /// Closes the files; unsynchronized batches may be lost.
  public func close() { fatalError("being written") }
}
