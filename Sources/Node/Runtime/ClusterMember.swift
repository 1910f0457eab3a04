public import Logging
public import Raft
public import ServiceLifecycle

/// One member of a cluster, running: a `Replica` on threads, a disk and sockets.
///
///     let member = try await ClusterMember.open(options, logger: logger) { start in
///       try MyStateMachine(directory: start.directory, emptied: start.mustBeEmpty)
///     }
///     // In a service group, before what depends on it:
///     try await member.run()
///     // Meanwhile:
///     let applied = try await member.propose(command)
///
/// Calls are safe from any task and take no thread while they wait.
public final class ClusterMember: Service {
  /// This member: its disk's identity.
  public let id: MemberID
  /// The port that peers are listened for on.
  public let peerPort: Int

  private init(id: MemberID, peerPort: Int) {
    self.id = id
    self.peerPort = peerPort
  }

  // MARK: Starting

  /// How a state machine must start.
  public struct StateMachineStart: Sendable {
    /// Where it may keep its state; exists.
    public var directory: String
    /// Whether what it has kept is to be thrown away: it does not belong to the log.
    public var mustBeEmpty: Bool
  }

  /// Opens all that the member keeps on disk and listens for peers, whom it answers when it runs.
  ///
  /// - Parameter stateMachine: Makes the state machine. Called once, and once more with `mustBeEmpty`
  ///   when its state does not belong to the log; the first one has been let go by then.
  public static func open(
    _ options: MemberOptions, logger: Logger,
    stateMachine: @escaping @Sendable (StateMachineStart) throws -> any StateMachine
  ) async throws(MemberError) -> ClusterMember { preconditionFailure() }

  /// Takes part in the cluster until the task is cancelled or a graceful shutdown begins; then leadership
  /// is handed over first. To be called once.
  ///
  /// - Throws: `MemberError` when the disk or the state machine failed. Nothing was acknowledged after
  ///   that; the process should end.
  public func run() async throws { preconditionFailure() }

  // MARK: Asking the cluster

  /// Has a command applied by the cluster, wherever its leader is, and waits until this member has applied
  /// it too.
  ///
  /// When the leader changes the command is proposed again, so it may stand in the log more than once: the
  /// state machine must recognise a repeated command by its bytes and answer as it did the first time.
  public func propose(
    _ payload: [UInt8], timeout: Duration = .seconds(10)
  ) async throws(ConsensusError) -> Applied { preconditionFailure() }

  /// Returns when this member has applied everything that was acknowledged anywhere in the cluster
  /// before the call, and up to where that is: what is read here afterwards is linearizable.
  @discardableResult
  public func read(timeout: Duration = .seconds(10)) async throws(ConsensusError) -> LogIndex {
    preconditionFailure()
  }

  /// Returns when this member has applied the entry at `index`.
  public func waitUntilApplied(
    _ index: LogIndex, timeout: Duration = .seconds(10)
  ) async throws(ConsensusError) { preconditionFailure() }

  /// What this member has applied. Costs an atomic load.
  public var appliedIndex: LogIndex { preconditionFailure() }

  /// The cluster as this member knows it.
  public func clusterView() -> ClusterView { preconditionFailure() }

  /// Hands leadership from this member to another, or to the most suitable one, and returns when that
  /// one leads.
  public func transferLeadership(
    to target: MemberID? = nil, timeout: Duration = .seconds(2)
  ) async throws(ConsensusError) { preconditionFailure() }
}
