import Testing

@testable import Raft

@Suite struct ReplicationTests {
  @Test func proposalOnAFollowerReachesEverybody() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    _ = cluster.propose("a", on: MemberID(2))
    cluster.deliver()
    for id in cluster.ids { #expect(cluster.commands(of: id) == [Array("a".utf8)]) }
  }

  @Test func proposalWithoutALeaderIsRefused() {
    var cluster = TestCluster(3)
    let proposal = cluster.propose("a", on: MemberID(2))
    #expect(cluster.failedProposals[proposal] == .refused(.noLeader))
  }

  @Test func proposalWhoseLeaderVanishesEndsUnknown() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.stop(MemberID(1))
    let proposal = cluster.propose("a", on: MemberID(2))
    cluster.run(rounds: 200)
    #expect(cluster.failedProposals[proposal] == .unknown)
  }

  @Test func leaderCommitsFromFollowersBeforeItsOwnDiskIsDone() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.slowDisks = [MemberID(1)]
    _ = cluster.propose("a", on: MemberID(1))
    cluster.deliver()
    #expect(cluster.commands(of: MemberID(2)) == [Array("a".utf8)])
    // Its own state machine never runs ahead of its own log.
    #expect(cluster.commands(of: MemberID(1)) == [])
    cluster.releaseWrites(of: MemberID(1))
    #expect(cluster.commands(of: MemberID(1)) == [Array("a".utf8)])
  }

  @Test func peerWhoseConnectionWasLostIsProbedAtOnce() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.delivers = { $0.to != MemberID(3) }
    _ = cluster.propose("lost", on: MemberID(1))
    cluster.deliver()
    cluster.delivers = { _ in true }
    // Without a heartbeat nothing else tells the leader that something was lost.
    cluster.handle(.unreachable(MemberID(3)), on: MemberID(1))
    cluster.deliver()
    #expect(cluster.commands(of: MemberID(3)) == [Array("lost".utf8)])
  }

  @Test func acknowledgementOfAnEarlierTermCountsForNothing() {
    var cluster = TestCluster(3)
    let (one, two) = (MemberID(1), MemberID(2))
    cluster.elect(one)
    let earlier = cluster.status(one).term
    for (leader, next) in [(one, two), (two, one)] {
      cluster.handle(.transferLeadership(to: next), on: leader)
      cluster.deliver()
    }
    #expect(cluster.leader == one && cluster.status(one).term > earlier)
    cluster.cut([one])
    _ = cluster.propose("a", on: one)
    cluster.deliver()
    let last = cluster.status(one).last.index
    let reply = Message.Body.appendReply(.accepted(match: last))
    cluster.handle(
      .receive(Message(from: two, to: one, term: earlier, body: reply)), on: one)
    #expect(cluster.status(one).commit < last)
    let now = cluster.status(one).term
    cluster.handle(.receive(Message(from: two, to: one, term: now, body: reply)), on: one)
    #expect(cluster.status(one).commit == last)
  }

  @Test func entryIsNotCommittedBeforeAQuorumHasItOnDisk() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.slowDisks = [MemberID(2), MemberID(3)]
    _ = cluster.propose("a", on: MemberID(1))
    cluster.deliver()
    #expect(cluster.commands(of: MemberID(1)) == [])
    cluster.releaseWrites(of: MemberID(3))
    cluster.deliver()
    #expect(cluster.commands(of: MemberID(1)) == [Array("a".utf8)])
  }

  @Test func lateWriteDoesNotVouchForReplacedEntries() {
    // Entry 1 of term 1, replaced by term 2's, replaced by term 1's again: only the third write makes
    // it durable, though the first has the same position.
    var log = RaftLog(terms: TermIndex(base: .zero), cacheLimit: 1 << 20)
    func entry(_ index: UInt64, _ term: UInt64) -> Entry {
      Entry(position: LogPosition(index: LogIndex(index), term: Term(term)), content: .termStart)
    }
    log.append(entry(1, 1))
    _ = log.takeUnwritten(sequence: 1)
    log.truncate(from: LogIndex(1))
    log.append(entry(1, 2))
    _ = log.takeUnwritten(sequence: 2)
    log.truncate(from: LogIndex(1))
    log.append(entry(1, 1))
    _ = log.takeUnwritten(sequence: 3)
    log.wrote(through: 1)
    #expect(log.durable == .zero)
    log.wrote(through: 2)
    #expect(log.durable == .zero)
    log.wrote(through: 3)
    #expect(log.durable == LogIndex(1))
  }

  @Test func lostAppendsAreSentAgain() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.delivers = { if case .append = $0.body { false } else { true } }
    _ = cluster.propose("a", on: MemberID(1))
    cluster.deliver()
    cluster.heal()
    cluster.run(rounds: 3 * cluster.options.consensus.heartbeatTicks)
    for id in cluster.ids { #expect(cluster.commands(of: id) == [Array("a".utf8)]) }
  }

  @Test func followerThatLagsIsServedFromDisk() {
    var options = ReplicaOptions()
    options.consensus.cacheBytes = 100
    var cluster = TestCluster(3, options: options)
    cluster.elect(MemberID(1))
    cluster.stop(MemberID(3))
    for i in 0..<50 {
      _ = cluster.propose("\(i)", on: MemberID(1), sequence: UInt64(i))
      cluster.deliver()
    }
    cluster.restart(MemberID(3), keepsState: false)
    cluster.run(rounds: 30)
    #expect(cluster.commands(of: MemberID(3)) == (0..<50).map { Array("\($0)".utf8) })
  }

  @Test func followerBehindTheCompactedLogGetsASnapshot() {
    var options = ReplicaOptions(snapshotEntries: 10, retainedEntries: 2)
    options.consensus.snapshotChunkBytes = 3
    var cluster = TestCluster(3, options: options)
    cluster.elect(MemberID(1))
    cluster.stop(MemberID(3))
    for i in 0..<50 {
      _ = cluster.propose("\(i)", on: MemberID(1), sequence: UInt64(i))
      cluster.deliver()
    }
    #expect(cluster.status(MemberID(1)).base.index > LogIndex(30))
    cluster.restart(MemberID(3))
    cluster.run(rounds: 60)
    #expect(cluster.status(MemberID(3)).applied == cluster.status(MemberID(1)).applied)
    #expect(cluster.sent.contains { if case .snapshotChunk = $0.body { true } else { false } })
    // It goes on from there, and over a restart.
    cluster.stop(MemberID(3))
    cluster.restart(MemberID(3))
    _ = cluster.propose("z", on: MemberID(3), sequence: 1000)
    cluster.run(rounds: 60)
    #expect(cluster.status(MemberID(3)).applied == cluster.status(MemberID(1)).applied)
  }

  @Test func proposalsAreRefusedWhileTooMuchIsUncommitted() {
    var options = ReplicaOptions()
    options.consensus.uncommittedBytes = 1000
    var cluster = TestCluster(3, options: options)
    cluster.elect(MemberID(1))
    cluster.delivers = { _ in false }
    let text = String(repeating: "x", count: 400)
    let ids = (0..<4).map { cluster.propose(text, on: MemberID(1), sequence: UInt64($0)) }
    #expect(
      ids.map { cluster.failedProposals[$0] } == [
        nil, nil, .refused(.overloaded), .refused(.overloaded),
      ])
    cluster.heal()
    cluster.run(rounds: 20)
    _ = cluster.propose("after", on: MemberID(1), sequence: 9)
    cluster.deliver()
    #expect(cluster.commands(of: MemberID(2)).last == Array("after".utf8))
  }
}

