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
  /// The feature level in force.
  public var featureLevel: FeatureLevel
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
    /// Its disk has lost what was durable; it fetches that from the others and votes for nobody meanwhile.
    case quarantined
    /// There is no space on its disk; it takes part in nothing until there is.
    case diskFull = "disk_full"
    /// Its disk refused a write; it takes part in nothing until its storage is open again.
    case storageFailed = "storage_failed"
  }

  /// What is wrong with a member's disk.
  public struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// What it makes of the member.
    public enum Kind: UInt64, CaseIterable, Sendable {
      case quarantined = 1
      case diskFull = 2
      case storageFailed = 3

      var state: State {
        switch self {
        case .quarantined: .quarantined
        case .diskFull: .diskFull
        case .storageFailed: .storageFailed
        }
      }

      /// The word for it, as in `State`.
      public var name: String { state.rawValue }
    }

    /// What it makes of the member.
    public var kind: Kind
    /// The file at fault.
    public var file: String
    /// Where in it, in bytes, if it is damaged.
    public var offset: Int?
    /// What is wrong.
    public var reason: String

    /// Makes a description.
    public init(kind: Kind, file: String, offset: Int? = nil, reason: String) {
      self.kind = kind
      self.file = file
      self.offset = offset
      self.reason = reason
    }

    /// What is wrong, and what becomes of it.
    public var description: String {
      switch kind {
      case .quarantined:
        "\(file) is damaged at byte \(offset ?? 0): \(reason); what is lost is fetched from the other members"
      case .diskFull: "the disk is full (\(reason)); this member goes on when there is space"
      case .storageFailed: "the disk failed (\(reason)); this member opens its storage again"
      }
    }
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
    /// What is wrong with its disk, if something is.
    public var problem: Problem?
    /// Where peers reach it, `host:port`.
    public var peerAddress: String
    /// Where clients reach it.
    public var url: String?
    /// The version of its program.
    public var version: String?
    /// The highest feature level that its program supports.
    public var supports: FeatureLevel?
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
    /// How far its clock is ahead of the cluster's time; negative where it is behind.
    public var clockLead: Duration?
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
