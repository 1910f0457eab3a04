/// Changes of who takes part (paper §6; dissertation §4).
extension Consensus {
  // MARK: Asking

  /// Puts a change into the log, or throws why not. Only a leader takes one, and each wish once: copies of
  /// it have the outcome that the first one had. Whoever asks knows the configurations up to `seen`.
  mutating func propose(
    _ change: MembershipChange, id proposal: ProposalID, seen: LogIndex
  ) throws(MembershipRefusal) {
    guard case .leader(let leader) = role else { throw .noLeader }
    let known = leader.changes.outcome(of: proposal)
    let outcome = known ?? judge(change, id: proposal, seen: seen, leader)
    if known == nil { updateLeader { $1.changes.add(outcome, of: proposal) } }
    if case .refused(let refusal) = outcome { throw refusal }
  }

  private mutating func judge(
    _ change: MembershipChange, id proposal: ProposalID, seen: LogIndex, _ leader: Leader
  ) -> ChangeOutcomes.Outcome {
    do throws(MembershipRefusal) {
      let next = try next(by: change, seen: seen, leader)
      append(.configuration(next, proposal: proposal))
      return .taken
    } catch {
      return .refused(error)
    }
  }

  /// The configuration that this change makes, if it may be made now.
  private func next(
    by change: MembershipChange, seen: LogIndex, _ leader: Leader
  ) throws(MembershipRefusal) -> Configuration {
    // The entry of the own term must be committed first: two leaders' changes could otherwise have
    // majorities without a common member (Ongaro, raft-dev, "bug in single-server membership changes").
    guard leader.transfer == nil, hasCommittedInTerm(leader) else { throw .notReady }
    guard configurations.currentIndex <= commitIndex else { throw .changeUnderWay }
    // What was right for the membership that the asker saw may undo what came after.
    guard configurations.currentIndex <= seen else { throw .membershipChanged }
    guard change == .leaveJoint else { return try next(by: change, leader) }
    guard configuration.isJoint, configuration.waitsInJoint else { throw .notJoint }
    return configuration.afterJoint
  }

  /// The configuration that begins this change, if the cluster goes on with it as things are.
  private func next(
    by change: MembershipChange, _ leader: Leader
  ) throws(MembershipRefusal) -> Configuration {
    let next = try configuration.changed(by: change)
    for case .promote(let id) in change.steps where !isCaughtUp(id, leader) {
      throw .notCaughtUp(id)
    }
    for case .promote(let id) in change.steps where supportedLevel(id, leader) < featureLevel {
      throw .featureLevelTooLow(id, has: supportedLevel(id, leader), needs: featureLevel)
    }
    let live = next.voters.count { isLive($0, leader) }
    let needed = next.voters.count / 2 + 1
    guard live >= needed else { throw .losesQuorum(live: live, needed: needed) }
    return next
  }

  /// Whether the member would vote if it had to.
  func isLive(_ member: MemberID, _ leader: Leader) -> Bool {
    if member == id { return true }
    guard let progress = leader.peers[member] else { return false }
    return progress.silentTicks < options.electionTicks && progress.match >= progress.healsAt
  }

  private func isCaughtUp(_ member: MemberID, _ leader: Leader) -> Bool {
    isLive(member, leader) && leader.peers[member]?.catchUp.isDone == true
  }

  // MARK: Carrying on

  /// Takes the next step of what is under way, when the last one is committed.
  mutating func driveMembership(_ leader: inout Leader) {
    meetPeers(&leader)
    // As with changes that are asked for: see `propose`.
    guard configurations.currentIndex <= commitIndex, hasCommittedInTerm(leader) else { return }
    if configuration.isJoint {
      guard !configuration.waitsInJoint else { return }
      append(.configuration(configuration.afterJoint))
    } else if leader.transfer == nil {
      promote(leader)
      raiseFeatureLevel(leader)
    }
    meetPeers(&leader)
  }

  /// Makes voters of the learners that have caught up.
  private mutating func promote(_ leader: Leader) {
    let ready = configuration.promotable.filter {
      isCaughtUp($0, leader) && supportedLevel($0, leader) >= featureLevel
    }
    // What is refused now is tried again with each step.
    guard !ready.isEmpty,
      let next = try? next(by: MembershipChange(ready.map { .promote($0) }), leader)
    else { return }
    append(.configuration(next))
  }

  /// Whether this leader is no longer among the voters, and a majority of them knows.
  var hasRetired: Bool {
    configurations.currentIndex <= commitIndex && !configuration.isVoter(id)
  }

  /// Begins and ends the progress of peers as the configuration says. Who is removed is still sent what
  /// there is for a while, so that it learns of its removal.
  private mutating func meetPeers(_ leader: inout Leader) {
    guard leader.peersAsOf != configurations.currentIndex else { return }
    leader.peersAsOf = configurations.currentIndex
    for peer in configuration.ids where peer != id {
      leader.departing[peer] = nil
      if leader.peers[peer] == nil {
        leader.peers[peer] = Progress(last: log.lastIndex, tick: leader.ticks)
        leader.peers[peer]?.silentTicks = options.electionTicks
      }
    }
    for peer in leader.peers.ids where configuration.member(peer) == nil {
      leader.departing[peer] = leader.departing[peer] ?? 4 * options.electionTicks
    }
  }

  /// Lets go of removed members whose time is over.
  mutating func tickDeparting(_ leader: inout Leader) {
    guard !leader.departing.isEmpty, configurations.currentIndex <= commitIndex else { return }
    leader.departing = leader.departing.compactMapValues { $0 > 1 ? $0 - 1 : nil }
    for peer in leader.peers.ids
    where configuration.member(peer) == nil && leader.departing[peer] == nil {
      leader.peers[peer] = nil
    }
  }
}