extension ReplicationTests {
  @Test func fullWindowOverACompactedLogEndsInASnapshot() {
    var options = ReplicaOptions(snapshotEntries: 10, retainedEntries: 2)
    options.consensus.inflightAppends = 2
    var cluster = TestCluster(3, options: options)
    cluster.elect(MemberID(1))
    // The third member gets everything, but none of its acknowledgements arrive.
    cluster.delivers = { message in
      if case .appendReply = message.body { return message.from != MemberID(3) }
      return true
    }
    for i in 0..<50 {
      _ = cluster.propose("\(i)", on: MemberID(1), sequence: UInt64(i))
      cluster.deliver()
    }
    #expect(cluster.status(MemberID(3)).last.index < cluster.status(MemberID(1)).base.index)
    cluster.heal()
    cluster.run(rounds: 60)
    #expect(cluster.status(MemberID(3)).applied == cluster.status(MemberID(1)).applied)
  }

  @Test func slowDiskOfAFollowerIsNotSentMoreThanTheWindow() {
    var options = ReplicaOptions()
    options.consensus.inflightAppends = 4
    var cluster = TestCluster(3, options: options)
    cluster.elect(MemberID(1))
    cluster.slowDisks = [MemberID(3)]
    for i in 0..<50 {
      _ = cluster.propose("\(i)", on: MemberID(1), sequence: UInt64(i))
      cluster.deliver()
    }
    // Heartbeats go on being answered, and reads are confirmed.
    for i in 0..<50 {
      cluster.handle(.read(ReadID(rawValue: UInt64(i))), on: MemberID(1))
      cluster.run(rounds: 2)
    }
    let received = cluster.status(MemberID(3)).last.index
    #expect(cluster.status(MemberID(1)).last.index - received >= 40)
    cluster.slowDisks = []
    cluster.releaseWrites(of: MemberID(3))
    cluster.run(rounds: 30)
    #expect(cluster.commands(of: MemberID(3)).count == 50)
  }
}
