import CloudState
import Raft
import Synchronization

@testable import NodeGateway
@testable import NodeRuntime

/// A cluster of one without consensus: commands are applied as they come, to the real state
/// machine. It can be told to fail like a cluster, which a healthy member cannot.
final class SoloState: ReplicatedState {
  private struct State {
    var index: UInt64 = 0
    var failure: ConsensusError?
    var barriers = 0
    var transferTargets: [MemberID?] = []
  }

  private let store: StateStore
  private let state = Mutex(State())

  init(store: StateStore) {
    self.store = store
  }

  /// What every call is answered with from now on.
  func fail(with error: ConsensusError?) {
    state.withLock { $0.failure = error }
  }

  var barriers: Int { state.withLock { $0.barriers } }
  var transferTargets: [MemberID?] { state.withLock { $0.transferTargets } }

  func propose(
    _ payload: [UInt8], timeout: Duration
  ) async throws(ConsensusError) -> Applied {
    try check()
    return state.withLock { state in
      state.index += 1
      let record = CommandRecord(index: state.index, term: 1, payload: payload)
      guard let results = try? store.apply([record]) else {
        preconditionFailure("the state of a test cannot be stored")
      }
      return Applied(index: LogIndex(state.index), result: results[0])
    }
  }

  func read(timeout: Duration) async throws(ConsensusError) -> LogIndex {
    try check()
    return state.withLock {
      $0.barriers += 1
      return LogIndex($0.index)
    }
  }

  func waitUntilApplied(_ index: LogIndex, timeout: Duration) async throws(ConsensusError) {
    try check()
    if index > appliedIndex { throw .notApplied(index) }
  }

  var appliedIndex: LogIndex { state.withLock { LogIndex($0.index) } }

  func clusterView() -> ClusterView {
    let id = MemberID(0xabc)
    let index = appliedIndex
    return ClusterView(
      id: id, clusterID: "00000000000000c1", leader: id, term: Term(3), commit: index,
      applied: index, last: index,
      members: [
        ClusterView.Member(
          id: id, name: "clean-0", role: .leader, state: .healthy, peerAddress: "127.0.0.1:8100",
          url: "http://127.0.0.1:8000", version: "0.1.0", match: index, applied: index,
          last: index, lag: 0, roundTrip: nil, lastContact: nil, stateBytes: 1, logBytes: 2,
          uptime: .seconds(3))
      ])
  }

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
