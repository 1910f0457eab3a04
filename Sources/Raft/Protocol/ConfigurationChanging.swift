/// What a change makes of a configuration, as values (dissertation §4.1, §4.3).
extension Configuration {
  /// The configuration that begins this change: the final one when `path` allows one step, else the
  /// joint one.
  func changed(by change: MembershipChange) throws(MembershipRefusal) -> Configuration {
    guard !isJoint else { throw .changeUnderWay }
    var next = self
    for step in change.steps { try next.apply(step) }
    guard !next.voters.isEmpty else { throw .noVoters }
    next.sort()
    let differing = Set(voters).symmetricDifference(next.voters).count
    guard change.path != .shortest || differing > 1 else { return next }
    next.outgoingVoters = voters
    next.waitsInJoint = change.path == .jointUntilAsked
    // Who votes still must be reachable still.
    for voter in voters where next.member(voter) == nil {
      if let leaving = member(voter) { next.members.append(leaving) }
    }
    next.sort()
    return next
  }

  /// The configuration that follows upon a joint one.
  var afterJoint: Configuration {
    var next = self
    next.outgoingVoters = []
    next.waitsInJoint = false
    next.members.removeAll { !voters.contains($0.id) && !learners.contains($0.id) }
    return next
  }

  private mutating func apply(_ step: MembershipChange.Step) throws(MembershipRefusal) {
    switch step {
    case .addLearner(let member, let promotes):
      try add(member)
      learners.append(member.id)
      if promotes { promotable.append(member.id) }
    case .addVoter(let member):
      try add(member)
      voters.append(member.id)
    case .promote(let id):
      try require(id, in: learners)
      forget(id)
      voters.append(id)
    case .demote(let id):
      try require(id, in: voters)
      forget(id)
      learners.append(id)
    case .remove(let id):
      guard member(id) != nil else { throw .unknownMember(id) }
      members.removeAll { $0.id == id }
      forget(id)
    case .update(let member):
      guard let place = members.firstIndex(where: { $0.id == member.id }) else {
        throw .unknownMember(member.id)
      }
      members[place] = member
    }
  }

  private mutating func add(_ member: Member) throws(MembershipRefusal) {
    guard self.member(member.id) == nil else { throw .alreadyMember(member.id) }
    members.append(member)
  }

  private func require(_ id: MemberID, in role: [MemberID]) throws(MembershipRefusal) {
    guard member(id) != nil else { throw .unknownMember(id) }
    guard role.contains(id) else { throw .wrongRole(id) }
  }

  private mutating func forget(_ id: MemberID) {
    voters.removeAll { $0 == id }
    learners.removeAll { $0 == id }
    promotable.removeAll { $0 == id }
  }

  private mutating func sort() {
    members.sort { $0.id < $1.id }
    voters.sort()
    learners.sort()
    promotable.sort()
  }
}
