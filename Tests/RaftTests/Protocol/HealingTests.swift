import Testing

@testable import Raft

@Suite struct HealingTests {
  private func id(_ number: UInt64) -> MemberID { MemberID(number) }

  /// Three members; member 3 acknowledged what only it and the leader hold.
  private func damagedCluster() -> TestCluster {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: 2)
    cluster.delivers = { $0.to != MemberID(2) && $0.from != MemberID(2) }
    _ = cluster.propose("b", on: id(1))
    cluster.deliver()
    cluster.stop(id(3))
    cluster.damage(id(3), from: cluster.status(id(3)).last.index)
    cluster.restart(id(3))
    return cluster
  }

  @Test func quarantinedMemberElectsNobodyWhoLacksWhatItAcknowledged() {
    var cluster = damagedCluster()
    cluster.stop(id(1))
    cluster.heal()
    cluster.run(rounds: 500)
    #expect(cluster.leader == nil)
    #expect(cluster.status(id(3)).quarantine != nil)
    cluster.restart(id(1))
    cluster.run(rounds: 200)
    #expect(cluster.commands(of: id(2)) == [Array("a".utf8), Array("b".utf8)])
    #expect(cluster.commands(of: id(3)) == [Array("a".utf8), Array("b".utf8)])
    #expect(cluster.status(id(3)).quarantine == nil)
  }

  @Test func quarantineEndsWhenTheLeaderHasSentWhatWasLost() {
    var cluster = damagedCluster()
    // The leader still takes the acknowledgement for good.
    cluster.run(rounds: 30)
    #expect(cluster.status(id(3)).quarantine == nil)
    #expect(cluster.disks[id(3)]!.log.quarantine == nil)
    #expect(cluster.commands(of: id(3)) == [Array("a".utf8), Array("b".utf8)])
    // Now its vote counts again.
    cluster.stop(id(1))
    cluster.heal()
    cluster.run(rounds: 200)
    #expect(cluster.leader == id(3))
  }

  @Test(arguments: [true, false])
  func quarantineWithoutALossEndsInAnIdleCluster(keepsState: Bool) {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: 10)
    cluster.stop(id(3))
    cluster.quarantine(id(3))
    cluster.restart(id(3), keepsState: keepsState)
    cluster.run(rounds: 60)
    #expect(cluster.status(id(3)).quarantine == nil)
  }

  @Test func quarantineEndsInAnIdleClusterThoughAnAcknowledgementWasLost() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.loses = { message in
      if case .appendReply = message.body { return message.from == MemberID(3) }
      return false
    }
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: 10)
    #expect(cluster.status(id(3)).commit == LogIndex(2))
    cluster.stop(id(3))
    cluster.quarantine(id(3))
    cluster.handle(.unreachable(id(3)), on: id(1))
    cluster.loses = { _ in false }
    cluster.restart(id(3))
    cluster.run(rounds: 60)
    #expect(cluster.status(id(3)).quarantine == nil)
  }

  @Test func answerThatComesAfterTheNextQuestionCounts() throws {
    var cluster = damagedCluster()
    let reachable = cluster.delivers
    cluster.delivers = { message in
      if case .healReply = message.body { return false }
      return reachable(message)
    }
    cluster.run(rounds: 30)
    #expect(cluster.status(id(3)).quarantine != nil)
    let answers = cluster.sent.filter { if case .healReply = $0.body { true } else { false } }
    #expect(answers.count > 1)
    cluster.handle(.receive(try #require(answers.first)), on: id(3))
    #expect(cluster.status(id(3)).quarantine == nil)
  }

  @Test func quarantineEndsUnderSteadyTraffic() {
    var cluster = damagedCluster()
    for i in 0..<60 {
      // The leader is heard more than once a tick.
      _ = cluster.propose("\(i)", on: id(1))
      cluster.run(rounds: 1)
    }
    #expect(cluster.status(id(3)).quarantine == nil)
  }

  @Test func leaderDoesNotCountOnAMemberThatHasJustRestartedInQuarantine() {
    var cluster = damagedCluster()
    let reachable = cluster.delivers
    cluster.delivers = { message in
      if case .append = message.body { return message.to == MemberID(1) }
      return reachable(message)
    }
    let restart = cluster.sent.count
    while !cluster.sent[restart...].contains(where: { $0.from == MemberID(3) }) {
      cluster.run(rounds: 1)
    }
    // It has answered for the first time. Alone with it the leader could commit nothing that is lost.
    let answer = cluster.change(MembershipChange([.remove(id(2))]), on: id(1))
    #expect(answer == .refused(.losesQuorum(live: 1, needed: 2)))
  }

  @Test func quarantineOutlivesARestart() {
    var cluster = damagedCluster()
    cluster.stop(id(1))
    cluster.heal()
    cluster.restart(id(3))
    cluster.run(rounds: 300)
    #expect(cluster.leader == nil)
    #expect(cluster.status(id(3)).quarantine != nil)
  }

  /// Members that have taken snapshots and dropped their logs up to them.
  private func compacting(after proposals: Int) -> TestCluster {
    var options = ReplicaOptions()
    options.snapshotEntries = 5
    options.retainedEntries = 0
    var cluster = TestCluster(3, options: options)
    cluster.elect(id(1))
    for i in 0..<proposals {
      _ = cluster.propose("\(i)", on: id(1))
      cluster.run(rounds: 2)
    }
    return cluster
  }

  @Test func logWithoutItsSnapshotStartsAnewInQuarantine() {
    var cluster = compacting(after: 12)
    cluster.stop(id(3))
    cluster.loseSnapshots(id(3))
    cluster.restart(id(3), keepsState: false)
    #expect(cluster.status(id(3)).quarantine != nil)
    #expect(cluster.disks[id(3)]!.log.quarantine != nil)
    cluster.run(rounds: 200)
    #expect(cluster.status(id(3)).quarantine == nil)
    #expect(cluster.status(id(3)).applied == cluster.status(id(1)).applied)
  }

  @Test func damagedSnapshotIsReplacedAtOnce() throws {
    var cluster = compacting(after: 8)
    let damaged = try #require(cluster.status(id(1)).snapshot)
    #expect(damaged.index < cluster.status(id(1)).applied.index)
    cluster.handle(.snapshotDamaged(damaged), on: id(1))
    cluster.run(rounds: 2)
    #expect(cluster.status(id(1)).snapshot == cluster.status(id(1)).applied)
  }

  @Test func failedDiskEndsLeadershipAtOnce() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.slowDisks = [id(1)]
    let proposal = cluster.propose("a", on: id(1))
    cluster.handle(.storageFailed, on: id(1))
    #expect(cluster.status(id(1)).isHalted)
    #expect(cluster.status(id(1)).role == .follower)
    #expect(cluster.failedProposals[proposal] == .unknown)
    cluster.run(rounds: 3)
    #expect([id(2), id(3)].contains(cluster.leader))
    let refused = cluster.propose("b", on: id(1))
    #expect(cluster.failedProposals[refused] == .refused(.unavailable))
  }

  @Test func leaderWhoseDiskHangsHandsOver() throws {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.slowDisks = [id(1)]
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: cluster.options.consensus.diskPatienceTicks + 10)
    let leader = try #require(cluster.leader)
    #expect(leader != id(1))
    #expect(cluster.commands(of: leader) == [Array("a".utf8)])
  }

  /// Member 1 with two entries of term 1, in quarantine; it was in term 2 and voted for member 2.
  private func quarantined() -> Consensus {
    var terms = TermIndex(base: .zero)
    for index in 1...2 as ClosedRange<UInt64> {
      terms.append(LogPosition(index: LogIndex(index), term: Term(1)))
    }
    let members = (1...3 as ClosedRange<UInt64>).map {
      Member(id: MemberID($0), name: "n\($0)", address: "n\($0):1")
    }
    return Consensus(
      id: MemberID(1), options: ConsensusOptions(),
      recovered: RecoveredLog(
        hardState: HardState(term: Term(2), vote: MemberID(2)), terms: terms,
        quarantine: Quarantine(file: "log", offset: 0, reason: "damaged")),
      base: Configuration(voters: members), commit: .zero, seed: 1)
  }

  private func message(_ body: Message.Body) -> Message {
    Message(from: MemberID(2), to: MemberID(1), term: Term(2), body: body)
  }

  /// What is left of its log may have been replaced since, and its leader does not know of the loss yet.
  @Test func aHeartbeatCommitsNothingThatTheLeaderHasNotSentSinceTheLoss() {
    var consensus = quarantined()
    consensus.receive(message(.heartbeat(commit: LogIndex(2), round: 1)))
    #expect(consensus.commitIndex == .zero)
  }

  /// No leader takes back what it has sent; whoever does must not bring this member down.
  @Test func aHeartbeatCommitsNothingThatTheLeaderHasReplaced() {
    func entries(_ indexes: ClosedRange<UInt64>, term: UInt64) -> Message {
      let first = LogPosition(index: LogIndex(indexes.lowerBound - 1), term: Term(1))
      let entries = indexes.map {
        Entry(
          position: LogPosition(index: LogIndex($0), term: Term(term)), content: .termStart)
      }
      return message(.append(Append(previous: first, entries: entries, commit: .zero)))
    }
    var consensus = quarantined()
    consensus.receive(entries(3...5, term: 1))
    consensus.receive(entries(3...3, term: 2))
    consensus.receive(message(.heartbeat(commit: LogIndex(5), round: 1)))
    #expect(consensus.commitIndex == LogIndex(3))
  }

  @Test func quarantinedMemberDoesNotEvenRepeatAVote() {
    var consensus = quarantined()
    let last = LogPosition(index: LogIndex(9), term: Term(1))
    consensus.receive(message(.vote(last: last, transfer: false)))
    #expect(consensus.takeOutput().durableMessages.map(\.body) == [.voteReply(granted: false)])
  }
}
