import Testing

@testable import CloudState

/// One node's leases of calls.
@Suite struct CallLeaseHolderTests {
  private let workspace = WorkspaceID(rawValue: "ws_a")
  private let day = Day(containing: .june(10))

  private func holder(_ incarnation: UInt8 = 1) -> CallLeaseHolder {
    CallLeaseHolder(name: "clean-0", incarnation: [incarnation])
  }

  private func moment(_ milliseconds: Int64) -> CallMoment {
    CallMoment(clock: Timestamp.june(10).adding(milliseconds: milliseconds), uptime: milliseconds)
  }

  private func grant(
    _ command: LeaseCalls, calls: Int64, limit: Int64? = 100, at milliseconds: Int64
  ) -> CallGrant {
    let now = moment(milliseconds).clock
    return CallGrant(
      lease: CallLease(
        id: command.id, workspaceID: command.workspaceID, day: Day(containing: now),
        holder: command.holder, calls: calls,
        expiresAt: now.adding(milliseconds: command.milliseconds)),
      limit: limit, used: calls)
  }

  /// A holder with a lease, and that lease.
  private func holding(
    _ calls: Int64, at milliseconds: Int64 = 0
  ) throws -> (CallLeaseHolder, LeaseCalls) {
    var holder = holder()
    let command = try holder.lease(workspace, limit: 100, at: moment(milliseconds))
    holder.granted(grant(command, calls: calls, at: milliseconds))
    return (holder, command)
  }

