/// The replicated log and the hard state on disk: a write-ahead log in segments.
///
/// One owner calls it, from one thread at a time; calls block. The format, and why it is so, is
/// described in docs/storage-format.md.
public final class LogStore {
  let fileSystem: any FileSystem
  let directory: String
  let options: Options
  var contents: LogContents
  /// Consecutive; records are appended to the last one. Never empty.
  var segments: [LogSegment]
  /// The last segment's file; nil only until there is one.
  private var lastFile: (any File)?
  /// The files of other segments.
  var files: SegmentFiles
  /// Records made but not yet written. Empty between calls.
  private var buffer = WireWriter()
  /// Up to where the last segment is known to be durable.
  var durable: Int
  /// Where the last segment's opening record ends; a record always fits after it, however large.
  private var openingEnd = 0
  /// Whether batches were written since the last synchronization.
  private var isDirty = false
  /// A segment's file made ready ahead: zeros, under a temporary name.
  private var spare: (any File)?
  /// The error after which nothing is known about the disk.
  private var failure: FileError?
  var ballot: BallotFile
  /// The hard state to save once the log has it durably.
  private var unsavedHardState: HardState?
  /// Whether the quarantine ends with the next synchronization.
  private var endsQuarantine = false
  /// Files that were set aside when damage was cut.
  var setAside: [String] = []

  /// What the log has lost, if it has.
  public internal(set) var quarantine: Quarantine?
  /// Which entries are stored, and their terms. Includes what is appended but not yet synchronized.
  public var terms: TermIndex { contents.terms }
  /// The last hard state appended.
  public var hardState: HardState { contents.hardState }
  /// Bytes of records that the log holds. Its files are up to one segment size larger.
  public var sizeInBytes: Int { segments.reduce(0) { $0 + $1.end } }

  /// A store of a log that was read and is not relied on yet; see `open`.
  init(_ fileSystem: any FileSystem, _ directory: String, _ options: Options, _ replay: LogReplay) {
    self.fileSystem = fileSystem
    self.directory = directory
    self.options = options
    contents = replay.contents
    segments = replay.segments
    lastFile = replay.lastFile
    files = SegmentFiles(fileSystem)
    durable = replay.durable
    ballot = BallotFile(fileSystem: fileSystem, directory: directory, member: options.member)
  }

  // MARK: Writing

