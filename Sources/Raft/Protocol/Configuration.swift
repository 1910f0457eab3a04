/// A member as the cluster knows it.
public struct Member: Hashable, Sendable {
  /// Its disk's identity.
  public var id: MemberID
  /// A label for people; a replaced member usually keeps it.
  public var name: String
  /// Where peers reach it, `host:port`; looked up anew at each connection.
  public var address: String
  /// Leadership goes to a voter of the highest priority where possible; equal ones keep it.
  public var priority: UInt32
  /// Makes a member.
  public init(id: MemberID, name: String, address: String, priority: UInt32 = 0) {
    self.id = id
    self.name = name
    self.address = address
    self.priority = priority
  }
}

/// Who takes part, and how. While `outgoingVoters` is not empty the configuration is joint: elections
/// and commits need a majority of both voter sets (paper §6; dissertation §4.3).
///
/// An outgoing voter that stays on as a learner stands in both lists; it keeps its vote until the joint
/// configuration is left.
public struct Configuration: Hashable, Sendable {
  /// Everybody who takes part, ordered by ID.
  public internal(set) var members: [Member]
  /// Who votes, ordered.
  public internal(set) var voters: [MemberID]
  /// Who voted before the change that is under way, ordered; empty unless the configuration is joint.
  public internal(set) var outgoingVoters: [MemberID]
  /// Who receives the log without a vote, ordered.
  public internal(set) var learners: [MemberID]
  /// The learners that the leader makes voters as soon as they have caught up, ordered.
  public internal(set) var promotable: [MemberID]
  /// Whether a joint configuration stays until its end is asked for.
  public internal(set) var waitsInJoint: Bool
  /// By which commands are taken from here on. Never falls.
  public internal(set) var featureLevel: FeatureLevel

  /// Makes a configuration. Every ID named must belong to one of `members`.
  public init(
    members: [Member] = [], voters: [MemberID] = [], outgoingVoters: [MemberID] = [],
    learners: [MemberID] = [], promotable: [MemberID] = [], waitsInJoint: Bool = false,
    featureLevel: FeatureLevel = .first
  ) {
    self.members = members.sorted { $0.id < $1.id }
    self.voters = voters.sorted()
    self.outgoingVoters = outgoingVoters.sorted()
    self.learners = learners.sorted()
    self.promotable = promotable.sorted()
    self.waitsInJoint = waitsInJoint
    self.featureLevel = featureLevel
  }

  /// A configuration in which every member votes.
  public init(voters members: [Member]) {
    self.init(members: members, voters: members.map(\.id))
  }

  /// Whether a change is under way.
  public var isJoint: Bool { !outgoingVoters.isEmpty }

  /// Everybody's ID, ordered.
  public var ids: [MemberID] { members.map(\.id) }

  /// The member with this ID.
  public func member(_ id: MemberID) -> Member? { members.first { $0.id == id } }

  /// Whether this member has a vote in either set.
  public func isVoter(_ id: MemberID) -> Bool {
    voters.contains(id) || outgoingVoters.contains(id)
  }

  /// Whether those for whom `has` is true form a majority of each voter set.
  ///
  /// An empty configuration has no quorum.
  public func hasQuorum(where has: (MemberID) -> Bool) -> Bool {
    func majority(_ set: [MemberID]) -> Bool { set.count(where: has) > set.count / 2 }
    return majority(voters) && (outgoingVoters.isEmpty || majority(outgoingVoters))
  }

  /// The largest value that a majority of each voter set has reached, given each member's; nil when
  /// there is no voter.
  public func quorum<Value: Comparable>(_ value: (MemberID) -> Value) -> Value? {
    // Sets are small: comparing each with each takes less time than sorting, and no memory.
    func reached(_ set: [MemberID]) -> Value? {
      var best: Value?
      for member in set {
        let candidate = value(member)
        if let best, candidate <= best { continue }
        if set.count(where: { value($0) >= candidate }) > set.count / 2 { best = candidate }
      }
      return best
    }
    guard let incoming = reached(voters) else { return nil }
    return reached(outgoingVoters).map { min(incoming, $0) } ?? incoming
  }
}

/// What a snapshot stands for: the state after all entries up to `position`.
public struct SnapshotMetadata: Hashable, Sendable {
  /// The last entry that the snapshot includes.
  public var position: LogPosition
  /// The configuration in force there.
  public var configuration: Configuration
  /// Makes metadata.
  public init(position: LogPosition, configuration: Configuration) {
    self.position = position
    self.configuration = configuration
  }
}
