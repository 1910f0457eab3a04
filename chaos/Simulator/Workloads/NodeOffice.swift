import Raft

/// What a node's process does by itself, beside what clients ask of its replica. It ends with the process.
protocol NodeOffice: AnyObject {
  /// Its turn: it works, and proposes commands, each under a number.
  ///
  /// - Parameters:
  ///   - machine: The process's state machine.
  ///   - wallClock: The member's, in milliseconds.
  ///   - uptime: Milliseconds of a clock that nobody sets.
  ///   - isCalm: Faults have stopped: it finishes what it has begun, and begins nothing.
  func turn(
    _ machine: any SimulatedMachine, wallClock: Int64, uptime: Int64, isCalm: Bool,
    _ random: inout RandomSource
  ) throws -> [(number: UInt64, command: [UInt8])]

  /// Somebody asks who will have the process's own state for an answer. Returns what is wrong with it.
  func answerAlone(
    _ machine: any SimulatedMachine, _ random: inout RandomSource
  ) throws -> Finding?

  /// What came of a command; nil if nobody knows.
  func answered(_ number: UInt64, _ result: [UInt8]?, uptime: Int64)

  /// What it has still to do once it is calm.
  var unfinished: String? { get }
}

extension Simulation {
  /// Milliseconds of a clock that nobody sets.
  var uptime: Int64 { Int64(now / 1_000) }

  private var officeRest: ClosedRange<Microseconds> { pace.stretch(50_000...500_000) }

  func openOffice(of member: SimulatedMember, _ process: MemberProcess) {
    process.office = workload.makeOffice(of: member.number, process: member.incarnation)
    if process.office != nil { scheduleOffice(of: member) }
  }

  private func scheduleOffice(of member: SimulatedMember) {
    scheduler.schedule(
      .officeTurn(member: member.number, incarnation: member.incarnation),
      after: random.draw(officeRest))
  }

  func officeTurn(_ number: Int, _ incarnation: Int) {
    let member = members[number]
    guard member.incarnation == incarnation, let process = member.process,
      let office = process.office
    else { return }
    scheduleOffice(of: member)
    guard member.pausedUntil <= now, !process.isHalted else { return }
    do {
      let proposals = try office.turn(
        process.machine, wallClock: member.wallClock.reading(at: now), uptime: uptime,
        isCalm: isCalm, &random)
      for (errand, command) in proposals {
        process.requests += 1
        let id = ProposalID(
          member: member.id, sequence: UInt64(member.incarnation) << 32 | process.requests)
        process.errands[id] = errand
        trace.note(
          now, "o", number, errand, Fingerprint.of(command),
          as: "m\(number)'s office proposes errand \(errand)")
        give([.propose(id, payload: command)], to: member)
      }
      try callAlone(office, of: member, process)
    } catch let finding as Finding {
      report(finding)
    } catch {
      failed(.applier, of: member, error)
    }
  }

  /// Now and then the process has its authority lease, or asks the cluster to have it.
  private func callAlone(
    _ office: any NodeOffice, of member: SimulatedMember, _ process: MemberProcess
  ) throws {
    if process.authority.holds(at: uptime(of: member)) {
      coverage.count(.staleReads)
      if let finding = try office.answerAlone(process.machine, &random) { report(finding) }
    } else if !isCalm, random.coin() {
      process.requests += 1
      ask(PendingRead(asked: uptime(of: member), floor: checker.ledger.last.index), member, process)
    }
  }

  /// The office hears of its errand; now and then the answer is lost on its way.
  func tell(_ office: (any NodeOffice)?, _ errand: UInt64, _ result: [UInt8]?) {
    let isLost = !isCalm && random.happens(50_000)
    office?.answered(errand, isLost ? nil : result, uptime: uptime)
  }
}