  /// Writes a batch. It is durable after the next `synchronize()`.
  ///
  /// The batch's entries must be consecutive, replace no compacted entry and leave no gap.
  public func append(_ batch: PersistBatch) throws(StorageError) {
    try writing { () throws(FileError) in
      if let change = batch.quarantine { try apply(change) }
      if let hardState = batch.hardState {
        try put(.hardState(hardState))
        unsavedHardState = hardState
      }
      if let restart = batch.restart {
        try put(.restart(restart))
        // What comes next begins a segment, so that all before it can be compacted.
        try roll()
      }
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

  private func apply(_ change: QuarantineChange) throws(FileError) {
    switch change {
    case .begins(let quarantine):
      try quarantineFile.save(quarantine)
      self.quarantine = quarantine
      endsQuarantine = false
    case .ends: endsQuarantine = true
    }
  }

  /// Makes all that was appended durable. One `fdatasync`; a batch with a hard state costs a second
  /// one, of the file `ballot`.
  ///
  /// A failed write or synchronization is final: it throws, and so does every later call. Another
  /// store on the same directory finds out what the disk holds, and goes on.
  public func synchronize() throws(StorageError) {
    try writing { () throws(FileError) in
      if isDirty { try synchronizeLog() }
      if let hardState = unsavedHardState {
        try ballot.save(hardState)
        unsavedHardState = nil
      }
      if endsQuarantine {
        try quarantineFile.remove()
        endsQuarantine = false
        quarantine = nil
      }
    }
  }

  func synchronizeLog() throws(FileError) {
    let tail = segments[segments.count - 1]
    try tailFile.synchronize()
    durable = tail.end
    isDirty = false
    try writeMark()
  }

  /// Makes the next segment ready, if that is due, so that `append` needn't wait for it.
  ///
  /// To be called when there is nothing else to do; cheap when nothing is due. When it throws, the
  /// store stays usable.
  public func prepareAhead() throws(StorageError) {
    guard failure == nil, segments[segments.count - 1].end > options.segmentSize / 2 else { return }
    try reserve()
  }

  /// Makes the next segment ready, so that a segment's size can be appended whatever becomes of the
  /// disk: for an owner whose disk was full and who wants to know whether to go on.
  ///
  /// When it throws, the store stays usable.
  public func reserve() throws(StorageError) {
    try checkUsable()
    guard spare == nil else { return }
    try storing { () throws(FileError) in spare = try makeSpare() }
  }

  /// Closes the files; batches that were not synchronized may be lost.
  public func close() {
    // Nothing depends on what closing answers: durable is only what was synchronized.
    try? lastFile?.close()
    files.closeAll()
    try? spare?.close()
    ballot.close()
  }

  // MARK: Records

  /// What the mark takes: a frame, and an empty message in it. Each segment keeps room for it.
  static let markSize = RecordFrame.headerSize + 2

  /// Adds a record to the buffer; in a new segment, if this one has no room.
  func put(_ record: LogRecord) throws(FileError) {
    let start = buffer.bytes.count
    var tail = segments[segments.count - 1]
    let check = frame(record, into: &buffer)
    let end = tail.end + buffer.bytes.count + Self.markSize
    if end > options.segmentSize, tail.end + start > openingEnd {
      buffer.bytes.removeLast(buffer.bytes.count - start)
      try roll()
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

  func flush() throws(FileError) {
    guard !buffer.bytes.isEmpty else { return }
    let tail = segments[segments.count - 1]
    try tailFile.writeBytes(buffer.bytes, at: tail.end)
    segments[segments.count - 1].end += buffer.bytes.count
    isDirty = true
    buffer.bytes.removeAll(keepingCapacity: buffer.bytes.count <= 1 << 20)
  }

  /// Notes that everything so far is durable, so that damage to it can't pass for a torn tail. The
  /// note itself isn't synchronized: a process that ends leaves it to the system, and after a power
  /// failure at worst the last batch lacks it.
  func writeMark() throws(FileError) {
    var mark = WireWriter()
    let check = frame(.synchronized, into: &mark)
    precondition(mark.bytes.count == Self.markSize)
    let tail = segments[segments.count - 1]
    try tailFile.writeBytes(mark.bytes, at: tail.end)
    segments[segments.count - 1].end += mark.bytes.count
    segments[segments.count - 1].chain = check
  }

  // MARK: Segments

  /// The file of the last segment.
  var tailFile: any File {
    guard let lastFile else { preconditionFailure("the log is used before it was opened") }
    return lastFile
  }

  /// Ends the last segment and begins another.
  private func roll() throws(FileError) {
    try flush()
    try tailFile.synchronize()
    try addSegment()
  }

  /// Makes a new last segment. All before it must be durable: that it has its name proves it.
  func addSegment() throws(FileError) {
    let file: any File = if let spare { spare } else { try makeSpare() }
    spare = nil
    let header = SegmentHeader(
      member: options.member, sequence: (segments.last?.header.sequence ?? 0) + 1,
      previousEnd: segments.last?.end ?? 0, previousChain: segments.last?.chain ?? 0,
      fileSize: options.segmentSize)
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
    // All that it had was durable.
    try? lastFile?.close()
    lastFile = try fileSystem.open(path, .update)
    segments.append(
      LogSegment(
        header: header, path: path, end: openingEnd, chain: check, opening: terms.last))
  }

  private var sparePath: String { directory + "/wal-spare.tmp" }

  private func makeSpare() throws(FileError) -> any File {
    do {
      let file = try fileSystem.createFresh(sparePath)
      try file.preallocate(options.segmentSize)
      try file.synchronize()
      return file
    } catch {
      // What a full disk has no room for must not take room either.
      try? fileSystem.remove(sparePath)
      throw error
    }
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
