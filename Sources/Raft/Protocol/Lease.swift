/// When and for how long a leader may answer reads on its own.
///
/// Every member of a cluster must have leases on before one of them uses any, because the others'
/// patience is what a lease rests on. To switch them on in a cluster that runs, restart all members with
/// a duration of 0 first: they keep the promises and use no lease.
public struct LeaseOptions: Hashable, Sendable {
  /// Nanoseconds, by the leader's clock, from sending a heartbeat that a majority has answered. On the
  /// bound of this rests the safety of reads: see `longestSafe`.
  public var duration: UInt64
  /// Makes options.
  public init(duration: UInt64) { self.duration = duration }

  /// The longest lease that can't outlive the promises on which it rests.
  ///
  /// A member that answers a heartbeat promises `electionTicks` ticks of patience. As many as
  /// `ticksAtOnce` of them may stand for time that had passed before, and one more may be due at once,
  /// so the promise is worth two or more ticks less than it seems. The member's clock may be too fast,
  /// and the leader's too slow.
  ///
  /// - Parameters:
  ///   - electionTicks: the smallest that any member has.
  ///   - tick: nanoseconds.
  ///   - ticksAtOnce: the most ticks that a member is ever given one right after the other, when it was
  ///     kept from running. At least 1.
  ///   - drift: by how much, at most, any clock is too fast or too slow, in millionths.
  public static func longestSafe(
    electionTicks: Int, tick: UInt64, ticksAtOnce: Int, drift: UInt64
  ) -> LeaseOptions {
    precondition(ticksAtOnce > 0 && drift < 1_000_000)
    let ticks = UInt64(max(0, electionTicks - 1 - ticksAtOnce))
    let fast = (ticks * tick).multipliedFullWidth(by: 1_000_000 - drift)
    return LeaseOptions(duration: (1_000_000 + drift).dividingFullWidth(fast).quotient)
  }
}

/// How reads fare with the lease of a leadership.
public struct LeaseStatus: Hashable, Sendable {
  /// Whether there is no lease for the rest of the term, because someone was told to campaign.
  public var isForsworn: Bool
  /// Batches of reads that were answered at once.
  public var answered: UInt64
  /// Batches of reads for which a majority had to be asked.
  public var unanswered: UInt64
}

/// Until when no other member can lead (dissertation §6.4.1).
///
/// A member that answers a heartbeat votes for nobody for `electionTicks` of its ticks. So from the
/// moment when a round of heartbeats was sent that a majority answered, no other leader can be elected
/// for that long, unless this one hands over.
struct Lease {
  /// When the latest rounds of heartbeats were sent; bounded.
  private var sent: [(round: UInt64, at: Moment)] = []
  /// When the latest round that each member answered was sent.
  private var answered: [MemberID: Moment] = [:]
  /// Someone was told to campaign, whatever others hear of this leader. That word may arrive late, so the
  /// lease is over for the whole term.
  private var isForsworn = false
  /// Batches of reads that the lease answered, and those that it didn't.
  private var reads: (answered: UInt64, unanswered: UInt64) = (0, 0)

  private static let roundsKept = 64

  mutating func sent(_ round: UInt64, at moment: Moment) {
    if sent.count == Self.roundsKept { sent.removeFirst() }
    sent.append((round, moment))
  }

  mutating func answered(_ round: UInt64, by member: MemberID) {
    guard let moment = sent.last(where: { $0.round == round })?.at else { return }
    answered[member] = max(answered[member] ?? .zero, moment)
  }

  mutating func forswear() { isForsworn = true }

  /// Whether the leader, `id`, rules for certain at `now`.
  func isValid(
    at now: Moment, for id: MemberID, in configuration: Configuration, _ options: LeaseOptions
  ) -> Bool {
    guard !isForsworn else { return false }
    let since = configuration.quorum { $0 == id ? now : answered[$0] ?? .zero } ?? .zero
    return since > .zero && now.rawValue - since.rawValue < options.duration
  }

  var status: LeaseStatus {
    LeaseStatus(
      isForsworn: isForsworn, answered: reads.answered, unanswered: reads.unanswered)
  }

  mutating func count(isAnswered: Bool) {
    if isAnswered { reads.answered += 1 } else { reads.unanswered += 1 }
  }
}
