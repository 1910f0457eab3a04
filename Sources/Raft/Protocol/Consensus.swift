/// Raft as a pure state machine: one member's side of the protocol.
///
/// Messages, ticks and completions go in through its methods; what must be sent, written and read
/// comes out as `Output`. It never blocks, reads no clock and draws randomness from its seed alone, so
/// the same inputs always give the same outputs.
///
/// Sources: Ongaro and Ousterhout, *In Search of an Understandable Consensus Algorithm* (the paper);
/// Ongaro, *Consensus: Bridging Theory and Practice* (the dissertation).
struct Consensus {
  let id: MemberID
  let options: ConsensusOptions
  private(set) var hardState: HardState
  private(set) var role: Role = .follower(Follower())
  var log: RaftLog
  private(set) var commitIndex: LogIndex
  var configurations: ConfigurationHistory
  /// The newest snapshot that can be sent to a peer.
  var snapshot: SnapshotMetadata?
  /// What must be done before this member votes again; nil when nothing.
  var healing: Healing?
  /// The level of the newest snapshot that was offered to this member and needs a newer program.
  var missedLevel: FeatureLevel?
  /// The newest snapshot that a leader has sent a piece of, and the term in which it did.
  var offer: (term: Term, index: LogIndex)?
  /// Gathered since the last `takeOutput`.
  var output = Output()
  /// The newest reading of the own clock.
  private(set) var now = Moment.zero

  /// Ticks since a valid leader was heard, a vote was granted, or an election began.
  var electionElapsed = 0
  /// When to campaign, from one to two times `electionTicks`, drawn anew for each wait.
  private var electionTimeout = 0
  /// Ticks since any leader was heard, or since the start, when that may just have happened.
  private var ticksSinceLeader = 0
  private var random: RandomSource

  /// What the protocol asks for.
  struct Output {
    /// To be sent at once.
    var messages: [Message] = []
    /// To be sent when all that was asked to be written so far is durable.
    var durableMessages: [Message] = []
    /// The hard state, if it changed.
    var hardState: HardState?
    /// The lost entries are there again.
    var endsQuarantine = false
    /// The log begins anew here.
    var restart: LogPosition?
    /// Entries to read from disk for peers.
    var entryReads: [EntryRead] = []
    /// Pieces of the snapshot to read for peers.
    var snapshotReads: [SnapshotRead] = []
    /// Answers to this member's own read batches.
    var readAnswers: [(batch: UInt64, index: LogIndex?)] = []
  }

  init(
    id: MemberID, options: ConsensusOptions, recovered: RecoveredLog, base: Configuration,
    commit: LogIndex, seed: UInt64
  ) {
    self.id = id
    self.options = options
    hardState = recovered.hardState
    log = RaftLog(
      terms: recovered.terms, sizes: LogSizes(recovered.sizes), cacheLimit: options.cacheBytes)
    snapshot = recovered.snapshot
    commitIndex = commit
    let start = recovered.snapshot?.position.index ?? .zero
    configurations = ConfigurationHistory(base: base, at: start)
    for version in recovered.configurations
    where version.index > start && version.index <= recovered.terms.lastIndex {
      configurations.append(version.configuration, at: version.index)
    }
    random = RandomSource(seed: seed)
    if recovered.quarantine != nil { healing = Healing(nonce: random.next()) }
    resetElectionTimer()
    // Who votes alone need not wait for a leader to speak up. Unless that is committed, the leader that
    // wants it so may have a lease, which rests on this member's patience.
    if configuration.voters == [id], !configuration.isJoint,
      options.lease == nil || configurations.currentIndex <= commit
    {
      electionTimeout = 1
    }
  }

  // MARK: What it is

  var term: Term { hardState.term }
  var configuration: Configuration { configurations.current }
  var isLeader: Bool { if case .leader = role { true } else { false } }

  /// Whether this member may ask for votes, and has a reason to.
  var mayCampaign: Bool {
    !isLeader && healing == nil && missingLevel == nil
      && configurations.mayLead(id, commit: commitIndex)
  }

  /// The leader of the current term, if known.
  var leader: MemberID? {
    switch role {
    case .follower(let follower): follower.leader
    case .candidate: nil
    case .leader: id
    }
  }

  // MARK: Inputs

  /// The own clock shows this. Must be read after whatever is handed in next has happened.
  mutating func observe(_ moment: Moment) { now = max(now, moment) }

  /// Time passes.
  mutating func tick() {
    electionElapsed += 1
    ticksSinceLeader += 1
    if isLeader { return tickLeader() }
    if healing != nil { return tickHealing() }
    if electionElapsed >= electionTimeout, mayCampaign {
      campaign(isInquiry: true, isTransfer: false)
    }
  }