  @Test func asksOnceAndSpendsWhatItGets() throws {
    var holder = holder()
    let command = try holder.lease(workspace, limit: 100, at: moment(0))
    #expect(holder.isAsking(for: workspace))
    #expect(holder.admit(workspace, limit: 100, at: moment(1)) == .waits)
    holder.granted(grant(command, calls: 2, at: 1))
    var receipts: [CallReceipt] = []
    for left in [Int64(99), 98] {
      let receipt = try holder.retry(workspace, at: moment(2))
      #expect(receipt.leaseID == command.id)
      #expect(receipt.remaining == left)
      #expect(receipt.resetsAt == day.end)
      receipts.append(receipt)
    }
    #expect(holder.unsettled(of: workspace) == 2)
    let next = try holder.lease(workspace, limit: 100, at: moment(3))
    #expect(next.id != command.id)
    for receipt in receipts { holder.ended(receipt, counts: true) }
    let attempt = try holder.giveBack(at: moment(3))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 2)])
    holder.returned(attempt.attempt)
    #expect(holder.unsettled(of: workspace) == 0)
  }

  @Test func asksForWhatTheNextSecondsNeed() throws {
    var holder = holder()
    let first = try holder.lease(workspace, limit: nil, at: moment(0))
    #expect(first.wanted == 4)
    holder.granted(grant(first, calls: 1_000_000, limit: nil, at: 0))
    // A thousand calls a second.
    for call in 1...1_500 {
      #expect(holder.admit(workspace, limit: nil, at: moment(Int64(call))).receipt != nil)
    }
    let end = CallMoment(clock: day.end, uptime: 1_500)
    let next = try holder.lease(workspace, limit: nil, at: end)
    #expect((1_990...2_010).contains(next.wanted))
    // After a pause it is one again, more or less.
    holder.refused(next, .notFound(.workspace), at: moment(60_000))
    #expect(
      try holder.lease(workspace, limit: nil, at: moment(60_000)).wanted == 4)
  }

  @Test func refusalIsBelievedForAWhile() throws {
    var holder = holder()
    let quota = QuotaExceeded(metric: .apiCalls, limit: 100, used: 100, resetsAt: day.end)
    let command = try holder.lease(workspace, limit: 100, at: moment(0))
    holder.refused(command, .quotaExceeded(quota), at: moment(0))
    #expect(holder.admitAgain(workspace, at: moment(0)) == .refused(quota))
    #expect(holder.admit(workspace, limit: 100, at: moment(499)) == .refused(quota))
    // Another limit is asked about at once, and so is the old one after a while, or tomorrow.
    var raised = holder
    #expect(raised.admit(workspace, limit: 101, at: moment(499)).command != nil)
    var tomorrow = holder
    let midnight = CallMoment(clock: day.end, uptime: 499)
    #expect(tomorrow.admit(workspace, limit: 100, at: midnight).command != nil)
    #expect(holder.admit(workspace, limit: 100, at: moment(500)).command != nil)
  }

  @Test func unknownLeaseIsAskedForUntilItIsKnown() throws {
    var holder = holder()
    let command = try holder.lease(workspace, limit: 100, at: moment(0))
    holder.unanswered(command)
    #expect(!holder.isAsking(for: workspace))
    #expect(holder.admit(workspace, limit: 100, at: moment(5)) == .needsLease(command))
    holder.unanswered(command)
    #expect(holder.takeUnanswered(limit: 1) == [command])
    #expect(holder.takeUnanswered(limit: 1) == [])
    // By the time that it is known it has expired: it goes back unspent.
    holder.granted(grant(command, calls: 9, at: 0))
    let attempt = try holder.giveBack(at: moment(55_000))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 0)])
  }

  @Test func idleLeaseGoesBack() throws {
    var (holder, command) = try holding(9)
    holder.ended(try holder.spend(workspace, limit: 100, at: moment(10)), counts: true)
    #expect(holder.takeReturns(at: moment(2_009)) == nil)
    let attempt = try holder.giveBack(at: moment(2_010))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 1)])
    // Nothing of it is spent any more, whatever becomes of the return.
    #expect(holder.admit(workspace, limit: 100, at: moment(2_011)).command != nil)
    holder.unreturned(attempt.attempt)
    #expect(holder.takeReturns(at: moment(2_012))?.returns == attempt.returns)
  }

  @Test func leaseIsNotSpentNearItsEndNorOnAnotherDay() throws {
    var (holder, _) = try holding(9)
    #expect(holder.admit(workspace, limit: 100, at: moment(54_999)).receipt != nil)
    #expect(holder.admit(workspace, limit: 100, at: moment(55_000)).command != nil)

    let late = day.end.milliseconds - Timestamp.june(10).milliseconds
    var (other, command) = try holding(9, at: late - 10)
    #expect(other.admit(workspace, limit: 100, at: moment(late - 1)).receipt != nil)
    #expect(other.admit(workspace, limit: 100, at: moment(late)).command != nil)
    let attempt = try other.giveBack(at: moment(late))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 1)])
  }

  @Test func callThatCameToNothingIsNotCounted() throws {
    var (holder, command) = try holding(1)
    let refused = try holder.spend(workspace, limit: 100, at: moment(0))
    // All of the lease is spent, and nobody knows yet whether it stays so.
    #expect(holder.takeReturns(at: moment(1_999)) == nil)
    holder.ended(refused, counts: false)
    #expect(holder.unsettled(of: workspace) == 0)
    let receipt = try holder.spend(workspace, limit: 100, at: moment(0))
    #expect(receipt.leaseID == command.id)
    holder.ended(receipt, counts: true)
    let attempt = try holder.giveBack(at: moment(0))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 1)])
    // Too late: it was said.
    holder.ended(refused, counts: false)
    holder.unreturned(attempt.attempt)
    let again = try holder.giveBack(at: moment(0))
    #expect(again.returns == attempt.returns)
  }

  @Test func whatTheClusterWasToldStaysSo() throws {
    var (holder, command) = try holding(10)
    let long = try holder.spend(workspace, limit: 100, at: moment(0))
    // The cluster takes back nine, and its answer is lost.
    let attempt = try holder.giveBack(at: moment(10_000))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 1)])
    holder.unreturned(attempt.attempt)
    let next = try holder.lease(workspace, limit: 100, at: moment(10_001))
    holder.ended(long, counts: false)
    // Others may have the nine: none of them is spent here.
    holder.granted(grant(next, calls: 1, at: 10_001))
    #expect(try holder.retry(workspace, at: moment(10_002)).leaseID == next.id)
    #expect(holder.admit(workspace, limit: 100, at: moment(10_002)).command != nil)
    #expect(holder.takeReturns(at: moment(10_003))?.returns == attempt.returns)
  }

  @Test func leaseThatCameBackIsNotForgottenForTheNext() throws {
    var (holder, command) = try holding(1)
    let refused = try holder.spend(workspace, limit: 100, at: moment(0))
    let next = try holder.lease(workspace, limit: 100, at: moment(1))
    holder.ended(refused, counts: false)
    holder.granted(grant(next, calls: 1, at: 2))
    holder.close()
    let attempt = try holder.giveBack(at: moment(3))
    #expect(
      Set(attempt.returns)
        == [CallReturn(id: command.id, spent: 0), CallReturn(id: next.id, spent: 0)])
  }

  @Test func anotherLimitHoldsAtOnce() throws {
    var (holder, command) = try holding(9)
    _ = try holder.spend(workspace, limit: 100, at: moment(0))
    let next = try holder.lease(workspace, limit: 50, at: moment(1))
    #expect(next.id != command.id)
    // Whoever waited is told what the cluster says, though the limit was another when the call came.
    let quota = QuotaExceeded(metric: .apiCalls, limit: 50, used: 90, resetsAt: day.end)
    #expect(holder.admit(workspace, limit: 100, at: moment(2)) == .waits)
    holder.refused(next, .quotaExceeded(quota), at: moment(3))
    #expect(holder.admitAgain(workspace, at: moment(3)) == .refused(quota))
  }

  @Test func leaseIsReturnedThoughACallTakesLong() throws {
    var (holder, command) = try holding(5)
    _ = try holder.spend(workspace, limit: 100, at: moment(0))
    #expect(holder.takeReturns(at: moment(9_999)) == nil)
    let attempt = try holder.giveBack(at: moment(10_000))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 1)])
  }

  @Test func everythingGoesBackAtTheEnd() throws {
    var (holder, command) = try holding(9)
    #expect(holder.admit(workspace, limit: 100, at: moment(0)).receipt != nil)
    holder.close()
    #expect(!holder.isEmpty)
    let attempt = try holder.giveBack(at: moment(0))
    #expect(attempt.returns == [CallReturn(id: command.id, spent: 1)])
    holder.returned(attempt.attempt)
    #expect(holder.isEmpty)
  }

  @Test func noTwoProcessesLeaseTheSameLease() throws {
    var (one, other) = (holder(1), holder(2))
    let first = try one.lease(workspace, limit: 100, at: moment(0))
    let second = try other.lease(workspace, limit: 100, at: moment(0))
    #expect(first.id != second.id)
    #expect(first.id.isWellFormed)
  }

  // MARK: All of it together

  /// Nodes that come and go, clocks that jump, answers that are lost: over the real state, against the
  /// plainest of models, a count of what was let through.
  @Test(arguments: Array(UInt64(0)..<40))
  func neverMoreThanTheLimitAndNothingLost(seed: UInt64) throws {
    var stage = try LeaseStage(seed: seed)
    for _ in 0..<600 { try stage.step() }
    try stage.finish()
  }

  /// As long as nothing dies or gets lost, what is counted is what was let through.
  @Test(arguments: Array(UInt64(0)..<20))
  func everyCallIsCountedOnce(seed: UInt64) throws {
    var stage = try LeaseStage(seed: seed, isCalm: true)
    for _ in 0..<600 { try stage.step() }
    try stage.finish()
  }
}

extension CallAdmission {
  var receipt: CallReceipt? {
    if case .admitted(let receipt) = self { receipt } else { nil }
  }

  var command: LeaseCalls? {
    if case .needsLease(let command) = self { command } else { nil }
  }
}

extension CallLeaseHolder {
  fileprivate mutating func lease(
    _ id: WorkspaceID, limit: Int64?, at moment: CallMoment
  ) throws -> LeaseCalls {
    let admission = admit(id, limit: limit, at: moment)
    return try #require(admission.command)
  }

  fileprivate mutating func spend(
    _ id: WorkspaceID, limit: Int64?, at moment: CallMoment
  ) throws -> CallReceipt {
    let admission = admit(id, limit: limit, at: moment)
    return try #require(admission.receipt)
  }

  fileprivate mutating func retry(
    _ id: WorkspaceID, at moment: CallMoment
  ) throws -> CallReceipt {
    let admission = admitAgain(id, at: moment)
    return try #require(admission.receipt)
  }

  fileprivate mutating func giveBack(
    at moment: CallMoment
  ) throws -> (attempt: Int, returns: [CallReturn]) {
    let given = takeReturns(at: moment)
    return try #require(given)
  }
}
