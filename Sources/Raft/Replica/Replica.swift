import DequeModule

/// One member of the cluster: the protocol, its log and its state machine, as events in and effects
/// out.
///
/// Like the protocol it blocks on nothing and reads no clock: the node runs it on threads, a disk and
/// sockets, the simulator runs the same code on simulated ones. Call `handle` for each event, and
/// `takeEffects` when there are no more events waiting: what came in between is written, sent and
/// confirmed together.
public struct Replica {
  /// This member.
  public let id: MemberID
  /// The bounds.
  public let options: ReplicaOptions
  var consensus: Consensus
  var applier: Applier
  var proposals: PendingProposals
  var changes: PendingProposals
  var reads: PendingReads
  var effects: [Effect] = []
  /// The last batch handed to the disk, and the last completed.
  var issuedBatch: UInt64 = 0
  var durableBatch: UInt64 = 0
  /// Messages that wait for a batch to be durable, oldest first.
  var held = Deque<(batch: UInt64, message: Message)>()
  var now = 0
  /// What the disk had lost at the start.
  let loss: Quarantine?
  /// The log can't be written any more.
  var isHalted = false

  /// A member that goes on from what its disk holds.
  ///
  /// - Parameters:
  ///   - initial: the configuration that the cluster was founded with; used until the log or a
  ///     snapshot says otherwise.
  ///   - applied: how far the state machine has come. Ask `isConsistent(applied:with:)` first.
  ///   - seed: a random number, another at each start. Determines the election time-outs and the
  ///     numbers by which answers to reads are recognised.
  public init(
    id: MemberID, options: ReplicaOptions, recovered: RecoveredLog, initial: Configuration,
    applied: LogPosition, seed: UInt64
  ) {
    precondition(Replica.isConsistent(applied: applied, with: recovered))
    self.id = id
    self.options = options
    var recovered = recovered
    var restart: LogPosition?
    var base = recovered.snapshot?.configuration ?? initial
    if !recovered.reachesBase {
      base = recovered.baseConfiguration ?? base
      // The newest snapshot is damaged and this is the one before it: the log does not join on to it,
      // so it is good neither to start from nor to be sent.
      recovered.snapshot = nil
    }
    let snapshot = recovered.snapshot
    var begins: Quarantine?
    if snapshot == nil, applied.index < recovered.terms.base.index {
      // The log's beginning is gone with the snapshot that stood for it: only peers have it.
      let loss = recovered.quarantine ?? Self.lossOfSnapshot(at: recovered.terms.base)
      begins = loss
      restart = .zero
      recovered.quarantine = loss
      recovered.terms = TermIndex(base: .zero)
      recovered.configurations = []
      recovered.sizes = []
    }
    loss = recovered.quarantine
    if let position = snapshot?.position, recovered.terms.term(at: position.index) != position.term
    {
      // The crash came between storing the leader's snapshot and restarting the log.
      recovered.terms = TermIndex(base: position)
      recovered.configurations = []
      recovered.sizes = []
      restart = position
    }
    let committed = max(
      applied.index, snapshot?.position.index ?? .zero, recovered.terms.base.index)
    precondition(committed <= recovered.terms.lastIndex, "the state is ahead of its log")
    consensus = Consensus(
      id: id, options: options.consensus, recovered: recovered,
      base: base, commit: committed, seed: seed)
    applier = Applier(applied: applied, snapshot: snapshot?.position.index ?? .zero)
    proposals = PendingProposals(id: id, patience: options.answerTicks)
    changes = PendingProposals(id: id, patience: options.answerTicks)
    // Half of the numbers are left to count on.
    var random = RandomSource(seed: ~seed)
    reads = PendingReads(patience: options.answerTicks, lastBatch: random.next() >> 1)
    if let restart {
      issuedBatch = 1
      effects.append(
        .persist(
          PersistBatch(
            sequence: 1, restart: restart, quarantine: begins.map(QuarantineChange.begins))))
    }
    if let snapshot, applied.index < recovered.terms.base.index {
      applier.beginInstall(snapshot.position)
      effects.append(.installSnapshot(snapshot))
    }
  }