  /// A message arrived.
  mutating func receive(_ message: Message) {
    if message.term > term {
      guard acceptNewerTerm(message) else { return }
    } else if message.term < term {
      return answerStale(message)
    }
    switch message.body {
    // A second leader of this term is no member of this cluster: nothing that follows the protocol
    // sends this.
    case .append where isLeader, .heartbeat where isLeader, .snapshotChunk where isLeader: break
    case .preVote(let last): answerPreVote(message, last: last)
    case .vote(let last, let isTransfer):
      answerVote(message, last: last, isTransfer: isTransfer)
    case .preVoteReply(let granted): recordVote(granted, message, isInquiry: true)
    case .voteReply(let granted): recordVote(granted, message, isInquiry: false)
    case .append(let append):
      heardLeader(message.from)
      follow(append, from: message.from)
    case .heartbeat(let commit, let round):
      heardLeader(message.from)
      advanceCommit(to: min(commit, sharedWithLeader))
      send(.heartbeatReply(round: round, supports: options.featureLevel), to: message.from)
    case .snapshotChunk: heardLeader(message.from)
    case .appendReply(let reply): leading(message.from) { $0.handle(reply, from: $1, leader: &$2) }
    case .heartbeatReply(let round, let level):
      leading(message.from) {
        $2.peers[$1]?.featureLevel = level
        $0.handleHeartbeatReply(round, from: $1, leader: &$2)
      }
    case .snapshotReply(let position, let received):
      leading(message.from) {
        $0.handleSnapshotReply(position, received: received, from: $1, leader: &$2)
      }
    case .timeoutNow:
      if mayCampaign, leader == message.from {
        campaign(isInquiry: false, isTransfer: true)
      }
    case .readIndex(let batch): requestRead(batch: batch, by: message.from)
    case .readIndexReply(let batch, let index): output.readAnswers.append((batch, index))
    case .heal(let nonce, let last):
      leading(message.from) { $0.answerHealing(nonce, last: last, from: $1, leader: &$2) }
    case .healReply(let nonce, let last): learnEnd(last, nonce: nonce)
    case .propose, .proposalRefused, .proposeChange, .changeRefused:
      preconditionFailure("proposals are the replica's to handle")
    }
  }

  /// The disk completed all batches up to `sequence`.
  mutating func wrote(through sequence: UInt64) {
    log.wrote(through: sequence)
    if isLeader { leaderCommits() }
    heal()
  }

  /// Forgets who leads, so that it votes for whoever could win. For a follower that knows better than
  /// its clock; refused where leases rest on its patience.
  mutating func forgetLeader() {
    guard case .follower(let follower) = role, follower.leader != nil, options.lease == nil else {
      return
    }
    role = .follower(Follower())
  }

  /// Up to where the log is what the leader takes it for. A damaged one may have gone back to entries
  /// that were replaced since, and the leader may still count on what was acknowledged before.
  private var sharedWithLeader: LogIndex {
    guard healing != nil, case .follower(let follower) = role else { return log.lastIndex }
    return follower.matched
  }

  /// What was gathered since the last call.
  mutating func takeOutput() -> Output {
    replicateToAll()
    defer { output = Output() }
    return output
  }

  // MARK: Terms

  /// Decides whether a message of a newer term moves this member to that term.
  private mutating func acceptNewerTerm(_ message: Message) -> Bool {
    switch message.body {
    case .preVote: return true
    case .preVoteReply(granted: true): return true
    case .vote(_, transfer: false) where hasLiveLeader || healing != nil:
      // A member that was partitioned or removed must not depose a leader that works
      // (paper §6, dissertation §4.2.3).
      return false
    case .append, .heartbeat, .snapshotChunk:
      becomeFollower(of: message.from, term: message.term)
    default: becomeFollower(of: nil, term: message.term)
    }
    return true
  }

  /// Tells a sender that is behind of the newer term, where silence would leave it stuck.
  private mutating func answerStale(_ message: Message) {
    switch message.body {
    case .append, .heartbeat, .snapshotChunk:
      // A leader that a partition held in an older term steps down on seeing the newer one.
      send(.heartbeatReply(round: 0, supports: options.featureLevel), to: message.from)
    case .preVote: send(.preVoteReply(granted: false), to: message.from)
    case .vote: send(.voteReply(granted: false), to: message.from)
    case .readIndex(let batch): send(.readIndexReply(batch: batch, index: nil), to: message.from)
    default: break
    }
  }

  /// Whether a leader was heard within the shortest election time-out. A leader that no quorum hears
  /// steps down by itself, so for itself it is always live.
  ///
  /// Where there are leases, each answered heartbeat is a promise, whatever else happens to this member
  /// meanwhile, a restart included.
  var hasLiveLeader: Bool {
    if isLeader { return true }
    if options.lease != nil { return ticksSinceLeader < options.electionTicks }
    return leader != nil && electionElapsed < options.electionTicks
  }

  mutating func becomeFollower(of leader: MemberID?, term newTerm: Term) {
    abandonLeadership()
    if newTerm > term { setHardState(HardState(term: newTerm)) }
    role = .follower(Follower(leader: leader))
    resetElectionTimer()
  }

