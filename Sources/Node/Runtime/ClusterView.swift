public import Raft

/// The cluster as one member sees it. What that member does not know is nil.
public struct ClusterView: Sendable {
  /// The member that looks.
  public var id: MemberID
  /// The cluster's ID, sixteen hexadecimal digits; nil before it is founded.
  public var clusterID: String?
  /// The leader of the term.
  public var leader: MemberID?
  /// The looking member's term.
  public var term: Term
  /// What it knows to be committed.
  public var commit: LogIndex
  /// What its state machine has applied.
  public var applied: LogIndex
  /// The last entry of its log.
  public var last: LogIndex
  /// Everybody, ordered by name, then by ID.
  public var members: [Member]

  /// Whether there is a leader and every member is healthy.
  public var isHealthy: Bool { leader != nil && members.allSatisfy { $0.state == .healthy } }

  /// What a member does in consensus.
  public enum Role: String, Sendable {
    /// Orders the log.
    case leader
    /// Votes and follows.
    case follower
    /// Follows without a vote.
    case learner
  }

  /// How a member is.
  public enum State: String, Sendable {
    /// Reachable and up to date.
    case healthy
    /// Reachable and behind.
    case catchingUp = "catching_up"
    /// Not heard for two seconds.
    case unreachable
  }

  /// One member. What it said of itself is about a second old.
  public struct Member: Sendable {
    /// Its disk's identity.
    public var id: MemberID
    /// Its label.
    public var name: String
    /// What it does.
    public var role: Role
    /// How it is.
    public var state: State
    /// Where peers reach it, `host:port`.
    public var peerAddress: String
    /// Where clients reach it.
    public var url: String?
    /// The version of its program.
    public var version: String?
    /// Up to where its log is known to be the leader's.
    public var match: LogIndex?
    /// Up to where it has applied the log.
    public var applied: LogIndex?
    /// The last entry of its log.
    public var last: LogIndex?
    /// How many committed entries it has yet to apply.
    public var lag: Int?
    /// The round trip to it; nil for the looking member itself.
    public var roundTrip: Duration?
    /// How long ago it was last heard; nil for the looking member itself.
    public var lastContact: Duration?
    /// The size of its state.
    public var stateBytes: Int?
    /// The size of its log.
    public var logBytes: Int?
    /// How long its process has been running.
    public var uptime: Duration?
  }
}
