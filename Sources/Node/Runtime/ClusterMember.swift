public import Logging
public import Raft
public import ServiceLifecycle
import Synchronization

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

  let engine: Engine
  private let transport: PeerTransport
  /// What was opened; nil once the member runs.
  private let directory: Mutex<DataDirectory?>

  private init(engine: Engine, transport: PeerTransport, directory: DataDirectory) {
    self.engine = engine
    self.transport = transport
    self.directory = Mutex(directory)
    id = engine.membership.id
    peerPort = transport.port
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
  /// - Parameter stateMachine: Makes the state machine. Called once, and again with `mustBeEmpty` whenever
  ///   its state does not belong to the log, at the start or after damage that was found later; the one
  ///   before has been let go by then.
  public static func open(
    _ options: MemberOptions, logger: Logger,
    stateMachine: @escaping @Sendable (StateMachineStart) throws -> any StateMachine
  ) async throws(MemberError) -> ClusterMember {
    try options.validate()
    let opened = await withCheckedContinuation { continuation in
      _ = WorkerThread("clean-open") {
        continuation.resume(
          returning: Result { () throws(MemberError) in
            try DataDirectory(options, logger: logger, stateMachine: stateMachine)
          })
      }
    }
    let directory = try opened.get()
    let engine = Engine(
      options: options, membership: Membership(directory.identity),
      applied: directory.applied.index, logger: logger)
    let transport = try await PeerTransport.listen(engine)
    return ClusterMember(engine: engine, transport: transport, directory: directory)
  }

  // MARK: Running

  /// Takes part in the cluster until the task is cancelled or a graceful shutdown begins; then leadership
  /// is handed over first. To be called once.
  ///
  /// A disk that is full, fails or turns out damaged does not end it at once: see `StorageRetries`.
  ///
  /// - Throws: `MemberError` when the disk or the state machine failed for good. Nothing was acknowledged
  ///   after that; the process should end.
  public func run() async throws {
    let taken = directory.withLock { directory in
      defer { directory = nil }
      return directory
    }
    guard let directory = taken else { preconditionFailure("a member runs once") }
    let threads = MemberThreads(engine: engine, transport: transport, directory: directory)
    transport.start()
    let engine = engine
    let cause = await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await engine.ended()
      } onGracefulShutdown: {
        engine.end(.shutDown)
      }
    } onCancel: {
      engine.end(.cancelled)
    }
    if case .shutDown = cause { await handOver() }
    await threads.stop()
    await transport.close()
    // Only now may another process use the directory.
    _ = directory.lock.take()
    if let failure = engine.hasFailed { throw failure }
    engine.logger.info("This member has stopped; its log is durable and closed")
  }

  /// How long a leader that stops waits for another to take over.
  private static let handOverPatience = Duration.seconds(2)

  /// Lets another member lead, so that the cluster needn't find out by silence that this one is gone.
  private func handOver() async {
    guard let status = engine.board.status, status.role == .leader,
      status.configuration.voters.count > 1
    else { return }
    let id = id
    engine.inbox.put(.handOver)
    let isLed = await engine.board.wait(until: .now + Self.handOverPatience) { status in
      status.role != .leader && status.leader != nil && status.leader != id
    }
    if isLed, let status = engine.board.status {
      let name = status.leader.flatMap { status.configuration.member($0)?.name } ?? "another member"
      engine.logger.notice("Leadership was handed over to \(name)")
    } else {
      engine.logger.warning(
        "Nobody took leadership over within \(Self.handOverPatience); stopping anyway")
    }
  }

  // MARK: Asking the cluster

  /// Has a command applied by the cluster, wherever its leader is, and waits until this member has applied
  /// it too.
  ///
  /// When the leader changes the command is proposed again, so it may stand in the log more than once: the
  /// state machine must recognise a repeated command by its bytes and answer as it did the first time.
  public func propose(
    _ payload: [UInt8], timeout: Duration = .seconds(10)
  ) async throws(ConsensusError) -> Applied {
    let limit = engine.options.limits.payloadBytes
    guard payload.count <= limit else { throw .payloadTooLarge(limit: limit) }
    return try await engine.calls.perform(.propose(payload), timeout: timeout).get()
  }

  /// Returns when this member has applied everything that was acknowledged anywhere in the cluster
  /// before the call, and up to where that is: what is read here afterwards is linearizable.
  @discardableResult
  public func read(timeout: Duration = .seconds(10)) async throws(ConsensusError) -> LogIndex {
    try await engine.calls.perform(.read, timeout: timeout).get().index
  }

  /// Returns when this member has applied the entry at `index`.
  public func waitUntilApplied(
    _ index: LogIndex, timeout: Duration = .seconds(10)
  ) async throws(ConsensusError) {
    _ = try await engine.calls.perform(.reach(index), timeout: timeout).get()
  }

  /// What this member has applied. Costs an atomic load.
  public var appliedIndex: LogIndex { LogIndex(engine.applied.load(ordering: .acquiring)) }

  /// The time of day as the members agree on it.
  public var clock: ClusterClock { engine.clock }

  /// The cluster as this member knows it. Takes no part in consensus and does not wait.
  public func clusterView() -> ClusterView { ClusterView(engine) }

  /// Changes who takes part, wherever the leader is, and returns when that is decided. A change that goes
  /// through a joint configuration goes on by itself.
  ///
  /// - Throws: `ConsensusError.changeRefused` with the reason; `outcomeUnknown` when the leader changed or
  ///   did not answer: what `clusterView` shows tells then.
  public func changeMembership(_ change: MembershipChange) async throws(ConsensusError) {
    let proposal = ProposalID(member: id, sequence: .random(in: .min ... .max))
    let answer = await engine.changes.perform(proposal) {
      engine.inbox.put(.event(.changeMembership(proposal, change)))
    }
    switch answer {
    case .decided: return
    case .refused(let refusal): throw .changeRefused(refusal)
    case .unknown: throw .outcomeUnknown
    }
  }

  /// Hands leadership from this member to another, or to the most suitable one, and returns when that
  /// one leads.
  public func transferLeadership(
    to target: MemberID? = nil, timeout: Duration = .seconds(2)
  ) async throws(ConsensusError) {
    guard let status = engine.board.status else { throw .notLeader(leader: nil) }
    guard status.role == .leader else { throw .notLeader(leader: status.leader) }
    let id = id
    if target == id { return }
    if let target, !status.configuration.isVoter(target) { throw .transferRefused }
    guard engine.inbox.put(.event(.transferLeadership(to: target))) else { throw .shuttingDown }
    let isDone = await engine.board.wait(until: .now + timeout) { status in
      status.leader.map { target == nil ? $0 != id : $0 == target } ?? false
    }
    if !isDone { throw .transferRefused }
  }
}
