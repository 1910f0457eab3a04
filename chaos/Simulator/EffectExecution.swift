import Raft

/// What a member does when it wakes: it handles what has come, and starts what must be done about it,
/// just as the node's runtime does.
extension Simulation {
  func wake(_ number: Int, _ incarnation: Int) {
    let member = members[number]
    guard member.incarnation == incarnation, let process = member.process else { return }
    if member.pausedUntil > now {
      scheduler.schedule(
        .wake(member: number, incarnation: incarnation), after: member.pausedUntil - now)
      return
    }
    process.isWakeScheduled = false
    for events in takeInbox(of: member, process) {
      guard member.process === process, checker.violation == nil else { return }
      takeIn(events, member, process)
    }
  }

  /// Handles events, and starts what they bring.
  private func takeIn(_ events: [Event], _ member: SimulatedMember, _ process: MemberProcess) {
    let moment = reading(of: member)
    for event in events {
      switch event {
      case .persisted(let sequence): persisted(sequence, member)
      case .snapshotTaken, .snapshotReceived: member.damage.lacksSnapshot = false
      default: break
      }
      handle(event, process, at: moment)
    }
    let effects = takeEffects(process)
    for effect in effects {
      if case .persist(let batch) = effect { adopt(batch, by: member, process) }
    }
    observe(member, process)
    watchPace(of: member, process, events, effects)
    guard checker.violation == nil else { return }
    carryOut(effects, for: member, process)
    let hasSnapshot = events.contains { if case .snapshotTaken = $0 { true } else { false } }
    if hasSnapshot, member.process === process { checkRetention(of: member, process) }
  }

  private func handle(_ event: Event, _ process: MemberProcess, at moment: Moment) {
    guard protocolTrace.isOn else { return process.handle(event, at: moment) }
    let before = process.replica.status
    process.handle(event, at: moment)
    protocolTrace.handled(
      event, before, process.replica.status, outbox: process.replica.outbox, at: now)
  }

  private func takeEffects(_ process: MemberProcess) -> [Effect] {
    guard protocolTrace.isOn else { return process.takeEffects() }
    let before = process.replica.status
    let effects = process.takeEffects()
    protocolTrace.finished(effects, before, process.status, at: now)
    return effects
  }

  // MARK: Watching

  private func persisted(_ sequence: UInt64, _ member: SimulatedMember) {
    guard member.promise.persisted(through: sequence) else { return }
    coverage.count(.quarantinesEnded)
    trace.note(now, "Q", member.number, as: "m\(member.number)'s quarantine is over")
    checkHealing(of: member)
  }

  private func adopt(
    _ batch: PersistBatch, by member: SimulatedMember, _ process: MemberProcess
  ) {
    if batch.restart != nil { coverage.count(.logRestarts) }
    var previousTerm =
      batch.entries.first.flatMap { process.view.term(at: $0.index.previous) }
      ?? batch.restart?.term ?? .zero
    for entry in batch.entries {
      checker.holds(entry, after: previousTerm, member: member.number, at: now)
      previousTerm = entry.term
    }
    member.promise.issued(batch)
    if batch.quarantine == .ends { member.damage.quarantineEnds(in: process.status.term) }
    noteConfigurations(in: batch, of: member, process)
    do throws(LogView.Misfit) {
      guard let replaced = try process.view.adopt(batch) else { return }
      coverage.count(.truncations)
      if replaced <= process.commit {
        report(
          .committedEntries,
          "member \(member.number) replaces entries from \(replaced) on, "
            + "but knows \(process.commit) to be committed")
      }
    } catch {
      report(.logMatching, "member \(member.number): \(error.text)")
    }
  }

  private func observe(_ member: SimulatedMember, _ process: MemberProcess) {
    let status = process.status
    watchLease(of: member, process, status)
    watchVersion(of: member, status)
    let isLeader = status.role == .leader
    if isLeader, !process.isLeader || process.term != status.term {
      coverage.count(.leaders)
      trace.note(
        now, "l", member.number, status.term.rawValue,
        as: "m\(member.number) leads term \(status.term) with a log up to \(status.last)")
      checker.leads(status.term, member: member.number, log: process.view, at: now)
      checkElection(of: member, process, status)
    }
    if process.isLeader, !isLeader, process.term == status.term { coverage.count(.stepDowns) }
    if status.role == .candidate, status.term > process.term, status.vote == member.id {
      checkCampaign(of: member, process, status)
    }
    checkTermCommitted(by: member, process, status)
    process.isLeader = isLeader
    process.term = status.term
    if status.commit > process.commit { observeCommit(member, process, status) }
    watchMembership(of: member, process, status)
  }

