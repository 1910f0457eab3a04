import Raft

/// The work of a member's threads: writing, reading and applying, one piece after another on each.
///
/// Work is done when it begins and reported when its time has passed, so that a crash between the two
/// finds it done and not reported. A crash within the work is the disk's to make. Where threads are late, one
/// before it finds it not begun.
extension Simulation {
  func startWork(_ lane: Lane, of member: SimulatedMember, _ process: MemberProcess) {
    guard !process.lanes[lane.rawValue].queue.isEmpty, process.lanes[lane.rawValue].isFree,
      !process.isHalted
    else { return }
    guard isCalm || !random.happens(plan.lateWork) else {
      coverage.count(.lateWork)
      process.lanes[lane.rawValue].isLate = true
      return scheduler.schedule(
        .laneStart(member: member.number, incarnation: member.incarnation, lane),
        after: random.draw(plan.disk.synchronizeLatency))
    }
    doWork(lane, of: member, process)
  }

  func laneStart(_ number: Int, _ incarnation: Int, _ lane: Lane) {
    let member = members[number]
    guard member.incarnation == incarnation, let process = member.process,
      process.lanes[lane.rawValue].isLate
    else { return }
    guard member.pausedUntil <= now else {
      return scheduler.schedule(
        .laneStart(member: number, incarnation: incarnation, lane),
        after: member.pausedUntil - now)
    }
    process.lanes[lane.rawValue].isLate = false
    guard !process.isHalted else { return }
    doWork(lane, of: member, process)
  }

  private func doWork(_ lane: Lane, of member: SimulatedMember, _ process: MemberProcess) {
    do {
      let completion = try work(lane, of: member, process)
      var delay = member.disk.takeElapsed()
      if lane == .applier { delay += random.draw(plan.applyDelay) }
      delay += slowness(of: member)
      process.lanes[lane.rawValue].completion = completion
      scheduler.schedule(
        .laneDone(member: member.number, incarnation: member.incarnation, lane), after: delay)
    } catch {
      process.lanes[lane.rawValue].isStuck = true
      failed(lane, of: member, error)
    }
  }

  func laneDone(_ number: Int, _ incarnation: Int, _ lane: Lane) {
    let member = members[number]
    guard member.incarnation == incarnation, let process = member.process,
      process.lanes[lane.rawValue].completion != nil
    else { return }
    guard member.pausedUntil <= now else {
      // All its threads stand still.
      return scheduler.schedule(
        .laneDone(member: number, incarnation: incarnation, lane),
        after: member.pausedUntil - now)
    }
    guard let completion = process.lanes[lane.rawValue].completion.take() else { return }
    for (ticket, result) in completion.answers { acknowledge(ticket, result, by: member) }
    for (number, result) in completion.errands { tell(process.office, number, result) }
    if !completion.events.isEmpty { give(completion.events, to: member) }
    if let (next, task) = completion.followUp {
      process.lanes[next.rawValue].queue.append(task)
      startWork(next, of: member, process)
    }
    if lane == .log, process.lanes[lane.rawValue].queue.isEmpty { prepareAhead(member, process) }
    startWork(lane, of: member, process)
  }

  private func prepareAhead(_ member: SimulatedMember, _ process: MemberProcess) {
    do throws(StorageError) {
      try process.log.prepareAhead()
    } catch {
      // The store stays usable: only a stopping disk is of interest.
      if member.disk.isFrozen { failed(.log, of: member, error) }
    }
  }

  func failed(_ lane: Lane, of member: SimulatedMember, _ error: any Error) {
    trace.note(
      now, "!", member.number, UInt64(lane.rawValue), as: "m\(member.number) \(lane): \(error)")
    if let finding = error as? Finding {
      report(finding)
    } else if member.database.isStopped {
      coverage.count(.crashesInApplying)
      scheduler.schedule(
        .crash(member: member.number, incarnation: member.incarnation, losesPower: false),
        after: member.disk.takeElapsed())
    } else if member.disk.isFrozen {
      coverage.count(.crashesInDiskWork)
      scheduler.schedule(
        .crash(
          member: member.number, incarnation: member.incarnation, losesPower: random.coin()),
        after: member.disk.takeElapsed())
    } else if isDamage(error, to: member) || Self.isDiskFailure(error) {
      if !Self.isDiskFailure(error) { coverage.count(.damageMet) }
      // What the disk holds is unknown: the process ends, or stays and looks by itself.
      if let process = member.process, random.coin() { return beginReopening(member, process) }
      scheduler.schedule(
        .crash(member: member.number, incarnation: member.incarnation, losesPower: false),
        after: member.disk.takeElapsed())
    } else {
      report(.storage, "member \(member.number), \(lane): \(error)")
    }
  }

