import Testing

@testable import Raft

@Suite struct FeatureLevelTests {
  private let second = FeatureLevel(rawValue: 2)
  private func id(_ number: UInt64) -> MemberID { MemberID(number) }

  /// A cluster in which these members' programs support the second level.
  private func cluster(_ count: Int, upgraded: [UInt64]) -> TestCluster {
    var cluster = TestCluster(count)
    for number in upgraded { upgrade(id(number), in: &cluster) }
    cluster.elect(id(1))
    cluster.run(rounds: 20)
    return cluster
  }

  private func upgrade(_ id: MemberID, to level: UInt32 = 2, in cluster: inout TestCluster) {
    cluster.featureLevels[id] = FeatureLevel(rawValue: level)
    cluster.restart(id)
  }

  @Test func risesWhenTheLastMemberSupportsIt() {
    var cluster = cluster(3, upgraded: [1, 2])
    #expect(cluster.ids.allSatisfy { cluster.status($0).featureLevel == .first })
    upgrade(id(3), in: &cluster)
    cluster.run(rounds: 20)
    for id in cluster.ids {
      #expect(cluster.status(id).featureLevel == second)
      #expect(cluster.status(id).missingLevel == nil)
    }
  }

  @Test func risesNoFurtherThanTheOldestSupports() {
    var cluster = cluster(3, upgraded: [1, 2, 3])
    upgrade(id(1), to: 4, in: &cluster)
    upgrade(id(2), to: 3, in: &cluster)
    upgrade(id(3), to: 3, in: &cluster)
    cluster.elect(id(1))
    cluster.run(rounds: 20)
    #expect(cluster.status(id(2)).featureLevel == FeatureLevel(rawValue: 3))
  }

  @Test func doesNotRiseWhileAMemberIsNotHeard() {
    var cluster = cluster(3, upgraded: [1, 2])
    upgrade(id(3), in: &cluster)
    cluster.cut([id(3)])
    cluster.run(rounds: 60)
    #expect(cluster.status(id(1)).featureLevel == .first)
    cluster.heal()
    cluster.run(rounds: 60)
    #expect(cluster.status(id(1)).featureLevel == second)
  }

  @Test func doesNotRiseOverALearner() {
    var cluster = cluster(2, upgraded: [1, 2])
    #expect(cluster.status(id(1)).featureLevel == second)
    upgrade(id(1), to: 3, in: &cluster)
    cluster.elect(id(1))
    let member = cluster.addStranger(id(3))
    _ = cluster.change(MembershipChange([.addLearner(member, promotes: false)]), on: id(1))
    upgrade(id(2), to: 3, in: &cluster)
    cluster.run(rounds: 40)
    #expect(cluster.status(id(1)).configuration.learners == [id(3)])
    #expect(cluster.status(id(1)).featureLevel == second)
  }

  @Test func outlivesRestartsAndSnapshots() {
    var cluster = cluster(3, upgraded: [1, 2, 3])
    #expect(cluster.disks[id(2)]?.log.featureLevel == second)
    cluster.restart(id(2), keepsState: false)
    #expect(cluster.status(id(2)).configuration.featureLevel == second)
    cluster.options.snapshotEntries = 1
    cluster.options.retainedEntries = 0
    for number in 1...3 as ClosedRange<UInt64> { cluster.restart(id(number)) }
    cluster.elect(id(1))
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: 10)
    #expect(cluster.disks[id(1)]?.log.snapshot?.configuration.featureLevel == second)
  }

  @Test func anOlderProgramAppliesNothingOfANewerLevel() {
    var cluster = cluster(3, upgraded: [1, 2])
    cluster.slowDisks = [id(3)]
    upgrade(id(3), in: &cluster)
    cluster.run(rounds: 20)
    #expect(cluster.status(id(1)).featureLevel == second)
    // Its disk has nothing of that: it can be started, and learns of it when it is too late.
    cluster.slowDisks = []
    upgrade(id(3), to: 1, in: &cluster)
    #expect(cluster.disks[id(3)]?.log.featureLevel == .first)
    _ = cluster.propose("new", on: id(1))
    cluster.run(rounds: 20)
    #expect(cluster.commands(of: id(1)) == [Array("new".utf8)])
    #expect(cluster.commands(of: id(3)) == [])
    #expect(cluster.status(id(3)).missingLevel == second)
    #expect(cluster.disks[id(3)]?.log.featureLevel == second)
    cluster.cut([id(3)])
    cluster.run(rounds: 100)
    #expect(cluster.status(id(3)).role == .follower)
    cluster.heal()
    upgrade(id(3), in: &cluster)
    cluster.run(rounds: 20)
    #expect(cluster.commands(of: id(3)) == [Array("new".utf8)])
  }

  @Test func anOlderProgramDoesNotTakeASnapshotOfANewerLevel() {
    var cluster = cluster(3, upgraded: [1, 2, 3])
    cluster.options.snapshotEntries = 1
    cluster.options.retainedEntries = 0
    for number in 1...3 as ClosedRange<UInt64> { cluster.restart(id(number)) }
    cluster.elect(id(1))
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: 10)
    let member = cluster.addStranger(id(4))
    _ = cluster.change(MembershipChange([.addLearner(member, promotes: true)]), on: id(1))
    cluster.run(rounds: 40)
    #expect(cluster.status(id(4)).missingLevel == second)
    #expect(cluster.status(id(4)).applied == .zero)
    #expect(cluster.status(id(1)).configuration.learners == [id(4)])
  }

  @Test func anOlderProgramIsGivenNoVote() {
    var cluster = cluster(3, upgraded: [1, 2, 3])
    let member = cluster.addStranger(id(4))
    _ = cluster.change(MembershipChange([.addLearner(member, promotes: true)]), on: id(1))
    cluster.run(rounds: 40)
    #expect(cluster.status(id(1)).configuration.learners == [id(4)])
    #expect(
      cluster.change(MembershipChange([.promote(id(4))]), on: id(1))
        == .refused(.featureLevelTooLow(id(4), has: .first, needs: second)))
    upgrade(id(4), in: &cluster)
    cluster.run(rounds: 40)
    #expect(cluster.status(id(1)).configuration.voters.contains(id(4)))
  }

  @Test func aLevelWhoseEntryIsReplacedIsMissedNoLonger() {
    let members = (1...3 as ClosedRange<UInt64>).map {
      Member(id: MemberID($0), name: "n\($0)", address: "n\($0):1")
    }
    let voters = Configuration(voters: members)
    var raised = voters
    raised.featureLevel = second
    var consensus = Consensus(
      id: id(3), options: ConsensusOptions(), recovered: RecoveredLog(), base: voters,
      commit: .zero, seed: 1)
    func send(_ content: Entry.Content, from leader: UInt64, term: UInt64) {
      let position = LogPosition(index: LogIndex(1), term: Term(term))
      let append = Append(
        previous: .zero, entries: [Entry(position: position, content: content)], commit: .zero)
      consensus.receive(
        Message(from: id(leader), to: id(3), term: Term(term), body: .append(append)))
    }
    send(.configuration(raised), from: 1, term: 1)
    #expect(consensus.missingLevel == second)
    #expect(!consensus.mayCampaign)
    send(.termStart, from: 2, term: 2)
    #expect(consensus.missingLevel == nil)
    #expect(consensus.mayCampaign)
    #expect(consensus.lastUnderstood(through: LogIndex(1)) == LogIndex(1))
  }
}
