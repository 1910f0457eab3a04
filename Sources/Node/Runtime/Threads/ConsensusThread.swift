import Raft
import Synchronization

/// Owns the replica. Takes all events that wait, then carries out what came of them together; the
/// protocol's ticks come from the same thread.
struct ConsensusThread {
  private let engine: Engine
  private let transport: PeerTransport
  private var replica: Replica
  private var leadership = Leadership()
  private var isHandingOver = false
  private var statusDueAt = ContinuousClock.now
  /// The members to whom connections are kept.
  private var dialed: [Member] = []

  /// After the thread was kept from running, at most this many ticks are made up for. A member that was
  /// stopped for long has heard nothing, but that is no sign that the leader was silent.
  private static let ticksAtOnce = 5
  private static let statusInterval = Duration.seconds(1)

  /// To be made when the member belongs to a cluster, whose configuration is `initial`.
  init(engine: Engine, transport: PeerTransport, directory: DataDirectory, initial: Configuration) {
    self.engine = engine
    self.transport = transport
    replica = Replica(
      id: engine.membership.id, options: engine.options.replica, recovered: directory.recovered,
      initial: initial, applied: directory.applied, seed: .random(in: .min ... .max))
  }

  /// Runs until the inbox is closed and empty.
  mutating func run() {
    carryOut(replica.takeEffects())
    let tick = engine.options.tick
    var nextTick = ContinuousClock.now + tick
    var inputs: [ConsensusInput] = []
    while engine.inbox.take(into: &inputs, until: nextTick) {
      // What was heard comes before the time that passed: a heartbeat in the queue was in time.
      for input in inputs { take(input) }
      let now = ContinuousClock.now
      let isTick = nextTick <= now
      for _ in 0..<Self.ticksAtOnce where nextTick <= now {
        replica.handle(.tick)
        if isHandingOver { replica.handle(.transferLeadership(to: nil)) }
        nextTick += tick
      }
      if nextTick <= now { nextTick = now + tick }
      carryOut(replica.takeEffects())
      observe(now, isTick: isTick)
    }
  }

  private mutating func take(_ input: ConsensusInput) {
    switch input {
    case .event(let event): replica.handle(event)
    case .handOver:
      isHandingOver = true
      replica.handle(.transferLeadership(to: nil))
    case .met, .lost: break
    case .chartered(let charter, let peer):
      if charter != engine.membership.charter {
        engine.logger.error(
          "\(peer) wants this member in cluster \(charter.cluster.hexadecimal), but it belongs to another cluster"
        )
      }
    }
  }

  // MARK: Effects

  private func carryOut(_ effects: [Effect]) {
    var messages: [Message] = []
    for effect in effects {
      switch effect {
      case .send(let message): messages.append(message)
      case .persist(let batch): engine.logJobs.put(.persist(batch))
      case .readEntries(let wish): engine.logJobs.put(.read(wish))
      case .compactLog(let index): engine.logJobs.put(.compact(index))
      case .apply(let entries): engine.applierJobs.put(.apply(entries))
      case .takeSnapshot(let metadata): engine.applierJobs.put(.capture(metadata))
      case .readSnapshot(let wish): engine.snapshotJobs.put(.read(wish))
      case .storeSnapshot(let chunk, let leader):
        engine.snapshotJobs.put(.store(chunk, from: leader))
      case .installSnapshot(let metadata):
        // Goes on to the state machine from there, behind what that was given before.
        engine.snapshotJobs.put(.install(metadata))
      case .failProposal(let id, let failure): engine.calls.failed(id, failure)
      case .answerChange(let id, let answer): engine.changes.answered(id, answer)
      case .answerRead(let id, let failure):
        engine.calls.answered(
          id, failure, applied: LogIndex(engine.applied.load(ordering: .acquiring)))
      }
    }
    if !messages.isEmpty { transport.send(messages) }
  }

  // MARK: Telling others

  private mutating func observe(_ now: ContinuousClock.Instant, isTick: Bool) {
    let status = replica.status
    let current = Leadership(term: status.term, leader: status.leader)
    engine.board.update(status)
    if current != leadership { follow(current, status) }
    guard isTick || current != leadership else { return }
    leadership = current
    dial(status)
    let events = engine.calls.advance(now: now, leadership: current)
    if !events.isEmpty {
      for event in events { replica.handle(event) }
      carryOut(replica.takeEffects())
    }
    if statusDueAt <= now {
      statusDueAt = now + Self.statusInterval
      transport.broadcast(.status(engine.nodeStatus(status, at: now)))
    }
  }

  private func follow(_ current: Leadership, _ status: ReplicaStatus) {
    let name = current.leader.map { id in
      id == status.id ? "this member" : status.configuration.member(id)?.name ?? "\(id)"
    }
    engine.logger.info(
      "Term \(current.term): \(name.map { "\($0) leads" } ?? "no leader is known")")
  }

  /// Keeps connections to the configuration's members, and to those who are still to learn that they were
  /// removed.
  private mutating func dial(_ status: ReplicaStatus) {
    let members =
      status.configuration.members + dialed.filter { status.departing.contains($0.id) }
    guard members != dialed else { return }
    dialed = members
    transport.dial(
      members.filter { $0.id != engine.membership.id }.map {
        PeerTarget(name: $0.name, address: engine.options.address(of: $0), member: $0.id)
      })
  }
}

extension MemberOptions {
  /// Where a member is now: what the operator says at this start is newer than the configuration.
  fileprivate func address(of member: Member) -> String {
    founders.first { $0.name == member.name }?.address ?? member.address
  }
}

extension Engine {
  /// What this member tells the others about itself.
  fileprivate func nodeStatus(
    _ status: ReplicaStatus, at now: ContinuousClock.Instant
  ) -> NodeStatus {
    NodeStatus(
      term: status.term, commit: status.commit, applied: status.applied.index,
      last: status.last.index, url: options.advertisedURL, version: options.version,
      stateBytes: stateBytes.load(ordering: .relaxed), logBytes: logBytes.load(ordering: .relaxed),
      uptimeSeconds: UInt64(startedAt.duration(to: now).components.seconds),
      matches: status.peers.map {
        .init(member: $0.id, index: $0.match, isCatchingUp: $0.isCatchingUp)
      })
  }
}
