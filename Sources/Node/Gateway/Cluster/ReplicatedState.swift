import CloudState
public import NodeRuntime
public import Raft

/// What the API asks of the cluster member it runs in.
///
/// All calls are safe from any task and end within a bounded time.
public protocol ReplicatedState: Sendable {
  /// See `ClusterMember.propose(_:timeout:)`.
  func propose(
    _ payload: [UInt8], timeout: Duration
  ) async throws(ConsensusError) -> Applied

  /// See `ClusterMember.read(timeout:)`.
  @discardableResult
  func read(timeout: Duration) async throws(ConsensusError) -> LogIndex

  /// See `ClusterMember.waitUntilApplied(_:timeout:)`.
  func waitUntilApplied(_ index: LogIndex, timeout: Duration) async throws(ConsensusError)

  /// See `ClusterMember.id`.
  var id: MemberID { get }

  /// See `ClusterMember.appliedIndex`.
  var appliedIndex: LogIndex { get }

  /// See `ClusterMember.clock`.
  var clock: ClusterClock { get }

  /// See `ClusterMember.clusterView()`.
  func clusterView() -> ClusterView

  /// See `ClusterMember.transferLeadership(to:timeout:)`.
  func transferLeadership(to target: MemberID?, timeout: Duration) async throws(ConsensusError)
}

extension ClusterMember: ReplicatedState {}

extension ReplicatedState {
  /// The time of day as the cluster's members agree on it. Commands carry it; the state machine never
  /// reads a clock.
  func now() -> Timestamp { Timestamp(milliseconds: clock.now()) }

  /// Returns when this node has applied everything that was acknowledged anywhere in the cluster
  /// before the call: what is read locally afterwards is linearizable.
  func readBarrier() async throws(ConsensusError) {
    try await read(timeout: .seconds(5))
  }
}
