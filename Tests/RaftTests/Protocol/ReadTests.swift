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

  @Test func confirmedReadFailsWhenTheStateMachineDoesNotFollow() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.slowDisks = [MemberID(3)]
    _ = cluster.propose("a", on: MemberID(1))
    cluster.run(rounds: 5)
    let read = ReadID(rawValue: 7)
    cluster.handle(.read(read), on: MemberID(3))
    cluster.run(rounds: cluster.options.answerTicks)
    #expect(cluster.readAnswers[read] == nil)
    cluster.run(rounds: 2)
    #expect(cluster.readAnswers[read] == .some(.stateBehind))
  }

  /// A leader that can't commit in its term begins no round, though it leads on.
  @Test func readsThatNoRoundTakesDoNotPileUp() {
    var rounds = ReadRounds()
    let requests = (0..<UInt64(ReadRounds.limit + 5)).map {
      ReadRounds.Request(member: MemberID(1), batch: $0)
    }
    #expect(requests.compactMap { rounds.add($0) } == Array(requests.prefix(5)))
    #expect(rounds.abandon() == Array(requests.dropFirst(5)))
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

  @Test func answerMeantForTheProcessBeforeARestartIsNotTaken() throws {
    let members = (1...3 as ClosedRange<UInt64>).map {
      Member(id: MemberID($0), name: "n\($0)", address: "n\($0):1")
    }
    let heartbeat = Message(
      from: MemberID(1), to: MemberID(2), term: Term(1), body: .heartbeat(commit: .zero, round: 0))
    func follower(seed: UInt64, read: ReadID) -> (Replica, asked: UInt64?) {
      var replica = Replica(
        id: MemberID(2), options: ReplicaOptions(),
        recovered: RecoveredLog(hardState: HardState(term: Term(1))),
        initial: Configuration(voters: members), applied: .zero, seed: seed)
      replica.handle(.receive(heartbeat))
      replica.handle(.read(read))
      for case .send(let message) in replica.takeEffects() {
        if case .readIndex(let batch) = message.body { return (replica, batch) }
      }
      return (replica, nil)
    }
    func answered(_ replica: inout Replica, batch: UInt64) -> Bool {
      let reply = Message.Body.readIndexReply(batch: batch, index: .zero)
      replica.handle(
        .receive(Message(from: MemberID(1), to: MemberID(2), term: Term(1), body: reply)))
      return replica.takeEffects().contains { if case .answerRead = $0 { true } else { false } }
    }
    let earlier = try #require(follower(seed: 1, read: ReadID(rawValue: 7)).asked)
    var (replica, asked) = follower(seed: 2, read: ReadID(rawValue: 8))
    let isAnsweredTooEarly = answered(&replica, batch: earlier)
    #expect(!isAnsweredTooEarly)
    let isAnswered = answered(&replica, batch: try #require(asked))
    #expect(isAnswered)
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
