import Raft
import Synchronization

/// Owns the replica. Takes all events that wait, then carries out what came of them together; the
/// protocol's ticks come from the same thread.
struct ConsensusThread {
  private let engine: Engine
  private let transport: PeerTransport
  private var replica: Replica
  /// What the cluster was founded with, for a replica that takes this one's place.
  private let initial: Configuration
  /// Whether the storage is closed, and the other threads come to a halt or have.
  private var isStandingStill = false
  /// What the disk has lost, as was said last.
  private var quarantine: Quarantine?
  private var leadership = Leadership()
  private var isHandingOver = false
  private var statusDueAt = ContinuousClock.now
  /// The members to whom connections are kept.
  private var dialed: [Member] = []

  /// After the thread was kept from running, at most this many ticks are made up for. A member that was
  /// stopped for long has heard nothing, but that is no sign that the leader was silent.
  static let ticksAtOnce = 5
  private static let statusInterval = Duration.seconds(1)

  /// To be made when the member belongs to a cluster, whose configuration is `initial`.
  init(engine: Engine, transport: PeerTransport, directory: DataDirectory, initial: Configuration) {
    self.engine = engine
    self.transport = transport
    self.initial = initial
    replica = Self.replica(
      engine, directory.found.recovered, initial, applied: directory.applied)
  }

  private static func replica(
    _ engine: Engine, _ recovered: RecoveredLog, _ initial: Configuration, applied: LogPosition
  ) -> Replica {
    Replica(
      id: engine.membership.id, options: engine.options.replica, recovered: recovered,
      initial: initial, applied: applied, seed: .random(in: .min ... .max))
  }

  /// Runs until the inbox is closed and empty.
  mutating func run() {
    carryOut(replica.takeEffects())
    let tick = engine.options.tick
    var nextTick = ContinuousClock.now + tick
    var inputs: [ConsensusInput] = []
    while engine.inbox.take(into: &inputs, until: nextTick) {
      // What was heard comes before the time that passed: a heartbeat in the queue was in time.
      let moment = engine.moment()
      for input in inputs { take(input, at: moment) }
      let now = ContinuousClock.now
      let isTick = nextTick <= now
      for _ in 0..<Self.ticksAtOnce where nextTick <= now {
        replica.handle(.tick, at: moment)
        if isHandingOver { replica.handle(.transferLeadership(to: nil), at: moment) }
        nextTick += tick
      }
      if nextTick <= now { nextTick = now + tick }
      carryOut(replica.takeEffects())
      observe(now, isTick: isTick)
    }
  }

  private mutating func take(_ input: ConsensusInput, at moment: Moment) {
    switch input {
    case .event(let event): replica.handle(event, at: moment)
    case .handOver:
      isHandingOver = true
      replica.handle(.transferLeadership(to: nil), at: moment)
    case .storageFailed(let fault): standStill(because: fault, at: moment)
    case .reopened(let recovered, let applied): goOn(recovered, applied: applied)
    case .met, .lost: break
    case .chartered(let charter, let peer):
      if charter != engine.membership.charter {
        engine.logger.error(
          "\(peer) wants this member in cluster \(charter.cluster.hexadecimal), but it belongs to another cluster"
        )
      }
    }
  }

  // MARK: Failing storage

  /// Hands leadership over and lets all threads come to a halt: one after the other says that it has done
  /// all that was given to it, so that no news of this replica's work can reach the one that takes its place.
  /// The last of them opens the log again. The order: docs/decisions/threads.md.
  private mutating func standStill(because fault: StorageFault, at moment: Moment) {
    guard !isStandingStill else { return }
    isStandingStill = true
    engine.logger.error("This member takes part in nothing for now: \(fault.problem)")
    engine.suspend(fault)
    replica.handle(.storageFailed, at: moment)
    carryOut(replica.takeEffects())
    engine.snapshotJobs.put(.standStill)
  }

  /// Another replica goes on from what the storage holds.
  private mutating func goOn(_ recovered: RecoveredLog, applied: LogPosition) {
    // The answers to those who asked meanwhile.
    carryOut(replica.takeEffects())
    replica = Self.replica(engine, recovered, initial, applied: applied)
    isStandingStill = false
    engine.board.update(replica.status)
    engine.resume()
    engine.logger.notice("This member takes part again, from \(recovered.terms.last) on")
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
        engine.store(chunk, from: leader)
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
    if let level = status.missingLevel { return stop(shortOf: level) }
    if status.quarantine != quarantine, !isStandingStill { tellOfQuarantine(status.quarantine) }
    if current != leadership { follow(current, status) }
    guard isTick || current != leadership else { return }
    leadership = current
    dial(status)
    let events = engine.calls.advance(now: now, leadership: current)
    if !events.isEmpty {
      let moment = engine.moment()
      for event in events { replica.handle(event, at: moment) }
      carryOut(replica.takeEffects())
    }
    if statusDueAt <= now {
      statusDueAt = now + Self.statusInterval
      transport.broadcast(.status(engine.nodeStatus(status, at: now)))
    }
  }

  private mutating func tellOfQuarantine(_ quarantine: Quarantine?) {
    self.quarantine = quarantine
    if let quarantine {
      engine.logger.error(
        """
        This member is quarantined: \(quarantine). It votes for nobody until it holds again, from the other \
        members, all that it may have acknowledged
        """)
    } else {
      engine.logger.notice("The quarantine is over: all that was lost is there again")
    }
  }

  /// The level rose while this member was away, or just now. Nothing of it was given to the state machine.
  private func stop(shortOf level: FeatureLevel) {
    engine.fail(
      .versionTooOld(
        engine.options.version, supports: engine.options.supportedLevel, needed: level))
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
      supports: options.supportedLevel, problem: problem,
      matches: status.peers.map {
        .init(member: $0.id, index: $0.match, isCatchingUp: $0.isCatchingUp)
      })
  }
}
