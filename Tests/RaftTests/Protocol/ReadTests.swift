import Testing

@testable import Raft

@Suite struct ReadTests {
  @Test func readOnAFollowerWaitsForWhatWasCommittedBefore() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    // The follower doesn't hear of the commit yet.
    cluster.delivers = { $0.to != MemberID(3) }
    _ = cluster.propose("a", on: MemberID(1))
    cluster.deliver()
    cluster.delivers = { message in
      if case .append = message.body { return message.to != MemberID(3) }
      return true
    }
    let read = ReadID(rawValue: 7)
    cluster.handle(.read(read), on: MemberID(3))
    cluster.deliver()
    #expect(cluster.readAnswers[read] == nil)
    cluster.heal()
    cluster.run(rounds: 20)
    #expect(cluster.readAnswers[read] == .some(nil))
    #expect(cluster.commands(of: MemberID(3)) == [Array("a".utf8)])
  }

  @Test func staleLeaderServesNoRead() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.cut([MemberID(1)])
    let read = ReadID(rawValue: 7)
    cluster.handle(.read(read), on: MemberID(1))
    cluster.run(rounds: 10)
    #expect(cluster.readAnswers[read] == nil)
    cluster.run(rounds: 200)
    #expect(cluster.readAnswers[read] == .some(.noLeader))
  }

  @Test func newLeaderServesNoReadBeforeItCommitsInItsTerm() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.delivers = { message in
      if case .append = message.body { return message.from != MemberID(2) }
      return true
    }
    cluster.handle(.transferLeadership(to: MemberID(2)), on: MemberID(1))
    cluster.deliver()
    let read = ReadID(rawValue: 7)
    cluster.handle(.read(read), on: MemberID(2))
    cluster.run(rounds: 8)
    #expect(cluster.leader == MemberID(2))
    #expect(cluster.readAnswers[read] == nil)
    cluster.heal()
    cluster.run(rounds: 20)
    #expect(cluster.readAnswers[read] == .some(nil))
  }

  @Test func oneRoundServesAllWaitingReads() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    let before = cluster.sent.count
    for i in 0..<100 { cluster.handle(.read(ReadID(rawValue: UInt64(i))), on: MemberID(1)) }
    cluster.deliver()
    #expect(
      (0..<100).allSatisfy { cluster.readAnswers[ReadID(rawValue: UInt64($0))] == .some(nil) })
    let heartbeats = cluster.sent[before...].filter {
      if case .heartbeat = $0.body { true } else { false }
    }
    #expect(heartbeats.count == 4, "one round for the first, one for the 99 that came meanwhile")
  }

  @Test func singleMemberReadsAlone() {
    var cluster = TestCluster(1)
    _ = cluster.elect()
    cluster.handle(.read(ReadID(rawValue: 1)), on: MemberID(1))
    #expect(cluster.readAnswers[ReadID(rawValue: 1)] == .some(nil))
  }
}