  /// Whether a state machine that stands at `applied` belongs to this log. If not, it must be emptied
  /// and built again from snapshot and log, or from other members.
  ///
  /// A state that holds all from before the log belongs to it only if it is known which configuration was
  /// in force where the log begins (`RecoveredLog.knowsBase`): an older one must not be gone on with.
  public static func isConsistent(applied: LogPosition, with recovered: RecoveredLog) -> Bool {
    if applied == .zero { return true }
    guard recovered.knowsBase else { return false }
    if recovered.reachesBase, let snapshot = recovered.snapshot?.position,
      applied.index < snapshot.index, recovered.terms.term(at: snapshot.index) != snapshot.term
    {
      // The log begins anew at this snapshot, and the state is replaced by it: the crash may have come when
      // an older one was installed, before the log began anew at that one.
      return true
    }
    if applied.index < recovered.terms.base.index { return recovered.reachesBase }
    if applied == recovered.snapshot?.position { return true }
    return recovered.terms.term(at: applied.index) == applied.term
  }

  private static func lossOfSnapshot(at base: LogPosition) -> Quarantine {
    Quarantine(file: "snapshots", offset: 0, reason: "no whole snapshot reaches up to \(base)")
  }

  private static let maxTermJump: UInt64 = 1 << 32

  // MARK: Events

  /// Takes one event in.
  ///
  /// - Parameter moment: what this member's monotonic clock shows, read after the event happened. May be
  ///   left out where no lease is in use.
  public mutating func handle(_ event: Event, at moment: Moment = .zero) {
    guard !isHalted else { return refuse(event) }
    precondition(options.consensus.lease == nil || moment > .zero, "leases need the clock")
    consensus.observe(moment)
    let termBefore = consensus.term
    let leaderBefore = consensus.leader
    step(event)
    if consensus.term != termBefore || consensus.leader != leaderBefore {
      // Whoever was asked may no longer be able to answer.
      for id in proposals.abandonAll() { effects.append(.failProposal(id, .unknown)) }
      for id in changes.abandonAll() { effects.append(.answerChange(id, .unknown)) }
      for id in reads.abandonUnconfirmed() { effects.append(.answerRead(id, .noLeader)) }
    }
  }

  private mutating func step(_ event: Event) {
    switch event {
    case .tick: tick()
    case .receive(let message): receive(message)
    case .persisted(let sequence):
      durableBatch = max(durableBatch, sequence)
      consensus.wrote(through: sequence)
      releaseHeld()
    case .entriesRead(let read, let entries):
      switch read.purpose {
      case .send(let peer): consensus.sendRead(entries, to: peer)
      case .apply: applier.read(entries)
      }
    case .applied(let position): applier.finished(at: position)
    case .propose(let id, let payload): propose(id, payload)
    case .read(let id): reads.add(id)
    case .takeSnapshot: applier.askForSnapshot()
    case .snapshotTaken(let metadata): snapshotTaken(metadata)
    case .snapshotFailed: applier.snapshotFailed()
    case .snapshotDamaged(let position):
      guard consensus.snapshot?.position == position else { return }
      consensus.snapshot = nil
      applier.snapshotLost()
    case .snapshotRead(let read, let chunk): consensus.sendRead(chunk, for: read)
    case .snapshotStored(let metadata, let leader, let received):
      let body = Message.Body.snapshotReply(position: metadata.position, received: received)
      consensus.send(body, to: leader)
    case .snapshotReceived(let metadata):
      if consensus.received(metadata) {
        applier.beginInstall(metadata.position)
        effects.append(.installSnapshot(metadata))
      }
    case .snapshotInstalled(let position): applier.installed(position)
    case .transferLeadership(let target): consensus.transferLeadership(to: target)
    case .forgetLeader: consensus.forgetLeader()
    case .campaign: consensus.campaignNow()
    case .unreachable(let peer): consensus.unreachable(peer)
    case .changeMembership(let id, let change): changeMembership(id, change)
    case .storageFailed: halt()
    }
  }

  // MARK: A failed disk

  /// Nothing that waits for the disk will ever be durable, as far as this replica knows: its successor
  /// looks.
  private mutating func halt() {
    consensus.resign()
    isHalted = true
    held.removeAll()
    for id in proposals.abandonAll() { effects.append(.failProposal(id, .unknown)) }
    for id in changes.abandonAll() { effects.append(.answerChange(id, .unknown)) }
    for id in reads.abandonAll() { effects.append(.answerRead(id, .noLeader)) }
    let output = consensus.takeOutput()
    effects += output.messages.map(Effect.send)
  }

  private mutating func refuse(_ event: Event) {
    switch event {
    case .propose(let id, _): effects.append(.failProposal(id, .refused(.unavailable)))
    case .changeMembership(let id, _): effects.append(.answerChange(id, .refused(.notReady)))
    case .read(let id): effects.append(.answerRead(id, .noLeader))
    case .applied(let position): applier.finished(at: position)
    default: break
    }
  }

