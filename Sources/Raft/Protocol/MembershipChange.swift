/// A wish to change who takes part. Carried out as a whole or not at all.
public struct MembershipChange: Hashable, Sendable {
  /// One part of a change. Parts are applied in order.
  public enum Step: Hashable, Sendable {
    /// A new member that receives the log without a vote; if `promotes`, the leader makes it a voter
    /// when it has caught up.
    case addLearner(Member, promotes: Bool)
    /// A new member that votes at once, though its log is empty: until it has caught up, majorities
    /// that count on it cannot form.
    case addVoter(Member)
    /// A learner that votes from now on. It must have caught up.
    case promote(MemberID)
    /// A voter that becomes a learner.
    case demote(MemberID)
    /// A member that takes part no longer. Its ID never comes back.
    case remove(MemberID)
    /// Another name, address or priority for a member.
    case update(Member)
  }

  /// How the cluster gets from one set of voters to the other.
  public enum Path: UInt8, Hashable, Sendable {
    /// In one step if at most one vote differs, else through a joint configuration that ends by itself.
    case shortest = 1
    /// Through a joint configuration that ends by itself.
    case joint = 2
    /// Through a joint configuration that ends when asked to: see `leaveJoint`.
    case jointUntilAsked = 3
  }

  /// What is to change.
  public var steps: [Step]
  /// How.
  public var path: Path

  /// Makes a change.
  public init(_ steps: [Step], path: Path = .shortest) {
    self.steps = steps
    self.path = path
  }

  /// Ends a joint configuration that waits to be ended.
  public static let leaveJoint = MembershipChange([])

  /// A member whose disk is lost is removed, and the one that takes its place begins as a learner that
  /// is promoted when it has caught up: one change, so that no crash leaves half of it.
  public static func replace(_ dead: MemberID, by member: Member) -> MembershipChange {
    MembershipChange([.remove(dead), .addLearner(member, promotes: true)])
  }
}

/// Why a change of membership is not carried out.
public enum MembershipRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The receiver is not the leader, or knows none.
  case noLeader
  /// The leader hands over, or has not yet committed an entry of its own term.
  case notReady
  /// Another change is not finished.
  case changeUnderWay
  /// The membership is no longer, or not yet, what the member that was asked knew.
  case membershipChanged
  /// No joint configuration waits to be left.
  case notJoint
  /// No member has this ID.
  case unknownMember(MemberID)
  /// A member has this ID, or is what it is to be made, already.
  case alreadyMember(MemberID)
  /// Only a learner can be promoted, and only a voter demoted.
  case wrongRole(MemberID)
  /// The learner's log is not close to the leader's.
  case notCaughtUp(MemberID)
  /// Nobody would vote.
  case noVoters
  /// Of the voters that there would be, only so many are heard, and so many are needed.
  case losesQuorum(live: Int, needed: Int)
  /// A voter's program does not support the level at which the cluster is.
  case featureLevelTooLow(MemberID, has: FeatureLevel, needs: FeatureLevel)

  /// What is in the way, and what to do.
  public var description: String {
    switch self {
    case .noLeader: "No leader is known. Try again in a moment."
    case .notReady: "The leader is not ready to change the membership. Try again in a moment."
    case .changeUnderWay: "Another change of the membership is under way. Wait until it is done."
    case .membershipChanged:
      "The membership has changed since the member that was asked last heard of it. Look at it, and try "
        + "again."
    case .notJoint: "There is no joint configuration to leave."
    case .unknownMember(let id): "There is no member \(id)."
    case .alreadyMember(let id): "Member \(id) is part of the cluster already."
    case .wrongRole(let id):
      "Member \(id) does not have the role that it would give up: learners are promoted, voters demoted."
    case .notCaughtUp(let id):
      "Learner \(id) has not caught up with the leader. It can be promoted when it has."
    case .noVoters: "No voter would be left."
    case .losesQuorum(let live, let needed):
      "The cluster would stop: the new configuration needs \(needed) live voters, and \(live) of them "
        + "are heard. Bring members back first, or remove those that are down."
    case .featureLevelTooLow(let id, let level, let needed):
      "The program of member \(id) supports feature level \(level), and the cluster is at level "
        + "\(needed). Start the member with the version that the others run."
    }
  }
}
