extension LogStore {
  /// Opens the log in `directory`, which is made if it does not exist, and checks every byte.
  ///
  /// A torn tail is cut. Damage anywhere else is dealt with by `Options.onDamage`; when it throws
  /// `StorageError.damaged`, nothing was changed. What is returned is durable. Its `snapshot` is nil.
  public static func open(
    fileSystem: any FileSystem, directory: String, options: Options
  ) throws(StorageError) -> (LogStore, RecoveredLog) {
    let found = try LogFindings(fileSystem, directory, options)
    let store = LogStore(fileSystem, directory, options, found.replay)
    try store.writing { () throws(FileError) in try store.settle(found) }
    return (store, RecoveredLog(store.contents, quarantine: store.quarantine))
  }

  /// What `open` would find in `directory`, without changing any file: for an owner who decides only then
  /// whether damage may be dropped. Reads all that opening reads.
  public static func inspect(
    fileSystem: any FileSystem, directory: String, options: Options
  ) throws(StorageError) -> RecoveredLog {
    let found = try LogFindings(fileSystem, directory, options)
    var recovered = RecoveredLog(found.replay.contents, quarantine: found.quarantine)
    recovered.hardState = recovered.hardState.orLater(found.ballot.state)
    return recovered
  }

  var quarantineFile: QuarantineFile {
    QuarantineFile(fileSystem: fileSystem, directory: directory)
  }

  /// Makes what was found durable, and nothing else: whatever of this a crash prevents, the next
  /// opening finds the same or, in quarantine, less.
  private func settle(_ found: LogFindings) throws(FileError) {
    quarantine = found.quarantine
    setAside = found.setAside
    let state = hardState.orLater(found.ballot.state)
    if let quarantine = found.quarantine {
      // Before the new damage is noted, by which a set that is being made is known.
      if found.cut != nil, !found.isSettingAside { try removeSetAside() }
      // Also when it is known already: it may have been seen in the page cache alone.
      try quarantineFile.save(quarantine)
      try ballot.replace(state)
      try setAside(found)
    }
    if segments.isEmpty {
      contents.hardState = state
      try addSegment()
    } else {
      try rewriteTail(found.replay)
      if hardState != state {
        try put(.hardState(state))
        try flush()
        try synchronizeLog()
      }
    }
    if quarantine == nil {
      // After the log: a log that is behind its ballot counts as damaged.
      try ballot.replace(state)
    }
  }

  /// A process that ended may have left records that only the page cache holds, even ones whose
  /// synchronization failed: so they are written once more.
  private func rewriteTail(_ replay: LogReplay) throws(FileError) {
    let file = tailFile
    if !replay.rewrite.isEmpty { try file.writeBytes(replay.rewrite, at: durable) }
    try file.synchronize()
    try fileSystem.synchronizeDirectory(directory)
    durable = segments[segments.count - 1].end
    if !replay.endsWithMark { try writeMark() }
  }

  // MARK: What is dropped

  /// A copy that is being made.
  private static let copyName = "wal-aside.tmp"

  /// Keeps what is about to be dropped under other names, for a person to look at. Segments go newest
  /// first, so that a crash leaves no gap.
  private func setAside(_ found: LogFindings) throws(FileError) {
    guard let cut = found.cut else { return }
    if cut.keepsRecords, let damaged = segments.last { try copyAside(damaged) }
    for sequence in found.dropped.reversed() {
      try moveAside(SegmentHeader.fileName(sequence), as: sequence)
    }
  }

  /// Gives a file the name under which what was segment `sequence` is kept.
  private func moveAside(_ name: String, as sequence: UInt64) throws(FileError) {
    let aside = SegmentHeader.fileName(sequence) + SegmentHeader.asideSuffix
    try fileSystem.rename(directory + "/" + name, to: directory + "/" + aside)
    try fileSystem.synchronizeDirectory(directory)
    if !setAside.contains(aside) { setAside.append(aside) }
  }

  /// Copies the segment that is about to be overwritten. That the copy has its name proves that it is whole,
  /// and then it is not made again: what it was made from may be overwritten in part.
  private func copyAside(_ segment: LogSegment) throws(FileError) {
    let sequence = segment.header.sequence
    let name = SegmentHeader.fileName(sequence) + SegmentHeader.asideSuffix
    guard !setAside.contains(name) else { return }
    let file = tailFile
    let copy = try fileSystem.createFresh(directory + "/" + Self.copyName)
    let size = try file.size()
    var buffer = [UInt8](repeating: 0, count: min(1 << 20, size))
    var offset = 0
    while offset < size {
      let count = try file.fill(&buffer, at: offset)
      try copy.writeBytes(Array(buffer[..<count]), at: offset)
      offset += count
    }
    try copy.synchronize()
    try copy.close()
    try moveAside(Self.copyName, as: sequence)
  }

  /// Deletes what was set aside.
  func removeSetAside() throws(FileError) {
    for name in setAside + [Self.copyName] {
      try fileSystem.removeIfPresent(directory + "/" + name)
    }
    setAside = []
  }
}
