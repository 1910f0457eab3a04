import Testing

@testable import Raft

@Suite struct MembershipTests {
  private func id(_ number: UInt64) -> MemberID { MemberID(number) }

  @Test func learnerThatCatchesUpBecomesAVoterByItself() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    _ = cluster.propose("a", on: id(1))
    let member = cluster.addStranger(id(4))
    // Asked of a follower, which passes it on.
    let answer = cluster.change(
      MembershipChange([.addLearner(member, promotes: true)]), on: id(2))
    cluster.run(rounds: 60)
    #expect(answer == .decided)
    #expect(cluster.status(id(4)).configuration.voters == [id(1), id(2), id(3), id(4)])
    #expect(cluster.status(id(4)).configuration.promotable.isEmpty)
    #expect(cluster.commands(of: id(4)) == [Array("a".utf8)])
  }

  @Test func learnerThatIsNotToBePromotedStaysOneAndNeverCampaigns() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    let member = cluster.addStranger(id(4))
    _ = cluster.change(MembershipChange([.addLearner(member, promotes: false)]), on: id(1))
    cluster.run(rounds: 60)
    #expect(cluster.status(id(4)).configuration.learners == [id(4)])
    #expect(cluster.status(id(4)).role == .learner)
    cluster.cut([id(4)])
    cluster.run(rounds: 200)
    #expect(cluster.status(id(4)).role == .learner)
    #expect(!cluster.sent.contains { $0.from == id(4) && $0.isCampaign })
  }

  @Test func slowLearnerIsNotPromoted() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    let member = cluster.addStranger(id(4))
    // Its disk never completes anything, so it never holds what the leader held when a round began.
    cluster.slowDisks = [id(4)]
    _ = cluster.change(MembershipChange([.addLearner(member, promotes: true)]), on: id(1))
    cluster.run(rounds: 100)
    #expect(cluster.status(id(1)).configuration.promotable == [id(4)])
    let refused = cluster.change(MembershipChange([.promote(id(4))]), on: id(1))
    #expect(refused == .refused(.notCaughtUp(id(4))))
    cluster.slowDisks = []
    cluster.releaseWrites(of: id(4))
    cluster.run(rounds: 60)
    #expect(cluster.status(id(1)).configuration.voters.contains(id(4)))
  }

  @Test func severalChangesAtOnceGoThroughAJointConfigurationThatEndsByItself() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    let four = cluster.addStranger(id(4))
    let answer = cluster.change(
      MembershipChange([.addVoter(four), .remove(id(3))]), on: id(1))
    cluster.run(rounds: 30)
    #expect(answer == .decided)
    let seen = cluster.applied[id(1)]!.compactMap { entry -> Configuration? in
      if case .configuration(let configuration, _) = entry.content { configuration } else { nil }
    }
    #expect(seen.count == 2)
    #expect(seen.first?.isJoint == true)
    #expect(seen.first?.outgoingVoters == [id(1), id(2), id(3)])
    #expect(seen.last == cluster.status(id(4)).configuration)
    #expect(seen.last?.voters == [id(1), id(2), id(4)])
    #expect(seen.last?.member(id(3)) == nil)
  }

  @Test func jointConfigurationNeedsBothMajorities() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    let strangers = (4...6).map { cluster.addStranger(id($0)) }
    _ = cluster.change(
      MembershipChange(
        strangers.map { .addLearner($0, promotes: false) }), on: id(1))
    cluster.run(rounds: 60)
    let change = MembershipChange(
      [.promote(id(4)), .promote(id(5)), .promote(id(6)), .remove(id(2)), .remove(id(3))],
      path: .jointUntilAsked)
    #expect(cluster.change(change, on: id(1)) == .decided)
    cluster.run(rounds: 5)
    // A majority of the new voters alone decides nothing while the configuration is joint.
    cluster.cut([id(2), id(3)])
    let proposal = cluster.propose("x", on: id(1))
    cluster.run(rounds: 10)
    #expect(!cluster.commands(of: id(4)).contains(Array("x".utf8)))
    cluster.heal()
    cluster.run(rounds: 60)
    #expect(
      cluster.failedProposals[proposal] == nil || cluster.failedProposals[proposal] == .unknown)
    let leader = cluster.elect()
    #expect(cluster.change(.leaveJoint, on: leader) == .decided)
    cluster.run(rounds: 60)
    #expect(cluster.status(id(4)).configuration.voters == [id(1), id(4), id(5), id(6)])
  }

  @Test func removedLeaderHandsOverAndLearnsOfItsRemoval() throws {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    #expect(cluster.change(MembershipChange([.remove(id(1))]), on: id(1)) == .decided)
    cluster.run(rounds: 5)
    let leader = try #require(cluster.leader)
    #expect(leader != id(1))
    #expect(cluster.status(id(1)).isRemoved)
    #expect(cluster.status(leader).configuration.voters == [id(2), id(3)])
    cluster.run(rounds: 200)
    #expect(cluster.leader == leader)
  }

  @Test func leaderThatAloneHoldsItsRemovalLeadsOnceMore() {
    var cluster = TestCluster(2)
    cluster.elect(id(1))
    cluster.cut([id(1)])
    #expect(cluster.change(MembershipChange([.remove(id(1))]), on: id(1)) == nil)
    cluster.restart(id(1))
    // Nobody else can win: the longer log is here.
    cluster.heal()
    cluster.run(rounds: 200)
    #expect(cluster.leader == id(2))
    #expect(cluster.status(id(2)).configuration.voters == [id(2)])
    #expect(cluster.status(id(1)).isRemoved)
  }

  @Test func removedFollowerLearnsOfItAndDisturbsNobody() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    #expect(cluster.change(MembershipChange([.remove(id(3))]), on: id(1)) == .decided)
    cluster.run(rounds: 20)
    #expect(cluster.status(id(3)).isRemoved)
    let term = cluster.status(id(1)).term
    cluster.run(rounds: 500)
    #expect(cluster.leader == id(1))
    #expect(cluster.status(id(1)).term == term)
  }

  @Test func removedServerThatMissedItsRemovalDisturbsNobody() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.cut([id(3)])
    #expect(cluster.change(MembershipChange([.remove(id(3))]), on: id(1)) == .decided)
    cluster.run(rounds: 200)
    cluster.heal()
    let term = cluster.status(id(1)).term
    cluster.run(rounds: 500)
    #expect(cluster.leader == id(1))
    #expect(cluster.status(id(1)).term == term)
  }

  @Test func changeThatWouldLoseTheLiveQuorumIsRefusedWithTheReason() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.stop(id(3))
    cluster.run(rounds: 60)
    let answer = cluster.change(MembershipChange([.remove(id(2))]), on: id(1))
    #expect(answer == .refused(.losesQuorum(live: 1, needed: 2)))
    #expect(cluster.status(id(1)).configuration.voters.count == 3)
  }

  // MARK: Copies

  /// A wish of member 2, on its way to the leader, member 1.
  private func wish(
    _ change: MembershipChange, in cluster: inout TestCluster
  ) throws -> (id: ProposalID, message: Message) {
    let proposal = ProposalID(member: id(2), sequence: 7)
    cluster.handle(.changeMembership(proposal, change), on: id(2))
    let message = try #require(cluster.network.last)
    return (proposal, message)
  }

  private func moved(_ number: UInt64, to address: String) -> MembershipChange {
    MembershipChange([.update(Member(id: id(number), name: "n\(number)", address: address))])
  }

  @Test func copyOfAChangeThatIsTakenIsNotRefused() throws {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.run(rounds: 5)
    let wish = try wish(moved(3, to: "new:1"), in: &cluster)
    cluster.handle(.receive(wish.message), on: id(1))
    cluster.deliver()
    cluster.handle(.receive(wish.message), on: id(1))
    cluster.deliver()
    #expect(cluster.changeAnswers[wish.id] == .decided)
    #expect(!cluster.sent.contains { if case .changeRefused = $0.body { true } else { false } })
    #expect(cluster.status(id(1)).configuration.member(id(3))?.address == "new:1")
  }

  @Test func copyOfAChangeThatWasRefusedIsRefusedAgain() throws {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.stop(id(3))
    cluster.run(rounds: 60)
    let before = cluster.status(id(1)).configuration
    let wish = try wish(MembershipChange([.demote(id(2))]), in: &cluster)
    cluster.deliver()
    cluster.restart(id(3))
    cluster.run(rounds: 60)
    cluster.handle(.receive(wish.message), on: id(1))
    cluster.run(rounds: 10)
    let refusal = MembershipRefusal.losesQuorum(live: 1, needed: 2)
    #expect(cluster.changeAnswers[wish.id] == .refused(refusal))
    #expect(cluster.status(id(1)).configuration == before)
  }

  @Test(arguments: [true, false])
  func lateCopyUndoesNoLaterChange(reachesTheNextLeader: Bool) throws {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.run(rounds: 5)
    let wish = try wish(moved(3, to: "old:1"), in: &cluster)
    cluster.run(rounds: 10)
    #expect(cluster.change(moved(3, to: "new:1"), on: id(1)) == .decided)
    let leader = reachesTheNextLeader ? id(3) : id(1)
    if reachesTheNextLeader {
      cluster.handle(.transferLeadership(to: leader), on: id(1))
      cluster.run(rounds: 10)
    }
    #expect(cluster.leader == leader)
    var late = wish.message
    late.to = leader
    cluster.handle(.receive(late), on: leader)
    cluster.run(rounds: 10)
    #expect(cluster.status(leader).configuration.member(id(3))?.address == "new:1")
  }

  @Test func whoAsksByAnOldViewIsToldToLookAgain() throws {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.run(rounds: 5)
    cluster.holds = { if case .proposeChange = $0.body { true } else { false } }
    let wish = try wish(moved(3, to: "old:1"), in: &cluster)
    #expect(cluster.change(moved(3, to: "new:1"), on: id(1)) == .decided)
    cluster.holds = { _ in false }
    cluster.deliver()
    #expect(cluster.changeAnswers[wish.id] == .refused(.membershipChanged))
    #expect(cluster.status(id(1)).configuration.member(id(3))?.address == "new:1")
  }

  @Test func whatBecameOfChangesIsRememberedUpToABound() {
    var outcomes = ChangeOutcomes()
    func proposal(_ number: Int) -> ProposalID {
      ProposalID(member: id(1), sequence: UInt64(number))
    }
    for number in 0...ChangeOutcomes.limit { outcomes.add(.taken, of: proposal(number)) }
    #expect(outcomes.outcome(of: proposal(0)) == nil)
    #expect(outcomes.outcome(of: proposal(1)) == .taken)
  }

  // MARK: Replacing

  @Test func deadMemberIsReplacedInOneChange() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    _ = cluster.propose("a", on: id(1))
    cluster.deliver()
    cluster.stop(id(3))
    cluster.run(rounds: 30)
    let member = cluster.addStranger(id(4))
    #expect(cluster.change(.replace(id(3), by: member), on: id(2)) == .decided)
    cluster.run(rounds: 100)
    #expect(cluster.status(id(4)).configuration.voters == [id(1), id(2), id(4)])
    #expect(cluster.commands(of: id(4)) == [Array("a".utf8)])
  }

  @Test func secondChangeWaitsForTheFirst() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.cut([id(1)])
    let member = cluster.addStranger(id(4))
    let first = MembershipChange([.addLearner(member, promotes: false)])
    #expect(cluster.change(first, on: id(1)) == nil)
    #expect(
      cluster.change(MembershipChange([.remove(id(3))]), on: id(1)) == .refused(.changeUnderWay))
  }

  @Test func truncatedConfigurationIsRolledBack() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.cut([id(1)])
    let member = cluster.addStranger(id(4))
    _ = cluster.change(MembershipChange([.addLearner(member, promotes: false)]), on: id(1))
    #expect(cluster.status(id(1)).configuration.learners == [id(4)])
    cluster.run(rounds: 200)
    cluster.heal()
    cluster.run(rounds: 60)
    #expect(cluster.status(id(1)).configuration == cluster.configuration)
    #expect(cluster.status(id(2)).configuration == cluster.configuration)
  }

  @Test func configurationIsReadBackFromLogAndSnapshot() {
    var options = ReplicaOptions()
    options.snapshotEntries = 5
    options.retainedEntries = 0
    var cluster = TestCluster(3, options: options)
    cluster.elect(id(1))
    #expect(cluster.change(MembershipChange([.remove(id(3))]), on: id(1)) == .decided)
    cluster.restart(id(2))
    #expect(cluster.status(id(2)).configuration.voters == [id(1), id(2)])
    for i in 0..<10 {
      _ = cluster.propose("\(i)", on: id(1))
      cluster.run(rounds: 2)
    }
    #expect(cluster.status(id(2)).base.index > .zero)
    cluster.restart(id(2), keepsState: false)
    #expect(cluster.status(id(2)).configuration.voters == [id(1), id(2)])
  }

  @Test func nonsenseIsRefused() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    let known = cluster.configuration.members[1]
    func refusal(_ steps: [MembershipChange.Step]) -> MembershipAnswer? {
      cluster.change(MembershipChange(steps), on: id(1))
    }
    #expect(refusal([.remove(id(9))]) == .refused(.unknownMember(id(9))))
    #expect(refusal([.addVoter(known)]) == .refused(.alreadyMember(id(2))))
    #expect(refusal([.promote(id(2))]) == .refused(.wrongRole(id(2))))
    #expect(
      refusal([.remove(id(1)), .remove(id(2)), .remove(id(3))]) == .refused(.noVoters))
    #expect(cluster.change(.leaveJoint, on: id(1)) == .refused(.notJoint))
  }

  @Test func leadershipGoesToAPreferredMember() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    var preferred = cluster.configuration.members[2]
    preferred.priority = 10
    #expect(cluster.change(MembershipChange([.update(preferred)]), on: id(1)) == .decided)
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: 200)
    #expect(cluster.leader == id(3))
    let term = cluster.status(id(3)).term
    cluster.run(rounds: 300)
    #expect(cluster.status(id(3)).term == term)
  }
}

extension Message {
  fileprivate var isCampaign: Bool {
    switch body {
    case .preVote, .vote: true
    default: false
    }
  }
}