  private mutating func tick() {
    now += 1
    consensus.tick()
    // What stands in a leader's own log is not lost, only slow: a second copy would slow it further.
    if !consensus.isLeader {
      for id in proposals.expire(now: now) { effects.append(.failProposal(id, .unknown)) }
    }
    for id in changes.expire(now: now) { effects.append(.answerChange(id, .unknown)) }
    for (id, failure) in reads.expire(now: now) { effects.append(.answerRead(id, failure)) }
  }

  private mutating func receive(_ message: Message) {
    // Terms grow by one at an election. One that is far ahead is no election's: taking it over would
    // use up the terms that there are.
    guard message.to == id, message.term.rawValue <= consensus.term.rawValue + Self.maxTermJump,
      message.highestPosition <= message.term
    else { return }
    switch message.body {
    case .propose(let proposal, let payload):
      if let refusal = consensus.propose(payload, id: proposal) {
        consensus.send(.proposalRefused(proposal, refusal), to: message.from)
      }
    case .proposalRefused(let proposal, let refusal):
      if proposals.remove(proposal) { effects.append(.failProposal(proposal, .refused(refusal))) }
    case .proposeChange(let proposal, let change, let seen):
      // Whoever was asked as the leader of another term may have taken a copy then: only silence is true.
      guard consensus.isLeader, message.term == consensus.term else { break }
      do throws(MembershipRefusal) {
        try consensus.propose(change, id: proposal, seen: seen)
      } catch {
        consensus.send(.changeRefused(proposal, error), to: message.from)
      }
    case .changeRefused(let proposal, let refusal):
      if changes.remove(proposal) { effects.append(.answerChange(proposal, .refused(refusal))) }
    case .snapshotChunk(let chunk):
      consensus.receive(message)
      if consensus.wants(chunk, of: message) {
        effects.append(.storeSnapshot(chunk, from: message.from))
      }
    default: consensus.receive(message)
    }
  }

  private mutating func propose(_ proposal: ProposalID, _ payload: [UInt8]) {
    precondition(proposal.member == id, "a proposal is made in its own member's name")
    if consensus.isLeader {
      if let refusal = consensus.propose(payload, id: proposal) {
        return effects.append(.failProposal(proposal, .refused(refusal)))
      }
    } else if let leader = consensus.leader {
      consensus.send(.propose(proposal, payload: payload), to: leader)
    } else {
      return effects.append(.failProposal(proposal, .refused(.noLeader)))
    }
    proposals.add(proposal, now: now)
  }

  private mutating func changeMembership(_ proposal: ProposalID, _ change: MembershipChange) {
    precondition(proposal.member == id, "a change is asked for in its own member's name")
    if consensus.isLeader {
      do throws(MembershipRefusal) {
        try consensus.propose(change, id: proposal, seen: consensus.commitIndex)
      } catch {
        return effects.append(.answerChange(proposal, .refused(error)))
      }
    } else if let leader = consensus.leader {
      consensus.send(.proposeChange(proposal, change, seen: consensus.commitIndex), to: leader)
    } else {
      return effects.append(.answerChange(proposal, .refused(.noLeader)))
    }
    changes.add(proposal, now: now)
  }

  private mutating func snapshotTaken(_ metadata: SnapshotMetadata) {
    applier.snapshotTaken(metadata.position.index)
    if metadata.position.index > consensus.snapshot?.position.index ?? .zero {
      consensus.snapshot = metadata
      consensus.configurations.compact(through: metadata.position.index)
    }
    let index = needless(below: metadata.position.index)
    guard index > consensus.log.base.index else { return }
    consensus.log.compact(through: index)
    effects.append(.compactLog(through: consensus.log.base.index))
  }

  /// The last entry that nobody needs, now that there is a snapshot at `snapshot`: what a follower that
  /// lags a little may need is kept, and what follows upon a snapshot that is being sent, up to a bound.
  private func needless(below snapshot: LogIndex) -> LogIndex {
    let needed = min(snapshot, consensus.oldestTransfer ?? snapshot)
    let kept = UInt64(options.retainedEntries)
    let wanted = LogIndex(needed.rawValue - min(needed.rawValue, kept))
    return max(wanted, consensus.log.sizes.lastBeyond(options.retainedBytes, before: snapshot))
  }
}