  // MARK: Each piece

  private func work(
    _ lane: Lane, of member: SimulatedMember, _ process: MemberProcess
  ) throws -> LaneCompletion {
    let task = process.lanes[lane.rawValue].queue.removeFirst()
    switch task {
    case .persist(let batch): return try persist(batch, of: member, process)
    case .readEntries(let read): return try readEntries(read, process)
    case .compactLog(let index):
      try process.log.compact(through: index)
      return LaneCompletion()
    case .writeSnapshot(let metadata, let capture):
      return try write(metadata, capture, member, process)
    case .readSnapshot(let read): return try readSnapshot(read, member, process)
    case .storeSnapshot(let chunk, let leader, let term):
      do {
        let before = process.snapshots.underWay
        defer {
          checkReception(of: chunk, from: leader, in: term, by: member, process, before: before)
        }
        return try store(chunk, leader, process)
      } catch {
        // The leader sends it again.
        try tolerate(error, by: member)
        return LaneCompletion()
      }
    case .apply(let entries): return try apply(entries, member, process)
    case .takeSnapshot(let metadata):
      let capture = try process.machine.capture()
      return LaneCompletion(followUp: (.snapshots, .writeSnapshot(metadata, capture)))
    case .installSnapshot(let metadata): return try install(metadata, member, process)
    }
  }

  /// Writes this batch and those that wait behind it, and synchronizes once for all.
  private func persist(
    _ first: PersistBatch, of member: SimulatedMember, _ process: MemberProcess
  ) throws -> LaneCompletion {
    var last = first.sequence
    try process.log.append(first)
    while case .persist(let next)? = process.lanes[Lane.log.rawValue].queue.first {
      process.lanes[Lane.log.rawValue].queue.removeFirst()
      try process.log.append(next)
      last = next.sequence
    }
    if options.sabotage != .reportsPersistedBeforeSynchronize { try process.log.synchronize() }
    return LaneCompletion(events: [.persisted(last)])
  }

  private func readEntries(
    _ read: EntryRead, _ process: MemberProcess
  ) throws -> LaneCompletion {
    if case .apply = read.purpose {
      coverage.count(.readsForApplying)
    } else {
      coverage.count(.readsForPeers)
    }
    var entries: [Entry] = []
    do throws(StorageError) {
      entries = try process.log.entries(
        from: read.from, through: min(read.through, process.log.terms.lastIndex),
        maxBytes: read.maxBytes)
    } catch {
      guard case .notStored = error else { throw error }
      coverage.count(.readsInVain)
    }
    return LaneCompletion(events: [.entriesRead(read, entries)])
  }

  private func write(
    _ metadata: SnapshotMetadata, _ capture: any StateCapture, _ member: SimulatedMember,
    _ process: MemberProcess
  ) throws -> LaneCompletion {
    do {
      let writer = try process.snapshots.beginWriting(metadata)
      do {
        try capture.write { try writer.append(Array($0)) }
        try writer.finish()
      } catch {
        writer.cancel()
        throw error
      }
    } catch {
      // Nothing depends on it before it is published: it is tried again.
      try tolerate(error, by: member)
      scheduler.schedule(
        .snapshotFails(member: member.number, incarnation: member.incarnation),
        after: random.draw(pace.stretch(20_000...500_000)))
      return LaneCompletion()
    }
    coverage.count(.snapshotsTaken)
    return LaneCompletion(events: [.snapshotTaken(metadata)])
  }

  /// A failure that costs only time: the disk refused something on which nothing depends.
  private func tolerate(_ error: any Error, by member: SimulatedMember) throws {
    guard !member.disk.isFrozen, Self.isDiskFailure(error) || isDamage(error, to: member) else {
      throw error
    }
    coverage.count(.snapshotsFailed)
  }

