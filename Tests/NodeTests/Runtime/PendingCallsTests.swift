import Raft
import Testing

@testable import NodeRuntime

/// Calls that wait, without a cluster: the test plays the consensus and the state machine's threads.
@Suite struct PendingCallsTests {
  let member = MemberID(7)
  let inbox = Mailbox<ConsensusInput>()
  let calls: PendingCalls
  let led = Leadership(term: Term(2), leader: MemberID(7))

  init() {
    var limits = MemberLimits()
    limits.waitingCalls = 3
    limits.waitingBytes = 100
    calls = PendingCalls(member: member, limits: limits, applied: LogIndex(5), inbox: inbox)
  }

  private func start(
    _ request: PendingCalls.Request, timeout: Duration = .seconds(600)
  ) -> Task<PendingCalls.Answer, Never> {
    Task { [calls] in await calls.perform(request, timeout: timeout) }
  }

  /// The next proposal that was submitted, waiting for it.
  private func nextProposal() async throws -> ProposalID {
    var inputs: [ConsensusInput] = []
    try await eventually("something is submitted") {
      _ = inbox.take(into: &inputs, until: .now)
      return !inputs.isEmpty
    }
    return try #require(proposals(in: inputs.compactMap(\.event)).first)
  }

  private func proposals(in events: [Event]) -> [ProposalID] {
    events.compactMap { if case .propose(let id, _) = $0 { id } else { nil } }
  }

  private func apply(_ id: ProposalID, at index: UInt64, result: [UInt8]) {
    let position = LogPosition(index: LogIndex(index), term: Term(2))
    calls.applied(
      [Entry(position: position, content: .command([], proposal: id))], [result])
  }

  @Test func aRefusedProposalIsSubmittedAgainUnderANewLeaderWithTheSameID() async throws {
    let call = start(.propose([1]))
    let id = try await nextProposal()
    #expect(id.member == member)
    calls.failed(id, .refused(.noLeader))
    // Nobody leads: there is nobody to submit it to.
    #expect(calls.advance(now: .now + .seconds(60), leadership: Leadership()).isEmpty)
    #expect(proposals(in: calls.advance(now: .now, leadership: led)) == [id])
    // And not twice.
    #expect(calls.advance(now: .now + .seconds(60), leadership: led).isEmpty)
    apply(id, at: 6, result: [9])
    #expect(await call.value == .success(Applied(index: LogIndex(6), result: [9])))
  }

  @Test func anOverloadedLeaderIsAskedAgainAfterAPause() async throws {
    let call = start(.propose([1]))
    let id = try await nextProposal()
    _ = calls.advance(now: .now, leadership: led)
    calls.failed(id, .refused(.overloaded))
    _ = calls.advance(now: .now + .seconds(1), leadership: led)
    calls.failed(id, .refused(.overloaded))
    #expect(calls.advance(now: .now, leadership: led).isEmpty)
    #expect(proposals(in: calls.advance(now: .now + .seconds(1), leadership: led)) == [id])
    calls.failed(id, .refused(.overloaded))
    _ = calls.advance(now: .now + .seconds(601), leadership: Leadership())
    #expect(await call.value == .failure(.overloaded))
  }

  @Test func aLateResultOfAnAttemptThoughtLostAnswers() async throws {
    let call = start(.propose([1]))
    let id = try await nextProposal()
    calls.failed(id, .unknown)
    apply(id, at: 6, result: [])
    #expect(await call.value == .success(Applied(index: LogIndex(6), result: [])))
    #expect(calls.advance(now: .now + .seconds(1), leadership: led).isEmpty)
    // The second copy's entry finds nobody.
    apply(id, at: 7, result: [])
  }

  @Test func whatMayBeInTheLogEndsUnknown() async throws {
    let submitted = start(.propose([1]))
    _ = try await nextProposal()
    let lost = start(.propose([2]))
    let lostID = try await nextProposal()
    calls.failed(lostID, .unknown)
    let refused = start(.propose([3]))
    let refusedID = try await nextProposal()
    calls.failed(refusedID, .refused(.unavailable))
    _ = calls.advance(now: .now + .seconds(601), leadership: Leadership())
    #expect(await submitted.value == .failure(.outcomeUnknown))
    #expect(await lost.value == .failure(.outcomeUnknown))
    #expect(await refused.value == .failure(.noLeader))
  }

