/// This member's proposals that the state machine has not been given yet.
struct PendingProposals {
  private let id: MemberID
  private let patience: Int
  /// In the order in which they were made, so that answers come in a deterministic order. Removed
  /// ones leave a gap that is skipped.
  private var order: [(id: ProposalID, since: Int)] = []
  private var waiting: [ProposalID: Int] = [:]

  init(id: MemberID, patience: Int) {
    self.id = id
    self.patience = patience
  }

  mutating func add(_ proposal: ProposalID, now: Int) {
    order.append((proposal, now))
    waiting[proposal] = now
    if order.count > 64, order.count > 4 * waiting.count { dropGaps() }
  }

  /// Returns whether it was waiting.
  mutating func remove(_ proposal: ProposalID) -> Bool {
    guard proposal.member == id else { return false }
    return waiting.removeValue(forKey: proposal) != nil
  }

  /// Those that have waited too long.
  mutating func expire(now: Int) -> [ProposalID] {
    guard let oldest = order.first, now - oldest.since > patience else { return [] }
    let end = order.firstIndex { now - $0.since <= patience } ?? order.count
    defer { order.removeSubrange(..<end) }
    return order[..<end].filter { take($0) }.map(\.id)
  }

  /// All of them.
  mutating func abandonAll() -> [ProposalID] {
    defer { order = [] }
    return order.filter { take($0) }.map(\.id)
  }

  private mutating func take(_ item: (id: ProposalID, since: Int)) -> Bool {
    guard waiting[item.id] == item.since else { return false }
    waiting[item.id] = nil
    return true
  }

  private mutating func dropGaps() {
    order.removeAll { waiting[$0.id] != $0.since }
  }
}
