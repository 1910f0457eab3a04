import CloudState
import NodeRuntime
import Raft
import Synchronization

@testable import NodeGateway

/// A real cluster member, with a count of what it was asked. It can be told to fail as a cluster
/// does that has lost its majority, which a member alone cannot.
final class WatchedMember: ReplicatedState {
  private struct State {
    var failure: ConsensusError?
    var answersToLose = 0
    var removed: Set<MemberID> = []
    var losesLease = false
    var barriers = 0
    var duringBarrier: (@Sendable () async -> Void)?
    var duringProposal: (@Sendable () async -> Void)?
    var transferTargets: [MemberID?] = []
    var recorded: [RecordedAnswer] = []
  }

  private let member: ClusterMember
  private let state = Mutex(State())

  /// What commands are stamped by; a test may stand it still.
  let clock: ClusterClock

  init(_ member: ClusterMember, clock: ClusterClock? = nil) {
    self.member = member
    self.clock = clock ?? member.clock
  }

  /// What every call is answered with from now on.
  func fail(with error: ConsensusError?) {
    state.withLock { $0.failure = error }
  }

  /// Commands from now on take effect, and the one after `answered` others cannot say so.
  func loseAnswer(after answered: Int) {
    state.withLock { $0.answersToLose = answered + 1 }
  }

  /// The next lease of calls is granted, and cannot be told of.
  func loseLease() {
    state.withLock { $0.losesLease = true }
  }

  /// What is done while the next barrier is waited for, so that whoever waits must know of it.
  func duringBarrier(_ action: @escaping @Sendable () async -> Void) {
    state.withLock { $0.duringBarrier = action }
  }

  /// What is done before the next command is proposed.
  func duringProposal(_ action: @escaping @Sendable () async -> Void) {
    state.withLock { $0.duringProposal = action }
  }

  var id: MemberID { member.id }
  var barriers: Int { state.withLock { $0.barriers } }
  var transferTargets: [MemberID?] { state.withLock { $0.transferTargets } }

  /// The answers that were proposed to be kept.
  var recorded: [RecordedAnswer] { state.withLock { $0.recorded } }

  func propose(
    _ payload: [UInt8], timeout: Duration
  ) async throws(ConsensusError) -> Applied {
    try check()
    let action = state.withLock { state in
      defer { state.duringProposal = nil }
      return state.duringProposal
    }
    await action?()
    if case .recordAnswer(let command) = CommandEnvelope(decoding: payload)?.command {
      state.withLock { $0.recorded.append(command.answer) }
    }
    let applied = try await member.propose(payload, timeout: timeout)
    let isLost = state.withLock { state in
      switch CommandEnvelope(decoding: payload)?.command {
      case .leaseCalls:
        defer { state.losesLease = false }
        return state.losesLease
      // What a node does by itself.
      case .returnCalls: return false
      default: break
      }
      guard state.answersToLose > 0 else { return false }
      state.answersToLose -= 1
      return state.answersToLose == 0
    }
    if isLost { throw .outcomeUnknown }
    return applied
  }

  func read(timeout: Duration) async throws(ConsensusError) -> LogIndex {
    try check()
    let action = state.withLock { state in
      state.barriers += 1
      defer { state.duringBarrier = nil }
      return state.duringBarrier
    }
    await action?()
    return try await member.read(timeout: timeout)
  }

  func waitUntilApplied(_ index: LogIndex, timeout: Duration) async throws(ConsensusError) {
    try check()
    // What has not come to a member alone is in nobody's log, so waiting for it is in vain.
    try await member.waitUntilApplied(index, timeout: .milliseconds(50))
  }

  /// Waits for a command that nobody else waits for, as long as a busy machine takes.
  func waitForCommand(at index: LogIndex) async throws {
    try await member.waitUntilApplied(index, timeout: .seconds(300))
  }

  var appliedIndex: LogIndex { member.appliedIndex }

  /// The cluster goes on without a member, as far as anybody can see.
  func remove(_ id: MemberID) {
    state.withLock { _ = $0.removed.insert(id) }
  }

  func clusterView() -> ClusterView {
    let removed = state.withLock { $0.removed }
    var view = member.clusterView()
    view.members.removeAll { removed.contains($0.id) }
    return view
  }

  /// Noted and not done: a member alone has nobody to hand over to.
  func transferLeadership(
    to target: MemberID?, timeout: Duration
  ) async throws(ConsensusError) {
    try check()
    state.withLock { $0.transferTargets.append(target) }
  }

  private func check() throws(ConsensusError) {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
