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
    let file = segments[segments.count - 1].file
    if !replay.rewrite.isEmpty { try file.writeBytes(replay.rewrite, at: durable) }
    try file.synchronize()
    try fileSystem.synchronizeDirectory(directory)
    durable = segments[segments.count - 1].end
    if !replay.endsWithMark { try writeMark() }
  }

  // MARK: What is dropped

  /// Keeps what is about to be dropped under other names, for a person to look at. Segments go newest
  /// first, so that a crash leaves no gap.
  private func setAside(_ found: LogFindings) throws(FileError) {
    guard let cut = found.cut else { return }
    try removeSetAside()
    if cut.keepsRecords, let damaged = segments.last {
      setAside = [try copyAside(damaged.file)]
    }
    for sequence in found.dropped.reversed() {
      let name = SegmentHeader.fileName(sequence)
      let aside = name + SegmentHeader.asideSuffix
      try fileSystem.rename(directory + "/" + name, to: directory + "/" + aside)
      try fileSystem.synchronizeDirectory(directory)
      setAside.append(aside)
    }
  }

  private func copyAside(_ file: any File) throws(FileError) -> String {
    let path = file.path + SegmentHeader.asideSuffix
    let copy = try fileSystem.createFresh(path)
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
    return SegmentHeader.fileName(segments[segments.count - 1].header.sequence)
      + SegmentHeader.asideSuffix
  }

  /// Deletes what was set aside.
  func removeSetAside() throws(FileError) {
    for name in setAside { try fileSystem.removeIfPresent(directory + "/" + name) }
    setAside = []
  }
}
