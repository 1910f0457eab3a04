import DequeModule

/// What a leader has made of the changes of membership that it was asked for in its term, so that each copy
/// of a wish has the same outcome however often the network delivers it.
struct ChangeOutcomes {
  /// How many are remembered: far more than operators ask for while a copy may be under way. A copy of a
  /// change that was taken and is forgotten is refused, because the membership has changed since.
  static let limit = 256

  enum Outcome: Hashable {
    /// It is in the log.
    case taken
    case refused(MembershipRefusal)
  }

  private var outcomes = Deque<(id: ProposalID, outcome: Outcome)>()

  func outcome(of id: ProposalID) -> Outcome? { outcomes.last { $0.id == id }?.outcome }

  mutating func add(_ outcome: Outcome, of id: ProposalID) {
    outcomes.append((id, outcome))
    if outcomes.count > Self.limit { outcomes.removeFirst() }
  }
}
