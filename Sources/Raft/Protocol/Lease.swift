/// When and for how long a leader may answer reads on its own.
public struct LeaseOptions: Hashable, Sendable {
  /// Nanoseconds, by the leader's clock, from sending a heartbeat that a majority has answered. Must be
  /// less than the shortest time in which any member's `electionTicks` ticks can pass, whatever the
  /// clocks' drift and ticks that are made up for after a pause: on this bound rests the safety of reads.
  public var duration: UInt64
  /// Makes options.
  public init(duration: UInt64) { self.duration = duration }
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
    return since > .zero && now < since.advanced(by: options.duration)
  }
}
