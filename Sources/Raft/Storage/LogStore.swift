/// The replicated log and the hard state on disk: a write-ahead log in segments.
///
/// One owner calls it, from one thread at a time; calls block. The format, and why it is so, is
/// described in docs/storage-format.md.
public final class LogStore {
  /// How a log is kept.
  public struct Options: Sendable {
    /// Whose log it is; a segment of another member is refused.
    public var member: MemberID
    /// The size that a segment is made with, less than 4 GiB. A record that is larger gets a segment
    /// of its own.
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

  let fileSystem: any FileSystem
  let directory: String
  let options: Options
  var contents: LogContents
  /// Consecutive; records are appended to the last one. Never empty.
  var segments: [LogSegment]
  /// Records made but not yet written. Empty between calls.
  private var buffer = WireWriter()
  /// Up to where the last segment is known to be durable.
  private var durable: Int
  /// Where the last segment's opening record ends; a record always fits after it, however large.
  private var openingEnd = 0
  /// Whether batches were written since the last synchronization.
  private var isDirty = false
  /// A segment's file made ready ahead: zeros, under a temporary name.
  private var spare: (any File)?
  /// The error after which nothing is known about the disk.
  private var failure: FileError?

  /// Which entries are stored, and their terms. Includes what is appended but not yet synchronized.
  public var terms: TermIndex { contents.terms }
  /// The last hard state appended.
  public var hardState: HardState { contents.hardState }
  /// Bytes of records that the log holds. Its files are up to one segment size larger.
  public var sizeInBytes: Int { segments.reduce(0) { $0 + $1.end } }

  // MARK: Opening

  /// Opens the log in `directory`, which is made if it does not exist, and checks every byte.
  ///
  /// A torn tail is cut. Damage anywhere else throws `StorageError.damaged` and changes nothing.
  /// What is returned is durable. Its `snapshot` is nil.
  public static func open(
    fileSystem: any FileSystem, directory: String, options: Options
  ) throws(StorageError) -> (LogStore, RecoveredLog) {
    let store = try LogStore(fileSystem, directory, options)
    return (
      store,
      RecoveredLog(
        hardState: store.hardState, terms: store.terms,
        configurations: store.contents.configurations)
    )
  }

  private init(
    _ fileSystem: any FileSystem, _ directory: String, _ options: Options
  ) throws(StorageError) {
    let sequences = try storing { () throws(FileError) in
      try fileSystem.createDurableDirectory(directory)
      return try fileSystem.list(directory).compactMap(SegmentHeader.sequence(ofFileNamed:))
    }
    guard !sequences.isEmpty || options.createsLog else {
      throw .logMissing(directory: directory)
    }
    let replay = try LogReplay(
      fileSystem: fileSystem, directory: directory, sequences: sequences.sorted(),
      member: options.member)
    self.fileSystem = fileSystem
    self.directory = directory
    self.options = options
    contents = replay.contents
    segments = replay.segments
    durable = replay.durable
    try storing { () throws(FileError) in
      if segments.isEmpty {
        try addSegment()
      } else {
        try settle(replay)
      }
    }
  }

  /// Makes durable what was found. A process that ended may have left records that only the page
  /// cache holds, even ones whose synchronization failed: so they are written once more.
  private func settle(_ replay: LogReplay) throws(FileError) {
    let file = segments[segments.count - 1].file
    if !replay.rewrite.isEmpty { try file.writeBytes(replay.rewrite, at: durable) }
    try file.synchronize()
    try fileSystem.synchronizeDirectory(directory)
    durable = segments[segments.count - 1].end
    if !replay.endsWithMark { try writeMark() }
  }

  // MARK: Writing

  /// Writes a batch. It is durable after the next `synchronize()`.
  ///
  /// The batch's entries must be consecutive, replace no compacted entry and leave no gap.
  public func append(_ batch: PersistBatch) throws(StorageError) {
    try writing { () throws(FileError) in
      if let hardState = batch.hardState { try put(.hardState(hardState)) }
      if let restart = batch.restart { try put(.restart(restart)) }
      if let first = batch.entries.first?.index, first <= terms.lastIndex {
        guard first > terms.base.index, let term = terms.term(at: first.previous) else {
          preconditionFailure("entry \(first) would replace a compacted one")
        }
        try put(.truncate(LogPosition(index: first.previous, term: term)))
      }
      for entry in batch.entries { try put(.entry(entry)) }
      try flush()
    }
  }

  /// Makes all that was appended durable.
  ///
  /// A failed write or synchronization is final: it throws, and so does every later call.
  public func synchronize() throws(StorageError) {
    try writing { () throws(FileError) in
      guard isDirty else { return }
      let tail = segments[segments.count - 1]
      try tail.file.synchronize()
      durable = tail.end
      isDirty = false
      try writeMark()
    }
  }

