import Raft

/// Who takes rights away hears of it only when it holds everywhere: a member waits with its answer, by its
/// own clock, and whoever ends meanwhile has given none.
extension Simulation {
  func acknowledge(_ ticket: Ticket, _ result: ClientAnswer, by member: SimulatedMember) {
    guard case .written(let bytes, _) = result, case let wait = workload.commitWait(after: bytes),
      wait > .zero
    else { return answer(ticket, result) }
    coverage.count(.commitWaits)
    scheduler.schedule(
      .commitWaited(
        result, ticket, member: member.number, incarnation: member.incarnation),
      after: length(of: wait, by: member))
  }

  func commitWaited(_ result: ClientAnswer, _ ticket: Ticket, _ number: Int, _ incarnation: Int) {
    let member = members[number]
    guard member.incarnation == incarnation else { return }
    guard member.pausedUntil <= now else {
      return scheduler.schedule(
        .commitWaited(result, ticket, member: number, incarnation: incarnation),
        after: member.pausedUntil - now)
    }
    answer(ticket, result)
  }

  /// How long it takes in truth until a member's clock, which may be too fast or too slow, has gone on so
  /// far. Rounded down, as a timer that has no finer clock may be.
  private func length(of wait: Duration, by member: SimulatedMember) -> Microseconds {
    let (seconds, attoseconds) = wait.components
    let microseconds = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    return microseconds * member.tickInterval / plan.tickInterval
  }
}
