import Raft

/// Who changes the membership: one change at a time, asked of any member, and asked again when it is
/// refused for now or its outcome is unknown.
struct ClusterOperator {
  /// A change that is wanted.
  struct Errand {
    var change: MembershipChange
    /// The cluster is not whole without it, so it is asked for until it is done.
    var isRepair = false
    var attempts = 0
  }

  /// A change that was asked for, so that a message may still carry it.
  struct Wish {
    var change: MembershipChange
    var time: Microseconds
  }

  var errand: Errand?
  /// A change is due, whichever it will be.
  var isDue = false
  /// Counts turns, so that what belongs to an earlier one is recognised.
  var turn = 0
  private var wishes: [Wish] = []

  /// Longer than any message is on its way, with a forwarded one's two ways and paused processes.
  private let memory: Microseconds

  init(_ pace: Pace) { memory = pace.stretch(30_000_000) }

  mutating func asks(for change: MembershipChange, at time: Microseconds) {
    wishes.removeAll { $0.change == change || $0.time + memory < time }
    wishes.append(Wish(change: change, time: time))
  }

  /// What may still be carried out.
  func pending(at time: Microseconds) -> [MembershipChange] {
    wishes.filter { $0.time + memory >= time }.map(\.change)
  }
}

extension MembershipRefusal {
  /// Whether the same change may be granted in a moment.
  var isForNow: Bool {
    switch self {
    case .noLeader, .notReady, .changeUnderWay, .membershipChanged, .notCaughtUp, .losesQuorum,
      .featureLevelTooLow:
      true
    case .notJoint, .unknownMember, .alreadyMember, .wrongRole, .noVoters: false
    }
  }

  var coverage: Coverage.Item {
    switch self {
    case .noLeader: .refusedNoLeader
    case .notReady: .refusedNotReady
    case .changeUnderWay: .refusedUnderWay
    case .notJoint: .refusedNotJoint
    case .unknownMember: .refusedUnknownMember
    case .alreadyMember: .refusedAlreadyMember
    case .wrongRole: .refusedWrongRole
    case .notCaughtUp: .refusedNotCaughtUp
    case .noVoters: .refusedNoVoters
    case .membershipChanged: .refusedMembershipChanged
    case .losesQuorum: .refusedLosesQuorum
    case .featureLevelTooLow: .refusedFeatureLevelTooLow
    }
  }
}
