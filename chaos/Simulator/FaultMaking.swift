import Raft

/// Makes faults, and in the end undoes them and asks whether the cluster recovers.
extension Simulation {
  func scheduleFault(_ fault: Fault, period: Microseconds) {
    scheduler.schedule(
      .fault(fault, period: period), after: random.draw(period / 2...period + period / 2))
  }

  func make(_ fault: Fault, period: Microseconds) {
    guard !isCalm else { return }
    scheduleFault(fault, period: period)
    let member = victim()
    trace.note(
      now, "f", member.number, UInt64(fault.rawValue), as: "fault: \(fault), m\(member.number)")
    switch fault {
    case .killProcess: stop(member, losesPower: false)
    case .losePower: stop(member, losesPower: true)
    case .blackout:
      coverage.count(.blackouts)
      for member in members { crash(member, losesPower: true) }
    case .crashLoop:
      coverage.count(.crashLoops)
      member.shortLives = random.draw(2...10)
      crash(member, losesPower: false)
    case .partition, .partitionOneWay: makePartition(around: member, oneWay: fault != .partition)
    case .pause:
      coverage.count(.pauses)
      member.pausedUntil = max(
        member.pausedUntil, now + random.drawScaled(pace.stretch(20_000...2_000_000)))
    case .slowDown: slowDown(member)
    case .stopMachine: stopMachine(of: member)
    case .changeVersion: changeVersion()
    case .clockJump:
      coverage.count(.clockJumps)
      // From a millisecond to a month, as often forward as back.
      let length = Int64(random.drawScaled(1...3_000_000_000))
      member.wallClock.jump(by: random.coin() ? length : -length)
    case .bitRot, .loseWrite, .misdirectWrite: damageDisk(by: fault)
    case .fillDisk: fillDisk(of: member)
    case .slowDisk: slowDisk(of: member)
    case .transferLeadership:
      coverage.count(.transfersAsked)
      let target = random.coin() ? random.pick(machines).id : nil
      give([.transferLeadership(to: target)], to: leader() ?? member)
    case .changeMembership: clusterOperator.isDue = true
    case .loseDisk: loseDisk(of: random.pick(machines))
    case .forgetLeader:
      coverage.count(.leadersForgotten)
      give([.forgetLeader], to: random.pick(machines))
    case .campaign:
      coverage.count(.campaignsAsked)
      give([.campaign], to: random.pick(machines))
    case .usurp: usurp()
    case .takeSnapshot:
      coverage.count(.snapshotsAsked)
      give([.takeSnapshot], to: random.pick(machines))
    }
  }

  /// Cuts the leader off and has another one elected at once, while what was sent before is still on its way.
  private func usurp() {
    guard let leader = leader() else { return }
    let others = machines.filter { $0 !== leader && $0.process != nil }
    guard !others.isEmpty else { return }
    cutOff(leader)
    for other in others { give([.forgetLeader], to: other) }
    give([.campaign], to: random.pick(others))
  }

  /// The same for a leader that has just told another member to campaign: it hears of nothing more.
  func cutOffAfterHandover(_ leader: SimulatedMember) {
    guard !isCalm, plan.faults.contains(where: { $0.fault == .usurp }), random.coin() else {
      return
    }
    cutOff(leader)
  }

  private func cutOff(_ leader: SimulatedMember) {
    coverage.count(.usurpations)
    makePartition([leader.number], oneWay: false, breaks: false, lasting: 20_000...1_000_000)
  }

  /// Any member, more often the leader.
  private func victim() -> SimulatedMember {
    if random.coin(), let leader = leader() { return leader }
    return random.pick(machines)
  }

  /// Those that run, or will run again.
  var machines: [SimulatedMember] { members.filter { !$0.isGone } }

  /// The leader of the newest term.
  func leader() -> SimulatedMember? {
    members.filter { $0.process?.isLeader == true }
      .max { ($0.process?.term ?? .zero) < ($1.process?.term ?? .zero) }
  }

  /// Stops a member at once, or in the middle of what it does next.
  private func stop(_ member: SimulatedMember, losesPower: Bool) {
    guard let process = member.process else { return }
    if random.happens(plan.crashInDiskWork) {
      if !losesPower, random.happens(300_000) {
        member.database.armCrash(after: random.drawScaled(1...16) - 1)
      } else {
        member.disk.armCrash(after: random.drawScaled(1...64) - 1)
      }
    } else if random.happens(plan.crashBetweenEffects) {
      process.effectsUntilCrash = random.draw(0...8)
    } else {
      crash(member, losesPower: losesPower)
    }
  }