  private func readSnapshot(
    _ read: SnapshotRead, _ member: SimulatedMember, _ process: MemberProcess
  ) throws -> LaneCompletion {
    do throws(StorageError) {
      let reader = try process.snapshots.reader(for: read.metadata.position)
      let chunk = try reader.chunk(at: read.offset, maxBytes: read.maxBytes)
      return LaneCompletion(events: [.snapshotRead(read, chunk)])
    } catch {
      if case .snapshotMissing = error {
        coverage.count(.chunksMissing)
      } else {
        try tolerate(error, by: member)
        guard case .damaged = error else {
          process.snapshots.release(read.metadata.position)
          return LaneCompletion(events: [.snapshotRead(read, nil)])
        }
        try process.snapshots.setAside(read.metadata.position, for: error)
        coverage.count(.snapshotsSetAside)
        member.damage.lacksSnapshot = true
        return LaneCompletion(
          events: [.snapshotDamaged(read.metadata.position), .snapshotRead(read, nil)])
      }
      return LaneCompletion(events: [.snapshotRead(read, nil)])
    }
  }

  private func store(
    _ chunk: SnapshotChunk, _ leader: MemberID, _ process: MemberProcess
  ) throws -> LaneCompletion {
    guard var received = try process.snapshots.receive(chunk) else {
      return LaneCompletion(events: [.snapshotReceived(chunk.metadata)])
    }
    if chunk.isLast, received == chunk.offset + UInt64(chunk.bytes.count) {
      do throws(StorageError) {
        try process.snapshots.finishReceiving(chunk.metadata)
        coverage.count(.snapshotsReceived)
        return LaneCompletion(events: [.snapshotReceived(chunk.metadata)])
      } catch {
        guard case .snapshotRejected = error else { throw error }
        coverage.count(.snapshotsRejected)
        received = 0
      }
    }
    let stored = Event.snapshotStored(chunk.metadata, from: leader, received: received)
    return LaneCompletion(events: [stored])
  }

  // MARK: The state machine

  private func apply(
    _ entries: [Entry], _ member: SimulatedMember, _ process: MemberProcess
  ) throws -> LaneCompletion {
    let results = try process.machine.apply(
      understood(sabotaged(entries, on: member), by: member))
    var completion = LaneCompletion()
    for (entry, result) in zip(entries, results) {
      guard case .command(_, let proposal?) = entry.content else { continue }
      if let errand = process.errands.removeValue(forKey: proposal) {
        completion.errands.append((errand, result))
      }
      guard let ticket = process.proposals.removeValue(forKey: proposal) else { continue }
      completion.answers.append((ticket, .written(result, at: entry.index)))
    }
    let state = try process.machine.mark
    checker.applied(state, member: member.number, at: now)
    trace.note(
      now, "a", member.number, state.applied.index.rawValue, state.digest,
      as: "m\(member.number) applies up to \(state.applied)")
    if let last = entries.last { completion.events.append(.applied(last.position)) }
    return completion
  }

  private func sabotaged(_ entries: [Entry], on member: SimulatedMember) -> [Entry] {
    guard member.number == 0, entries.count > 2 else { return entries }
    switch options.sabotage {
    case .appliesOutOfOrder:
      var entries = entries
      entries.swapAt(0, 1)
      return entries
    case .dropsAppliedEntry:
      return Array(entries.dropFirst())
    default: return entries
    }
  }

  private func install(
    _ metadata: SnapshotMetadata, _ member: SimulatedMember, _ process: MemberProcess
  ) throws -> LaneCompletion {
    let reader = try process.snapshots.open(metadata.position)
    try reader.verify()
    var offset = 0
    try process.machine.restore(at: metadata.position) {
      let piece = try reader.readContent(at: offset, count: 64)
      offset += piece.count
      return piece.isEmpty ? nil : piece
    }
    coverage.count(.snapshotsInstalled)
    let state = try process.machine.mark
    checker.applied(state, member: member.number, at: now)
    trace.note(
      now, "i", member.number, state.applied.index.rawValue, state.digest,
      as: "m\(member.number) installs snapshot \(metadata.position)")
    return LaneCompletion(events: [.snapshotInstalled(metadata.position)])
  }
}