  private func observeCommit(
    _ member: SimulatedMember, _ process: MemberProcess, _ status: ReplicaStatus
  ) {
    let newest = checker.ledger.last.index
    checker.committed(
      from: process.commit, to: status.commit, in: process.view, term: status.term,
      member: member.number, at: now)
    process.commit = status.commit
    checkQuorum(of: member, process, status)
    noticeCommittedConfigurations(by: member)
    guard checker.ledger.last.index > newest else { return }
    for other in members where other !== member {
      // A leader of a later term must have held the entry from its election on.
      guard let rival = other.process, rival.isLeader, rival.term > process.term else { continue }
      checker.checkCompleteness(
        member: other.number, term: rival.term, log: rival.view, at: now)
    }
  }

  /// Whoever led all the while commits entries of its own term only, and older ones with them: having
  /// counted who holds an older one, it might be followed by a leader without (paper §5.4.2).
  private func checkTermCommitted(
    by member: SimulatedMember, _ process: MemberProcess, _ status: ReplicaStatus
  ) {
    guard process.isLeader, status.role == .leader, process.term == status.term,
      status.commit > process.commit, process.view.term(at: status.commit) != status.term
    else { return }
    report(
      .leaderCompleteness,
      "member \(member.number), which leads term \(status.term), commits \(status.commit), an entry "
        + "of an older term")
  }

  // MARK: Carrying out

  private func carryOut(
    _ effects: [Effect], for member: SimulatedMember, _ process: MemberProcess
  ) {
    for effect in effects {
      if let remaining = process.effectsUntilCrash {
        if remaining == 0 {
          coverage.count(.crashesBetweenEffects)
          crash(member, losesPower: random.coin())
          return
        }
        process.effectsUntilCrash = remaining - 1
      }
      carryOut(effect, for: member, process)
    }
    for lane in Lane.allCases { startWork(lane, of: member, process) }
  }

  private func carryOut(
    _ effect: Effect, for member: SimulatedMember, _ process: MemberProcess
  ) {
    func enqueue(_ task: LaneTask, _ lane: Lane) {
      process.lanes[lane.rawValue].queue.append(task)
    }
    switch effect {
    case .send(let message): send(message, from: member)
    case .persist(let batch): enqueue(.persist(batch), .log)
    case .readEntries(let read): enqueue(.readEntries(read), .log)
    case .compactLog(let index):
      countCompaction(through: index, process)
      process.view.compact(through: index)
      member.promise.compacted(through: index)
      enqueue(.compactLog(index), .log)
    case .apply(let entries):
      checkOrder(entries, member, process)
      enqueue(.apply(entries), .applier)
    case .takeSnapshot(let metadata):
      checkConfiguration(of: metadata, member)
      enqueue(.takeSnapshot(metadata), .applier)
    case .installSnapshot(let metadata):
      process.nextApplied = metadata.position.index.next
      enqueue(.installSnapshot(metadata), .applier)
    case .readSnapshot(let read): enqueue(.readSnapshot(read), .snapshots)
    case .storeSnapshot(let chunk, let leader):
      enqueue(.storeSnapshot(chunk, from: leader, term: process.status.term), .snapshots)
    case .failProposal(let id, let failure):
      if case .refused = failure, let finding = checker.proposals.refused(id) { report(finding) }
      if let errand = process.errands.removeValue(forKey: id) {
        return tell(process.office, errand, nil)
      }
      guard let ticket = process.proposals.removeValue(forKey: id) else { return }
      answer(ticket, failure == .unknown ? .unknown : .refused)
    case .answerChange(let id, let answer):
      if case .refused = answer, let finding = checker.membership.refused(id) { report(finding) }
      guard let turn = process.changes.removeValue(forKey: id) else { return }
      scheduler.schedule(.changeAnswer(answer, turn: turn), after: random.draw(clientLatency))
    case .answerRead(let id, let failure):
      guard let read = process.reads.removeValue(forKey: id) else { return }
      if failure == nil {
        process.authority.renewed(asked: read.asked, answered: uptime(of: member))
        answer(read, on: member, process)
      } else {
        if read.isStale { coverage.count(.staleReadsRefused) }
        if let client = read.client { answer(client.ticket, .refused) }
      }
    }
  }

