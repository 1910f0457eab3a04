import Raft

/// What may become of the membership, so that no fault takes what the cluster can't do without.
///
/// An operator's request may be carried out late, or twice: it travels like any message. So all that
/// was asked for lately, in any order, may lie ahead, and the promotion of every learner that waits for
/// it.
struct MembershipOutlook {
  /// What may be in force already.
  var possible: [Configuration]
  /// What may still be carried out.
  var wishes: [MembershipChange]
  /// Whose disks are there, in machines that run or will run again.
  var intact: Set<MemberID>

  /// More configurations than any that a prudent operator would put at risk.
  private static let limit = 400

  /// Whether each set of voters that may come to be has a majority of intact members: then whatever was
  /// committed is held by one that any leader needs, and there can be a leader.
  var isSafe: Bool {
    guard possible.allSatisfy({ $0.hasMajorities(where: intact.contains) }) else { return false }
    var seen: Set<Roster> = []
    var waiting = possible.map { Roster($0) }
    while let roster = waiting.popLast() {
      guard seen.insert(roster).inserted else { continue }
      guard hasMajority(roster), seen.count < Self.limit else { return false }
      waiting += wishes.compactMap { roster.changed(by: $0) }
      waiting += roster.promotable.sorted().map { id in
        var next = roster
        next.promote(id)
        return next
      }
    }
    return true
  }

  private func hasMajority(_ roster: Roster) -> Bool {
    2 * roster.voters.count(where: intact.contains) > roster.voters.count
  }
}
