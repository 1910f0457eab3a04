import Raft

/// What the operator asks, what members answer, and what the operator makes of it.
extension Simulation {
  /// Whether the run has anything for an operator to do.
  var hasOperator: Bool {
    plan.faults.contains { $0.fault == .changeMembership || $0.fault == .loseDisk }
  }

  private static let maxAttempts = 8

  func scheduleOperator(after delay: Microseconds) {
    clusterOperator.turn += 1
    scheduler.schedule(.operatorTurn(clusterOperator.turn), after: delay)
  }

  func operatorTurn(_ turn: Int) {
    guard turn == clusterOperator.turn else { return }
    shutDownRemoved()
    if let errand = clusterOperator.errand, !isWorthwhile(errand) { clusterOperator.errand = nil }
    if clusterOperator.errand == nil { clusterOperator.errand = nextErrand() }
    guard let change = clusterOperator.errand?.change else {
      return scheduleOperator(after: random.draw(pace.stretch(20_000...200_000)))
    }
    ask(for: change)
  }

  private func isWorthwhile(_ errand: ClusterOperator.Errand) -> Bool {
    guard errand.isRepair || !isCalm && errand.attempts < Self.maxAttempts else { return false }
    return !errand.change.newcomers.contains { id in members.contains { $0.id == id && $0.isGone } }
  }

  private func ask(for change: MembershipChange) {
    let isFirst = clusterOperator.errand?.attempts == 0
    coverage.count(isFirst ? .changesAsked : .changesAskedAgain)
    clusterOperator.errand?.attempts += 1
    clusterOperator.asks(for: change, at: now)
    // Whoever takes itself for the leader, or anybody.
    let leaders = machines.filter { $0.process?.isLeader == true }
    let member = random.pick(random.coin() && !leaders.isEmpty ? leaders : machines)
    trace.note(
      now, "o", member.number, UInt64(change.steps.count),
      as: "operator asks m\(member.number) for \(describe(change))")
    scheduleOperator(after: plan.habits.patience)
    // Now and then another member is asked at once.
    let asked = isCalm || random.happens(900_000) ? [member] : [member, random.pick(machines)]
    for member in asked {
      scheduler.schedule(
        .changeRequest(change, turn: clusterOperator.turn, member: member.number),
        after: random.draw(clientLatency))
    }
  }

  func hear(_ answer: MembershipAnswer?, turn: Int) {
    guard turn == clusterOperator.turn else { return }
    trace.note(
      now, "O", 0, UInt64(turn), as: "operator: \(answer.map { "\($0)" } ?? "nobody is there")")
    switch answer {
    case nil: break
    case .unknown: coverage.count(.changesUnknown)
    case .decided:
      coverage.count(.changesDecided)
      clusterOperator.errand = nil
    case .refused(let reason):
      coverage.count(reason.coverage)
      // What the cluster lacks is looked at anew.
      if !reason.isForNow || clusterOperator.errand?.isRepair == true {
        clusterOperator.errand = nil
      }
    }
    scheduleOperator(after: random.drawScaled(pace.stretch(5_000...500_000)))
  }

  // MARK: The member's side

  func serve(_ change: MembershipChange, turn: Int, on member: SimulatedMember) {
    guard let process = member.process else {
      return scheduler.schedule(.changeAnswer(nil, turn: turn), after: random.draw(clientLatency))
    }
    process.requests += 1
    let id = ProposalID(
      member: member.id, sequence: UInt64(member.incarnation) << 32 | process.requests)
    process.changes[id] = turn
    checker.membership.wished(change, by: id)
    var events = [Event.changeMembership(id, change)]
    // A change in the middle of a hand-over is refused.
    if !isCalm, random.happens(50_000) { events.insert(.transferLeadership(to: nil), at: 0) }
    give(events, to: member)
  }

  /// A change in one line, for people.
  private func describe(_ change: MembershipChange) -> String {
    let steps = change.steps.map { step in
      switch step {
      case .addLearner(let member, let promotes):
        "learner \(name(member.id))\(promotes ? " to be promoted" : "")"
      case .addVoter(let member): "voter \(name(member.id))"
      case .promote(let id): "promote \(name(id))"
      case .demote(let id): "demote \(name(id))"
      case .remove(let id): "remove \(name(id))"
      case .update(let member): "update \(name(member.id))"
      }
    }
    return steps.isEmpty
      ? "the end of a joint configuration" : "\(steps.joined(separator: ", ")), \(change.path)"
  }
}

extension MembershipChange {
  /// Whom it adds.
  var newcomers: [MemberID] {
    steps.compactMap { step in
      switch step {
      case .addLearner(let member, _), .addVoter(let member): member.id
      default: nil
      }
    }
  }
}
