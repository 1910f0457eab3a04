import Raft

/// Who votes and who listens: what a change makes of that, reckoned without the program's own code.
struct Roster: Hashable {
  var voters: Set<MemberID>
  var learners: Set<MemberID>
  var promotable: Set<MemberID>

  /// Where a configuration leads to: of a joint one, what comes after it.
  init(_ configuration: Configuration) {
    voters = Set(configuration.voters)
    learners = Set(configuration.learners)
    promotable = Set(configuration.promotable)
  }

  var everybody: Set<MemberID> { voters.union(learners) }

  /// What the change makes of it; nil if it makes no sense here.
  func changed(by change: MembershipChange) -> Roster? {
    var next = self
    for step in change.steps {
      guard next.take(step) else { return nil }
    }
    return next.voters.isEmpty ? nil : next
  }

  private mutating func take(_ step: MembershipChange.Step) -> Bool {
    switch step {
    case .addLearner(let member, let promotes):
      guard !everybody.contains(member.id) else { return false }
      learners.insert(member.id)
      if promotes { promotable.insert(member.id) }
    case .addVoter(let member):
      guard !everybody.contains(member.id) else { return false }
      voters.insert(member.id)
    case .promote(let id):
      guard learners.contains(id) else { return false }
      promote(id)
    case .demote(let id):
      guard voters.remove(id) != nil else { return false }
      learners.insert(id)
    case .remove(let id):
      guard everybody.contains(id) else { return false }
      voters.remove(id)
      learners.remove(id)
      promotable.remove(id)
    case .update(let member): return everybody.contains(member.id)
    }
    return true
  }

  mutating func promote(_ id: MemberID) {
    learners.remove(id)
    promotable.remove(id)
    voters.insert(id)
  }
}

extension Configuration {
  /// Whether those for whom `has` is true are more than half of each set of voters. The program has a
  /// method for that, which is what this one checks.
  func hasMajorities(where has: (MemberID) -> Bool) -> Bool {
    [voters, outgoingVoters].allSatisfy { set in
      set.isEmpty || 2 * set.filter(has).count > set.count
    }
  }
}