  /// Makes the next segment ready, if that is due, so that `append` needn't wait for it.
  ///
  /// To be called when there is nothing else to do; cheap when nothing is due. When it throws, the
  /// store stays usable.
  public func prepareAhead() throws(StorageError) {
    guard failure == nil, spare == nil, segments[segments.count - 1].end > options.segmentSize / 2
    else { return }
    try storing { () throws(FileError) in spare = try makeSpare() }
  }

  /// Closes the files; batches that were not synchronized may be lost.
  public func close() {
    // Nothing depends on what closing answers: durable is only what was synchronized.
    for segment in segments { try? segment.file.close() }
    try? spare?.close()
  }

  // MARK: Records

  /// Adds a record to the buffer; in a new segment, if this one has no room.
  private func put(_ record: LogRecord) throws(FileError) {
    let start = buffer.bytes.count
    var tail = segments[segments.count - 1]
    let check = frame(record, into: &buffer)
    if tail.end + buffer.bytes.count > options.segmentSize, tail.end + start > openingEnd {
      buffer.bytes.removeLast(buffer.bytes.count - start)
      try flush()
      try segments[segments.count - 1].file.synchronize()
      try addSegment()
      return try put(record)
    }
    let length = buffer.bytes.count - start - RecordFrame.headerSize
    contents.apply(
      record,
      at: EntryLocation(
        segment: UInt32(truncatingIfNeeded: tail.header.sequence), offset: UInt32(tail.end + start),
        length: UInt32(length)))
    tail.chain = check
    segments[segments.count - 1] = tail
  }

  /// Adds a record to `writer`, which holds what is to be written at the end of the last segment.
  private func frame(_ record: LogRecord, into writer: inout WireWriter) -> UInt32 {
    let tail = segments[segments.count - 1]
    return RecordFrame.append(
      record, to: &writer, at: tail.end + writer.bytes.count, seed: tail.header.check,
      previous: tail.chain, durable: durable)
  }

  private func flush() throws(FileError) {
    guard !buffer.bytes.isEmpty else { return }
    let tail = segments[segments.count - 1]
    try tail.file.writeBytes(buffer.bytes, at: tail.end)
    segments[segments.count - 1].end += buffer.bytes.count
    isDirty = true
    buffer.bytes.removeAll(keepingCapacity: buffer.bytes.count <= 1 << 20)
  }

  /// Notes that everything so far is durable, so that damage to it can't pass for a torn tail. The
  /// note itself isn't synchronized: a process that ends leaves it to the system, and after a power
  /// failure at worst the last batch lacks it.
  private func writeMark() throws(FileError) {
    var mark = WireWriter()
    let check = frame(.synchronized, into: &mark)
    let tail = segments[segments.count - 1]
    guard tail.end + mark.bytes.count <= options.segmentSize else { return }
    try tail.file.writeBytes(mark.bytes, at: tail.end)
    segments[segments.count - 1].end += mark.bytes.count
    segments[segments.count - 1].chain = check
  }

  // MARK: Segments

  /// Makes a new last segment. All before it must be durable: that it has its name proves it.
  private func addSegment() throws(FileError) {
    let file: any File = if let spare { spare } else { try makeSpare() }
    spare = nil
    let header = SegmentHeader(
      member: options.member, sequence: (segments.last?.header.sequence ?? 0) + 1,
      previousEnd: segments.last?.end ?? 0, previousChain: segments.last?.chain ?? 0)
    var writer = WireWriter()
    writer.bytes = header.bytes
    let check = RecordFrame.append(
      .opening(contents.hardState, last: terms.last), to: &writer, at: SegmentHeader.size,
      seed: header.check, previous: header.check, durable: 0)
    try file.writeBytes(writer.bytes, at: 0)
    try file.synchronize()
    try file.close()
    let path = directory + "/" + SegmentHeader.fileName(header.sequence)
    try fileSystem.rename(sparePath, to: path)
    try fileSystem.synchronizeDirectory(directory)
    openingEnd = writer.bytes.count
    durable = openingEnd
    segments.append(
      LogSegment(
        header: header, file: try fileSystem.open(path, .update), end: openingEnd, chain: check))
  }

  private var sparePath: String { directory + "/wal-spare.tmp" }

  private func makeSpare() throws(FileError) -> any File {
    let file = try fileSystem.createFresh(sparePath)
    try file.preallocate(options.segmentSize)
    try file.synchronize()
    return file
  }

  /// Runs what changes the disk, unless an error made it unknown what is there.
  func writing<R>(_ body: () throws(FileError) -> R) throws(StorageError) -> R {
    try checkUsable()
    do {
      return try body()
    } catch {
      failure = error
      throw .file(error)
    }
  }

  func checkUsable() throws(StorageError) {
    if let failure { throw .poisoned(by: failure) }
  }
}