  @Test func onlySoManyWait() async throws {
    let waiting = (0..<3).map { _ in start(.reach(LogIndex(10))) }
    try await eventually("the table is full") { calls.count == 3 }
    #expect(await calls.perform(.read, timeout: .seconds(600)) == .failure(.overloaded))
    // What needs no waiting needs no room.
    #expect(
      await calls.perform(.reach(LogIndex(5)), timeout: .zero)
        == .success(
          Applied(index: LogIndex(5), result: [])))
    calls.reached(LogIndex(9))
    calls.reached(LogIndex(10))
    for call in waiting {
      #expect(await call.value == .success(Applied(index: LogIndex(10), result: [])))
    }
  }

  @Test func onlySoManyBytesWait() async throws {
    let first = start(.propose([UInt8](repeating: 0, count: 80)))
    let id = try await nextProposal()
    let second = [UInt8](repeating: 0, count: 21)
    #expect(await calls.perform(.propose(second), timeout: .zero) == .failure(.overloaded))
    apply(id, at: 6, result: [])
    _ = await first.value
    let third = start(.propose(second))
    apply(try await nextProposal(), at: 7, result: [])
    #expect(await third.value == .success(Applied(index: LogIndex(7), result: [])))
  }

  @Test func aCancelledCallerStopsWaiting() async throws {
    let call = start(.propose([1]))
    let id = try await nextProposal()
    call.cancel()
    #expect(await call.value == .failure(.cancelled))
    apply(id, at: 6, result: [])
    let before = Task { [calls] in
      withUnsafeCurrentTask { $0?.cancel() }
      return await calls.perform(.read, timeout: .seconds(600))
    }
    #expect(await before.value == .failure(.cancelled))
  }

  @Test func closingEndsAllAndTakesNoMore() async throws {
    let call = start(.propose([1]))
    _ = try await nextProposal()
    let read = start(.reach(LogIndex(100)))
    try await eventually("both wait") { calls.count == 2 }
    calls.close()
    #expect(await call.value == .failure(.outcomeUnknown))
    #expect(await read.value == .failure(.shuttingDown))
    #expect(await calls.perform(.read, timeout: .seconds(1)) == .failure(.shuttingDown))
  }

  @Test func aSuspendedMemberAnswersWhoWaitsAndWhoComes() async throws {
    let problem = ClusterView.Problem(kind: .diskFull, file: "f", reason: "no space")
    let refused = start(.propose([1]))
    let id = try await nextProposal()
    calls.failed(id, .refused(.noLeader))
    let handedOver = start(.propose([2]))
    _ = try await nextProposal()
    let waiting = start(.reach(LogIndex(6)))
    try await eventually("all wait") { calls.count == 3 }
    calls.suspend(.suspended(problem))
    #expect(await refused.value == .failure(.suspended(problem)))
    // It may be in the log.
    #expect(await handedOver.value == .failure(.outcomeUnknown))
    #expect(await calls.perform(.read, timeout: .seconds(600)) == .failure(.suspended(problem)))
    // What is on its way to the state machine may still arrive.
    calls.reached(LogIndex(6))
    #expect(await waiting.value == .success(Applied(index: LogIndex(6), result: [])))

    calls.emptied()
    calls.resume()
    let again = start(.propose([3]))
    _ = try await nextProposal()
    #expect(calls.count == 1)
    let behind = start(.reach(LogIndex(6)))
    try await eventually("an index counts anew") { calls.count == 2 }
    calls.close()
    #expect(await again.value == .failure(.outcomeUnknown))
    #expect(await behind.value == .failure(.shuttingDown))
  }
}

extension ConsensusInput {
  fileprivate var event: Event? { if case .event(let event) = self { event } else { nil } }
}