  /// Whoever confirms a read led after the member was asked, so it knew of all commits until then: not
  /// only of those that a client had heard of.
  private func answer(
    _ read: PendingRead, on member: SimulatedMember, _ process: MemberProcess
  ) {
    do {
      let applied = try process.machine.applied.index
      if applied < read.floor {
        report(
          .linearizability,
          "member \(member.number) answers a read from its state at \(applied), but \(read.floor) was "
            + "committed when it was asked")
      }
      if read.isStale { coverage.count(.staleReadsConfirmed) }
      if let client = read.client {
        answer(client.ticket, .value(try process.machine.answer(client.question)))
      }
    } catch {
      failed(.applier, of: member, error)
      if let client = read.client { answer(client.ticket, .refused) }
    }
  }

  private func checkOrder(
    _ entries: [Entry], _ member: SimulatedMember, _ process: MemberProcess
  ) {
    for entry in entries {
      if entry.index != process.nextApplied {
        report(
          .applyOrder,
          "member \(member.number) applies \(entry.position) where \(process.nextApplied) is due")
      }
      process.nextApplied = entry.index.next
    }
  }

  // MARK: Sending

  private func send(_ message: Message, from member: SimulatedMember) {
    checker.sends(message, member: member.number, at: now)
    checkSent(message, by: member)
    countSent(message, from: member)
    guard let receiver = members.first(where: { $0.id == message.to }) else {
      guard member.process?.configurations.seen.member(message.to) == nil else {
        // An operator's mistake that was taken, rightly or not, has members who don't exist.
        return coverage.count(.messagesDropped)
      }
      return report(.codec, "member \(member.number) sends to \(message.to), which does not exist")
    }
    guard var received = throughTheWire(message, from: member) else { return }
    if options.sabotage == .healsEarly, case .healReply(let nonce, _) = received.body {
      received.body = .healReply(nonce: nonce, last: .zero)
    }
    let stamp = network.stamp(from: member.number, to: receiver.number)
    if options.sabotage == .neverDelivers, receiver.number == 0 { return }
    guard !network.isCut(from: member.number, to: receiver.number) else {
      coverage.count(.messagesCut)
      return loseConnection(of: member, to: receiver)
    }
    let delays = network.fate(&random, &coverage)
    if case .propose(let id, _) = message.body,
      let finding = checker.proposals.forwarded(id, copies: delays.count)
    {
      report(finding)
    }
    for delay in delays {
      scheduler.schedule(
        .arrival(received, from: member.number, to: receiver.number, stamp: stamp), after: delay)
    }
    if case .timeoutNow = message.body { cutOffAfterHandover(member) }
  }

  private func throughTheWire(_ message: Message, from member: SimulatedMember) -> Message? {
    var bytes = WireCodec.encode(message)
    bytes += newerFields(of: member)
    trace.note(
      now, "s", member.number, Fingerprint.of(bytes), as: "m\(member.number) → \(describe(message))"
    )
    do throws(WireError) {
      let decoded = try WireCodec.decodeMessage(bytes)
      if decoded != message {
        report(.codec, "\(describe(message)) was decoded as \(describe(decoded))")
      }
      return decoded
    } catch {
      report(.codec, "\(describe(message)) can't be decoded: \(error)")
      return nil
    }
  }

  private func countSent(_ message: Message, from member: SimulatedMember) {
    switch message.body {
    case .preVote:
      coverage.count(.inquiries)
      if member.shutDownAt != nil { coverage.count(.removedInquire) }
    case .vote(_, let transfer): coverage.count(transfer ? .transferElections : .elections)
    case .appendReply(.rejected): coverage.count(.rejections)
    case .snapshotChunk: coverage.count(.chunksSent)
    case .proposeChange: coverage.count(.changesForwarded)
    case .timeoutNow:
      countTransfer(message)
      if member.disk.behavior.drag != nil { coverage.count(.slowLeadersHandOver) }
    case .propose: coverage.count(.writesForwarded)
    default: break
    }
  }
}
