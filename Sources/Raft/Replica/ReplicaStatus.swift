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
    /// Whether it is being sent a snapshot or is probed for where its log meets the leader's.
    public var isCatchingUp: Bool
  }

  /// This member.
  public var id: MemberID
  /// What it is.
  public var role: Role
  /// Its term.
  public var term: Term
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
  /// The newest snapshot.
  public var snapshot: LogPosition?
  /// The others, when it leads; ordered by ID.
  public var peers: [Peer]
}
