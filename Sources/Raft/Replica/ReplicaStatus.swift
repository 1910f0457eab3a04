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
    /// Ticks since it was last heard.
    public var silentTicks: Int
    /// Whether the leader would count on it: see `MembershipChange.Step.promote`.
    public var hasCaughtUp: Bool
    /// Whether it is being sent a snapshot or is probed for where its log meets the leader's.
    public var isCatchingUp: Bool
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
  /// Where the log holds that configuration.
  public var configurationIndex: LogIndex
  /// What its disk lost and is not there again; meanwhile it takes no part in elections.
  public var quarantine: Quarantine?
  /// Whether its log can't be written any more; then it takes part in nothing.
  public var isHalted: Bool
  /// The newest snapshot.
  public var snapshot: LogPosition?
  /// The others, when it leads; ordered by ID.
  public var peers: [Peer]
  /// Members that were removed a moment ago and are still told so, when it leads; ordered by ID.
  public var departing: [MemberID]

  /// Whether the cluster goes on without this member.
  public var isRemoved: Bool {
    configurationIndex > .zero && configurationIndex <= commit && configuration.member(id) == nil
  }
}