  private func makePartition(around member: SimulatedMember, oneWay: Bool) {
    coverage.count(oneWay ? .oneWayPartitions : .partitions)
    var side = [member.number]
    for other in machines where other !== member && random.happens(350_000) {
      side.append(other.number)
    }
    makePartition(side, oneWay: oneWay, breaks: random.coin(), lasting: 50_000...5_000_000)
  }

  /// Cuts `side` off; heals after a while, which is given as for the quickest world.
  private func makePartition(
    _ side: [Int], oneWay: Bool, breaks: Bool, lasting lengths: ClosedRange<Microseconds>
  ) {
    let id = network.cut(side: side, members: members.count, oneWay: oneWay, breaks: breaks)
    trace.note(
      now, "p", side[0], UInt64(id),
      as: "partition \(id)\(oneWay ? " one way" : ""): \(side.sorted()) from the others")
    scheduler.schedule(.heal(id), after: random.drawScaled(pace.stretch(lengths)))
  }

  // MARK: The end

  /// From here on nothing fails, and the cluster has this long to converge.
  private var patience: Microseconds { pace.stretch(30_000_000) }

  func endFaults() {
    trace.note(now, "e", 0, as: "faults end")
    isCalm = true
    calmSince = now
    network.healAll()
    network.behavior = .calm(pace)
    for member in members {
      member.pausedUntil = 0
      member.time.slowUntil = 0
      member.time.stoppedUntil = 0
      member.time.clock.goOn(at: now)
      member.shortLives = 0
      member.disk.behavior.errorChance = 0
      member.disk.behavior.stallChance = 0
      member.disk.behavior.drag = nil
      member.disk.isFull = false
      member.disk.disarmCrash()
      member.database.disarmCrash()
      member.process?.effectsUntilCrash = nil
    }
    finishUpgrade()
    // Those that are down come back by themselves: a start is scheduled with each end.
    if !plan.convergesIdle { scheduleTurn(clients.count - 1, after: pace.stretch(1_000_000)) }
    scheduler.schedule(.convergenceCheck, after: pace.stretch(1_000_000))
  }

  func checkConvergence() {
    guard let obstacle = obstacleToTheEnd() else {
      hasConverged = true
      return checkEnd()
    }
    guard now < calmSince + patience else {
      return report(.liveness, "\(patience / 1_000_000) s after the last fault: \(obstacle)")
    }
    scheduler.schedule(.convergenceCheck, after: pace.stretch(100_000))
  }

  func obstacleToConvergence() -> String? {
    if let obstacle = obstacleToAgreement() { return obstacle }
    switch clients[clients.count - 1].operations {
    case 0:
      if plan.convergesIdle { coverage.count(.idleConvergences) }
      scheduleTurn(clients.count - 1, after: 0)
      fallthrough
    case 1: return "no fresh write is acknowledged"
    default: return nil
    }
  }

  /// What is missing until all members are well and agree, which needs nobody to ask for anything.
  private func obstacleToAgreement() -> String? {
    for member in finalMembers where member.process?.isHalted == true {
      return "member \(member.number) has halted"
    }
    if let obstacle = obstacleInMembership() { return obstacle }
    for member in finalMembers {
      if let obstacle = member.process?.office?.unfinished { return obstacle }
    }
    for client in clients.dropLast() where client.current != nil {
      return "client \(client.number) still waits for member \(client.member)"
    }
    for member in members where member.damage.quarantine != .none {
      return "member \(member.number) is in quarantine"
    }
    if let obstacle = obstacleInVersions() { return obstacle }
    let committed = checker.ledger.last
    for member in finalMembers {
      guard let process = member.process else { return "member \(member.number) is down" }
      guard let applied = try? process.machine.applied, applied.index >= committed.index else {
        return "member \(member.number) has not applied all up to \(committed)"
      }
    }
    return nil
  }

  private func checkEnd() {
    do {
      let processes = finalMembers.compactMap(\.process)
      let finding = try workload.finish(
        processes.map(\.machine), processes.compactMap(\.office), uptime: uptime)
      if let finding { report(finding) }
    } catch {
      report(.storage, "a member's state can't be read at the end: \(error)")
    }
  }
}
