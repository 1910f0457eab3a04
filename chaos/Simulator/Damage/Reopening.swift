import Raft

/// A member whose log can't be written any more goes on in the same process: its replica hands over and
/// halts, and once the threads stand still and the disk works, another one takes its place on a log that
/// is opened anew. The state machine stays.
extension Simulation {
  private var pause: ClosedRange<Microseconds> { pace.stretch(5_000...200_000) }

  func beginReopening(_ member: SimulatedMember, _ process: MemberProcess) {
    guard !process.isHalted else { return }
    process.isHalted = true
    give([.storageFailed], to: member)
    scheduleReopening(member)
  }

  private func scheduleReopening(_ member: SimulatedMember) {
    scheduler.schedule(
      .reopen(member: member.number, incarnation: member.incarnation),
      after: member.disk.takeElapsed() + random.draw(pause))
  }

  func reopen(_ number: Int, _ incarnation: Int) {
    let member = members[number]
    guard member.incarnation == incarnation, let old = member.process else { return }
    // What a thread is at must end first: the new replica goes by where the state machine stands.
    guard old.status.isHalted, member.pausedUntil <= now,
      old.lanes.allSatisfy({ $0.completion == nil })
    else { return scheduleReopening(member) }
    old.log.close()
    do {
      let process = try open(member, old.fileSystem, machine: old.machine)
      do {
        // A disk that was full must have room for what comes next.
        try process.log.reserve()
      } catch {
        process.log.close()
        throw error
      }
      release(old)
      member.incarnation += 1
      coverage.count(.logsReopened)
      run(process, of: member)
    } catch {
      trace.note(now, "!", number, as: "m\(number) can't go on yet: \(error)")
      if let finding = error as? Finding {
        report(finding)
      } else if error is StateAheadOfLog {
        // The next process empties it.
        crash(member, losesPower: false)
      } else if Self.isDiskFailure(error), !member.disk.isFrozen, !member.database.isStopped {
        scheduleReopening(member)
      } else {
        failed(.log, of: member, error)
      }
    }
  }

  /// Whoever waits for the old replica is told that it has no answer.
  private func release(_ process: MemberProcess) {
    for (_, ticket) in process.proposals.sorted(by: { $0.key.sequence < $1.key.sequence }) {
      answer(ticket, .unknown)
    }
    for (_, read) in process.reads.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      if let client = read.client { answer(client.ticket, .refused) }
    }
  }
}
