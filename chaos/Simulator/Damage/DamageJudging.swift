import Raft

/// Judges how members bear damage: that it is noticed, told of, and made good before they vote.
extension Simulation {
  /// A member was opened; `found` is what its log holds, `scars` what its disk had changed before.
  func checkPromise(
    of member: SimulatedMember, against found: RecoveredLog, _ scars: [Scar]
  ) {
    let promise = member.promise
    if let breach = promise.hardStateBreach(by: found) {
      report(.durability, "member \(member.number): \(breach)")
    }
    if let breach = promise.logBreach(by: found) {
      if found.quarantine == nil || !member.damage.mayLackEntries {
        report(.durability, "member \(member.number): \(breach)")
      }
    } else if found.quarantine == nil, !promise.isWhole(in: found) {
      coverage.count(.tailsCut)
    }
    checkReport(found.quarantine, of: member, scars)
  }

  /// Damage to the log must be told of, with its place, and nothing else may be.
  private func checkReport(
    _ quarantine: Quarantine?, of member: SimulatedMember, _ scars: [Scar]
  ) {
    let first = scars.filter { $0.end != nil }
      .min { ($0.path, $0.end ?? 0) < ($1.path, $1.end ?? 0) }
    guard let quarantine else {
      guard let first else { return }
      return report(
        .quarantine,
        "member \(member.number) does not notice the damage to \(first.path) at \(first.offset)")
    }
    guard member.damage.quarantine == .none else { return }
    guard member.damage.mayLackEntries else { return reportNeedless(quarantine, of: member) }
    // A start that a crash ended may have written the quarantine down, and that may be damaged since, or
    // itself tell of damage to what was written down before.
    guard let first, let end = first.end, !member.damage.hasMet(.quarantine) else { return }
    coverage.count(.quarantines)
    // Headers are looked at before records: of several places any may be named.
    if !member.damage.hasMet(quarantine.offset, of: quarantine.file) {
      report(
        .quarantine,
        "member \(member.number) reports \(quarantine), but \(first.path) is damaged at \(end)")
    }
  }

  private func reportNeedless(_ quarantine: Quarantine, of member: SimulatedMember) {
    report(
      .quarantine, "member \(member.number) is in quarantine for no reason: \(quarantine)")
  }

  /// What snapshots were set aside, against what the disk did to them.
  func checkSnapshots(_ damage: [StorageError], of member: SimulatedMember, _ scars: [Scar]) {
    let expected = Set(scars.filter { $0.part == .snapshot }.map(\.path))
    var told: Set<String> = []
    for case .damaged(let path, _, _) in damage { told.insert(path) }
    coverage.count(.snapshotsSetAside, told.count)
    if let path = expected.subtracting(told).min() {
      report(.quarantine, "member \(member.number) does not notice the damage to \(path)")
    }
    if let path = told.subtracting(expected).min() {
      report(.recovery, "member \(member.number) takes \(path) for damaged")
    }
  }

  /// The member starts, in quarantine or not. `promised` is what it had acknowledged.
  func noteQuarantine(
    _ quarantine: Quarantine?, of member: SimulatedMember, promised: [LogPosition],
    lacksSnapshot: Bool
  ) {
    let was = member.damage.quarantine
    let mayLackEntries = member.damage.mayLackEntries
    member.damage.wasExamined()
    member.damage.lacksSnapshot = lacksSnapshot
    guard let quarantine else {
      if was == .owes {
        report(.quarantine, "member \(member.number) has forgotten that it lacks entries")
      }
      return checkHealing(of: member)
    }
    if was == .none {
      if !mayLackEntries { reportNeedless(quarantine, of: member) }
      trace.note(
        now, "q", member.number, as: "m\(member.number) is in quarantine: \(quarantine)")
      if quarantine.file == "snapshots" { coverage.count(.quarantinesForSnapshots) }
    }
    member.damage.beginQuarantine(promised: promised)
  }

  /// The member has it written down that it holds all again that it had lost.
  func checkHealing(of member: SimulatedMember) {
    let durable = member.promise.log
    for position in member.damage.owed
    where position.index > durable.base.index && durable.term(at: position.index) != position.term {
      checker.lacks(
        position, healedIn: member.damage.healedIn, member: member.number, at: now)
    }
    member.damage.isWhole()
  }

  /// A member in quarantine promises nothing but entries, and nobody gives a vote or acknowledges an entry
  /// that its disk may forget.
  func checkSent(_ message: Message, by member: SimulatedMember) {
    checkVote(in: message, by: member)
    switch message.body {
    case .appendReply(.accepted(let match)) where match > member.promise.log.last.index:
      // One from an earlier term may come late: what it speaks of was durable, and is replaced since.
      guard message.term == member.process?.term else { return }
      report(
        .durability,
        "member \(member.number) acknowledges entry \(match), its log is durable up to "
          + "\(member.promise.log.last)")
    case .voteReply(granted: true), .vote, .append, .heartbeat, .snapshotChunk, .timeoutNow:
      guard member.damage.quarantine != .none else { return }
      report(.quarantine, "member \(member.number) is in quarantine and sends \(describe(message))")
    case .preVoteReply(granted: true), .preVote:
      guard member.damage.quarantine == .owes else { return }
      report(.quarantine, "member \(member.number) is in quarantine and sends \(describe(message))")
    default: break
    }
  }

  private func checkVote(in message: Message, by member: SimulatedMember) {
    guard let candidate = message.vote else { return }
    let durable = member.promise.hardState
    if !durable.keeps(HardState(term: message.term, vote: candidate)) {
      report(
        .durability,
        "member \(member.number) votes for \(candidate) in term \(message.term), but durable is a vote "
          + "for \(durable.vote?.description ?? "none") in term \(durable.term)")
    }
  }

  /// Whether an error of a running member is its disk's doing.
  func isDamage(_ error: any Error, to member: SimulatedMember) -> Bool {
    guard case StorageError.damaged(let path, _, _) = error else { return false }
    return member.damage.scars(on: member.disk).contains { $0.path == path }
  }
}
