/// What the API asks of the cluster member it runs in.
///
/// All calls are safe from any task and end within a bounded time.
public protocol ReplicatedState: Sendable {
  /// Has an encoded command applied by the cluster, wherever its leader is, and waits until this
  /// node has applied it too.
  ///
  /// - Returns: The state machine's answer, and the log index of the command.
  /// - Throws: ``ReplicationError``. After ``ReplicationError/outcomeUnknown`` the command may take
  ///   effect or not; proposing the same bytes again is safe.
  func propose(_ command: [UInt8]) async throws(ReplicationError) -> (
    result: [UInt8], index: UInt64
  )

  /// Returns when this node has applied everything that was acknowledged anywhere in the cluster
  /// before the call: what is read locally afterwards is linearizable.
  func readBarrier() async throws(ReplicationError)

  /// Returns when this node has applied the entry at `index`.
  func waitUntilApplied(_ index: UInt64) async throws(ReplicationError)

  /// The cluster as this node knows it.
  func clusterView() async throws(ReplicationError) -> ClusterView

  /// Hands leadership to the named member, or to the most suitable one.
  func transferLeadership(to name: String?) async throws(ReplicationError)
}

/// Why the cluster did not do what it was asked.
public enum ReplicationError: Error, Hashable, Sendable {
  /// Nobody leads, or nobody who can be reached. Nothing was changed.
  case noLeader
  /// The node or the leader has as much work as it can hold. Nothing was changed.
  case overloaded
  /// The command was handed over and no answer came: it may have taken effect.
  case outcomeUnknown
  /// This node is shutting down or has stopped serving; another one may be asked.
  case unavailable(reason: String)
  /// There is no such member, or it cannot do what was asked.
  case refused(reason: String)
}

/// The cluster as one node sees it.
public struct ClusterView: Sendable {
  /// One member.
  public struct Member: Sendable {
    /// The member's random number, in hexadecimal.
    public var id: String
    /// The member's name.
    public var name: String
    /// What it is.
    public var role: Role
    /// Where other members reach it.
    public var peerAddress: String
    /// Whether it was heard of lately; nothing where this node cannot know.
    public var isReachable: Bool?
    /// Whether it still has to be sent much of the log.
    public var isCatchingUp: Bool
    /// Up to where its log is known to be the leader's.
    public var matchIndex: UInt64?
    /// What it has applied.
    public var appliedIndex: UInt64?
    /// Milliseconds since it was last heard.
    public var lastContactMilliseconds: Double?

    /// Describes a member.
    public init(
      id: String, name: String, role: Role, peerAddress: String, isReachable: Bool?,
      isCatchingUp: Bool = false, matchIndex: UInt64? = nil, appliedIndex: UInt64? = nil,
      lastContactMilliseconds: Double? = nil
    ) {
      self.id = id
      self.name = name
      self.role = role
      self.peerAddress = peerAddress
      self.isReachable = isReachable
      self.isCatchingUp = isCatchingUp
      self.matchIndex = matchIndex
      self.appliedIndex = appliedIndex
      self.lastContactMilliseconds = lastContactMilliseconds
    }
  }

  /// What a member is.
  public enum Role: String, Sendable {
    /// Orders the log.
    case leader
    /// Votes and follows.
    case follower
    /// Follows without a vote.
    case learner
  }

  /// The member that answers.
  public var selfID: String
  /// Its term.
  public var term: UInt64
  /// The leader's ID, if there is one.
  public var leaderID: String?
  /// What this node knows to be committed.
  public var commitIndex: UInt64
  /// What this node has applied.
  public var appliedIndex: UInt64
  /// The last entry of this node's log.
  public var lastIndex: UInt64
  /// All members, this one included.
  public var members: [Member]

  /// Describes a cluster.
  public init(
    selfID: String, term: UInt64, leaderID: String?, commitIndex: UInt64, appliedIndex: UInt64,
    lastIndex: UInt64, members: [Member]
  ) {
    self.selfID = selfID
    self.term = term
    self.leaderID = leaderID
    self.commitIndex = commitIndex
    self.appliedIndex = appliedIndex
    self.lastIndex = lastIndex
    self.members = members
  }
}
