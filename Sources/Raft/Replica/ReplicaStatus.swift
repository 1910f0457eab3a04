/// What a member knows of itself and, when it leads, of the others.
public struct ReplicaStatus: Sendable {
  /// The roles that people see.
  public enum Role: String, Sendable {
    case follower
    case candidate
    case leader
    case learner
  }

  /// A peer as its leader sees it.
  public struct Peer: Sendable {
    /// Who.
    public var id: MemberID
    /// Its log is durably the leader's up to here.
    public var match: LogIndex
    /// The next entry to send it.
    public var next: LogIndex
    /// Appends on their way to it that it has not acknowledged.
    public var inflightAppends: Int
    /// Their bytes.
    public var inflightBytes: Int
    /// The snapshot that it is being sent.
    public var snapshot: Transfer?
    /// Ticks since it was last heard.
    public var silentTicks: Int
    /// Whether the leader would count on it: see `MembershipChange.Step.promote`.
    public var hasCaughtUp: Bool
    /// What its program supports; nil until it has said so.
    public var featureLevel: FeatureLevel?
    /// Whether it is being sent a snapshot or is probed for where its log meets the leader's.
    public var isCatchingUp: Bool
  }

  /// A snapshot on its way to a peer.
  public struct Transfer: Hashable, Sendable {
    /// Which.
    public var position: LogPosition
    /// How many bytes the peer has.
    public var received: UInt64
    /// Whether the next piece waits until more may be sent (`ConsensusOptions.snapshotBytesPerTick`).
    public var isHeldBack: Bool
  }

  /// This member.
  public var id: MemberID
  /// What it is.
  public var role: Role
  /// Its term.
  public var term: Term
  /// Who got its vote in that term.
  public var vote: MemberID?
  /// Whom it follows; itself when it leads.
  public var leader: MemberID?
  /// What it knows to be committed.
  public var commit: LogIndex
  /// What its state machine has applied.
  public var applied: LogPosition
  /// The log's first position kept and the last one.
  public var base: LogPosition
  /// The last position of its log.
  public var last: LogPosition
  /// How far its own disk is.
  public var durable: LogIndex
  /// The configuration in force.
  public var configuration: Configuration
  /// Where the log holds that configuration, or the position of the snapshot that it was read from.
  public var configurationIndex: LogIndex
  /// The feature level that is certainly in force for commands from now on.
  public var featureLevel: FeatureLevel
  /// What the cluster is at, if this member's program does not support that: it applies nothing of it
  /// and can't lead. A newer program must take its place.
  public var missingLevel: FeatureLevel?
  /// What its disk lost and is not there again; meanwhile it takes no part in elections.
  public var quarantine: Quarantine?
  /// Whether its log can't be written any more; then it takes part in nothing.
  public var isHalted: Bool
  /// The newest snapshot.
  public var snapshot: LogPosition?
  /// The others, when it leads; ordered by ID.
  public var peers: [Peer]
  /// How reads fare with its lease, when it leads and leases are on.
  public var lease: LeaseStatus?
  /// Members that were removed a moment ago and are still told so, when it leads; ordered by ID.
  public var departing: [MemberID]

  /// Whether the cluster goes on without this member.
  public var isRemoved: Bool {
    configurationIndex > .zero && configurationIndex <= commit && configuration.member(id) == nil
  }
}

extension Replica {
  /// How the member stands.
  public var status: ReplicaStatus {
    let configuration = consensus.configuration
    var peers: [ReplicaStatus.Peer] = []
    var departing: [MemberID] = []
    var lease: LeaseStatus?
    let role: ReplicaStatus.Role
    switch consensus.role {
    case .follower: role = configuration.learners.contains(id) ? .learner : .follower
    case .candidate: role = .candidate
    case .leader(let leader):
      role = .leader
      peers = configuration.ids.compactMap { id in
        leader.peers[id].map {
          ReplicaStatus.Peer(
            id: id, match: $0.match, next: $0.next, inflightAppends: $0.inflightAppends,
            inflightBytes: $0.inflightBytes, snapshot: $0.transfer, silentTicks: $0.silentTicks,
            hasCaughtUp: $0.catchUp.isDone,
            featureLevel: $0.featureLevel, isCatchingUp: $0.isCatchingUp)
        }
      }
      departing = leader.departing.keys.sorted()
      if options.consensus.lease != nil { lease = leader.lease.status }
    }
    return ReplicaStatus(
      id: id, role: role, term: consensus.term, vote: consensus.hardState.vote,
      leader: isHalted ? nil : consensus.leader,
      commit: consensus.commitIndex, applied: applier.applied, base: consensus.log.base,
      last: consensus.log.last, durable: consensus.log.durable, configuration: configuration,
      configurationIndex: consensus.configurations.currentIndex,
      featureLevel: consensus.configurations.configuration(at: consensus.commitIndex).featureLevel,
      missingLevel: consensus.missingLevel,
      quarantine: consensus.healing == nil ? nil : loss,
      isHalted: isHalted, snapshot: consensus.snapshot?.position, peers: peers,
      lease: lease, departing: departing)
  }
}

extension Progress {
  fileprivate var transfer: ReplicaStatus.Transfer? {
    guard case .snapshot(let transfer) = state else { return nil }
    return ReplicaStatus.Transfer(
      position: transfer.metadata.position, received: transfer.received,
      isHeldBack: transfer.isHeldBack)
  }
}