  mutating func becomeCandidate(isInquiry: Bool, isTransfer: Bool) {
    role = .candidate(Candidate(isInquiry: isInquiry, isTransfer: isTransfer))
    if !isInquiry { setHardState(HardState(term: term.next, vote: id)) }
    resetElectionTimer()
  }

  mutating func becomeLeader() {
    var peers = Peers()
    for peer in configuration.ids where peer != id {
      peers[peer] = Progress(last: log.lastIndex, tick: 0, isActive: true)
    }
    role = .leader(
      Leader(
        peers: peers, termStart: log.lastIndex.next, peersAsOf: configurations.currentIndex))
    electionElapsed = 0
    append(.termStart)
  }

  /// Ends the leadership of whoever has taken its state out.
  mutating func stepDown(_ leader: inout Leader) {
    for request in leader.reads.abandon() { answerRead(request, index: nil) }
    becomeFollower(of: nil, term: term)
  }

  private mutating func heardLeader(_ leader: MemberID) {
    electionElapsed = 0
    ticksSinceLeader = 0
    if self.leader != leader {
      role = .follower(Follower(leader: leader))
      resetElectionTimer()
    }
    tellOfLoss(leader)
  }

  mutating func setHardState(_ new: HardState) {
    hardState = new
    output.hardState = new
  }

  mutating func setMatched(_ index: LogIndex) {
    guard case .follower(var follower) = role else { return }
    follower.matched = max(follower.matched, index)
    role = .follower(follower)
  }

  /// The log was cut after `index`.
  mutating func limitMatched(to index: LogIndex) {
    guard case .follower(var follower) = role else { return }
    follower.matched = min(follower.matched, index)
    role = .follower(follower)
  }

  mutating func setCandidate(_ candidate: Candidate) { role = .candidate(candidate) }

  mutating func resetElectionTimer() {
    electionElapsed = 0
    electionTimeout = options.electionTicks + Int(random.next(below: UInt64(options.electionTicks)))
  }

  // MARK: Shared

  /// Runs `body` with the leader's state when this member leads and `peer` is one of its peers.
  mutating func leading(
    _ peer: MemberID, _ body: (inout Consensus, MemberID, inout Leader) -> Void
  ) {
    updateLeader { consensus, leader in
      guard leader.peers.update(peer, { $0.heard() }) != nil else { return }
      body(&consensus, peer, &leader)
    }
  }

  /// Changes the leader's state, if this member leads. Meanwhile `role` says that it leads, no more.
  mutating func updateLeader(_ body: (inout Consensus, inout Leader) -> Void) {
    guard case .leader(var leader) = role else { return }
    role = .leader(.takenOut)
    body(&self, &leader)
    // `body` may have ended the leadership; then its state is gone for good.
    if isLeader { role = .leader(leader) }
  }

  /// Adds an entry of the current term to the log. Only a leader does.
  @discardableResult
  mutating func append(_ content: Entry.Content) -> Entry {
    let entry = Entry(
      position: LogPosition(index: log.lastIndex.next, term: term), content: content)
    adopt(entry)
    return entry
  }

  /// Adds an entry to the log; a configuration is in force from here.
  mutating func adopt(_ entry: Entry) {
    log.append(entry)
    if case .configuration(let configuration, _) = entry.content {
      configurations.append(configuration, at: entry.index)
    }
  }

  mutating func advanceCommit(to index: LogIndex) {
    guard index > commitIndex else { return }
    precondition(index <= log.lastIndex, "commit index beyond the log")
    commitIndex = index
  }

  mutating func send(_ body: Message.Body, to peer: MemberID) {
    output.messages.append(Message(from: id, to: peer, term: term, body: body))
  }

  /// Sends once everything asked to be written so far is durable.
  mutating func sendDurably(_ body: Message.Body, to peer: MemberID) {
    output.durableMessages.append(Message(from: id, to: peer, term: term, body: body))
  }
}

/// A wish for entries that are no longer in memory.
public struct EntryRead: Hashable, Sendable {
  /// Who needs them.
  public enum Purpose: Hashable, Sendable {
    /// A follower.
    case send(to: MemberID)
    /// This member's state machine.
    case apply
  }
  /// Who needs them.
  public var purpose: Purpose
  /// The first wanted.
  public var from: LogIndex
  /// The last wanted.
  public var through: LogIndex
  /// Enough when this many bytes are reached; at least one entry is wanted.
  public var maxBytes: Int
}

/// A wish for a piece of a snapshot, to be sent to a peer.
public struct SnapshotRead: Hashable, Sendable {
  /// The peer.
  public var peer: MemberID
  /// Which snapshot.
  public var metadata: SnapshotMetadata
  /// Where the piece begins, in bytes.
  public var offset: UInt64
  /// How large it may be.
  public var maxBytes: Int
}
