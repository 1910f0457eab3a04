import Testing

@testable import Raft

@Suite struct ElectionTests {
  @Test func singleMemberElectsItselfAndCommitsAlone() {
    var cluster = TestCluster(1)
    let leader = cluster.elect()
    _ = cluster.propose("a", on: leader)
    #expect(cluster.commands(of: leader) == [Array("a".utf8)])
  }

  @Test(arguments: [2, 3, 4, 5]) func membersAgreeOnOneLeader(count: Int) {
    var cluster = TestCluster(count)
    let leader = cluster.elect()
    #expect(cluster.ids.filter { cluster.status($0).role == .leader } == [leader])
    #expect(Set(cluster.ids.map { cluster.status($0).term }).count == 1)
  }

  @Test func memberThatWasCutOffDoesNotRaiseItsTerm() {
    var cluster = TestCluster(3)
    let leader = cluster.elect()
    let term = cluster.status(leader).term
    let outsider = cluster.ids.first { $0 != leader }!
    cluster.cut([outsider])
    cluster.run(rounds: 300)
    #expect(cluster.status(outsider).term == term)
    cluster.heal()
    cluster.run(rounds: 20)
    #expect(cluster.leader == leader)
    #expect(cluster.status(leader).term == term)
  }

  @Test func memberCampaignsWhenToldToUnlessALeaderLives() {
    var cluster = TestCluster(3)
    cluster.handle(.campaign, on: MemberID(2))
    cluster.deliver()
    #expect(cluster.leader == MemberID(2))
    let term = cluster.status(MemberID(2)).term
    cluster.handle(.campaign, on: MemberID(3))
    cluster.deliver()
    #expect(cluster.leader == MemberID(2))
    #expect(cluster.status(MemberID(2)).term == term)
  }

  @Test func leaderThatHearsNoQuorumStepsDown() {
    var cluster = TestCluster(3)
    let leader = cluster.elect()
    cluster.cut([leader])
    cluster.run(rounds: 3 * cluster.options.consensus.electionTicks)
    #expect(cluster.status(leader).role != .leader)
    #expect(cluster.leader != nil)
  }

  @Test func memberWithAnOlderLogIsNotElected() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.cut([MemberID(3)])
    _ = cluster.propose("a", on: MemberID(1))
    cluster.deliver()
    cluster.cut([MemberID(1)])
    cluster.delivers = { $0.from != MemberID(1) && $0.to != MemberID(1) }
    cluster.run(rounds: 400)
    #expect(cluster.leader == MemberID(2))
    #expect(cluster.commands(of: MemberID(3)) == [Array("a".utf8)])
  }

  @Test func voteIsSentOnlyWhenItIsDurable() {
    var cluster = TestCluster(3)
    cluster.slowDisks = [MemberID(2), MemberID(3)]
    for _ in 0..<60 {
      cluster.tick(MemberID(1))
      cluster.deliver()
    }
    #expect(cluster.leader == nil)
    #expect(!cluster.sent.contains { $0.body == .voteReply(granted: true) })
    cluster.releaseWrites(of: MemberID(2))
    cluster.deliver()
    #expect(cluster.leader == MemberID(1))
  }

  @Test func votePersistsOverRestart() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    let term = cluster.status(MemberID(1)).term
    cluster.stop(MemberID(2))
    cluster.restart(MemberID(2))
    let rival = Message(
      from: MemberID(3), to: MemberID(2), term: term,
      body: .vote(last: LogPosition(index: LogIndex(99), term: term), transfer: true))
    cluster.delivers = { _ in false }
    cluster.handle(.receive(rival), on: MemberID(2))
    let answers = cluster.sent.filter { $0.from == MemberID(2) && $0.to == MemberID(3) }
    #expect(answers.last?.body == .voteReply(granted: false))
  }

  @Test func leadershipIsHandedOver() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    _ = cluster.propose("a", on: MemberID(1))
    cluster.handle(.transferLeadership(to: MemberID(3)), on: MemberID(1))
    cluster.deliver()
    #expect(cluster.leader == MemberID(3))
    #expect(cluster.status(MemberID(1)).role == .follower)
  }

  @Test func handOverToADeadMemberIsGivenUp() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.stop(MemberID(3))
    _ = cluster.propose("a", on: MemberID(1))
    cluster.deliver()
    cluster.handle(.transferLeadership(to: MemberID(3)), on: MemberID(1))
    let refused = cluster.propose("b", on: MemberID(1))
    #expect(cluster.failedProposals[refused] == .refused(.unavailable))
    cluster.run(rounds: cluster.options.consensus.electionTicks + 1)
    _ = cluster.propose("c", on: MemberID(1))
    cluster.deliver()
    #expect(cluster.commands(of: MemberID(2)) == ["a", "c"].map { Array($0.utf8) })
  }
}
