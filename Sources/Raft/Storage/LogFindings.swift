/// What a log's directory holds, before anything in it is changed.
struct LogFindings {
  /// The log, up to the first damage.
  let replay: LogReplay
  let ballot: BallotFile.Reading
  /// Damage found now or before.
  private(set) var quarantine: Quarantine?
  /// Where damage found now makes the log end.
  let cut: LogReplay.Cut?
  /// The segments that are not part of the log then, in order.
  let dropped: [UInt64]
  /// Files that were set aside before.
  let setAside: [String]
  /// Whether a crash came while they were: they belong to the damage found now. The segment tells; where in it
  /// the damage is may look different once those after it are gone.
  private(set) var isSettingAside = false

  init(
    _ fileSystem: any FileSystem, _ directory: String, _ options: LogStore.Options
  ) throws(StorageError) {
    let names = try storing { () throws(FileError) in
      try fileSystem.createDurableDirectory(directory)
      return try fileSystem.list(directory)
    }
    setAside = names.filter { $0.hasSuffix(SegmentHeader.asideSuffix) }
    let sequences = names.compactMap(SegmentHeader.sequence(ofFileNamed:)).sorted()
    // Before the log, since another member's directory must not look like a damaged one.
    ballot = try BallotFile(
      fileSystem: fileSystem, directory: directory, member: options.member
    ).read()
    quarantine = try QuarantineFile(fileSystem: fileSystem, directory: directory).load()

    let damage: Quarantine?
    (replay, damage) = try Self.replay(fileSystem, directory, options, sequences)
    let cut = damage.flatMap(LogReplay.Cut.init)
    self.cut = cut
    dropped = sequences.filter { sequence in cut.map { !$0.keeps(sequence) } ?? false }

    let isNew = sequences.isEmpty && options.createsLog
    if sequences.isEmpty, !isNew {
      let loss = try lostLog(directory, options)
      quarantine = quarantine ?? loss
    } else {
      // Damage found now tells more than what was found before.
      let earlier = quarantine
      isSettingAside = damage != nil && earlier?.file == damage?.file
      let loss = try damage == nil && earlier == nil ? lostEnd(options) : nil
      quarantine = damage ?? earlier ?? loss
    }
    // Votes may be in what the log has lost, so no slot of the ballot may be lost as well.
    if let quarantine, !ballot.isWhole, !isNew {
      throw .damaged(
        file: quarantine.file, offset: quarantine.offset,
        reason: quarantine.reason
          + "; and \(directory)/ballot, which has the votes, can't be read. "
          + StorageError.advice)
    }
  }

  /// The log up to the first damage, and that damage.
  private static func replay(
    _ fileSystem: any FileSystem, _ directory: String, _ options: LogStore.Options,
    _ sequences: [UInt64]
  ) throws(StorageError) -> (LogReplay, Quarantine?) {
    var damage: Quarantine?
    // Each round finds damage before that of the round before, or none.
    while true {
      do throws(StorageError) {
        let replay = try LogReplay(
          fileSystem: fileSystem, directory: directory, sequences: sequences,
          options: options, cut: damage.flatMap(LogReplay.Cut.init))
        return (replay, damage)
      } catch {
        guard let found = error.damage, options.onDamage == .quarantine else { throw error }
        damage = found
      }
    }
  }

  /// A directory that must hold a log has no segment: its entries are gone, but the votes may be
  /// there.
  private func lostLog(
    _ directory: String, _ options: LogStore.Options
  ) throws(StorageError) -> Quarantine {
    guard ballot.isWhole, options.onDamage == .quarantine || quarantine != nil else {
      throw .logMissing(directory: directory)
    }
    return Quarantine(file: directory, offset: 0, reason: "the log's files are gone")
  }

  /// Damage, when the log lacks a hard state that was durable in it before it was written to the
  /// ballot file: so it has lost its end.
  private func lostEnd(_ options: LogStore.Options) throws(StorageError) -> Quarantine? {
    let logged = replay.contents.hardState
    guard cut == nil, let last = replay.segments.last, let state = ballot.state,
      logged.orLater(state) != logged
    else { return nil }
    let damage = Quarantine(
      file: last.path, offset: last.end,
      reason: "the log ends before a change of term or vote (term \(state.term)) that was durable")
    if options.onDamage == .refuse { throw .damaged(damage) }
    return damage
  }
}
