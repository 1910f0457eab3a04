import Testing

@testable import Raft

@Suite struct LeaseTests {
  private func id(_ number: UInt64) -> MemberID { MemberID(number) }
  private let read = ReadID(rawValue: 7)

  /// A cluster whose leases last for 200 ms, with election time-outs of 250 ms and more.
  private func leasedCluster() -> TestCluster {
    var options = ReplicaOptions()
    options.consensus.lease = LeaseOptions(duration: 200_000_000)
    var cluster = TestCluster(3, options: options)
    cluster.elect(id(1))
    return cluster
  }

  @Test func leaderWithALeaseAnswersAtOnce() {
    var cluster = leasedCluster()
    cluster.delivers = { _ in false }
    cluster.handle(.read(read), on: id(1))
    #expect(cluster.readAnswers[read] == .some(nil))
  }

  @Test func leaseReadIsRefusedWhenTheLeaseHasRunOut() {
    var cluster = leasedCluster()
    cluster.delivers = { _ in false }
    cluster.now += 200_000_000
    cluster.handle(.read(read), on: id(1))
    #expect(cluster.readAnswers[read] == nil)
    cluster.heal()
    cluster.run(rounds: 10)
    #expect(cluster.readAnswers[read] == .some(nil))
  }

  @Test func leaseEndsWithAHandover() {
    var cluster = leasedCluster()
    cluster.delivers = { _ in false }
    cluster.handle(.transferLeadership(to: id(2)), on: id(1))
    cluster.handle(.read(read), on: id(1))
    #expect(cluster.readAnswers[read] == nil)
  }

  @Test func restartedFollowerKeepsItsPromiseToTheLeader() {
    var cluster = leasedCluster()
    cluster.restart(id(2))
    cluster.restart(id(3))
    let ask = Message(
      from: id(3), to: id(2), term: cluster.status(id(2)).term.next,
      body: .vote(last: cluster.status(id(3)).last, transfer: false))
    cluster.handle(.receive(ask), on: id(2))
    #expect(!cluster.sent.contains { $0.body == .voteReply(granted: true) && $0.term == ask.term })
    cluster.delivers = { $0.from != MemberID(1) }
    cluster.tick(id(2), times: cluster.options.consensus.electionTicks)
    cluster.handle(.receive(ask), on: id(2))
    #expect(cluster.sent.contains { $0.body == .voteReply(granted: true) && $0.term == ask.term })
  }

  /// Its leader, removed by a change of which it does not know that it is committed, may still lease.
  @Test func soleVoterThatRestartsKeepsItsPromiseToo() {
    var options = ReplicaOptions()
    options.consensus.lease = LeaseOptions(duration: 200_000_000)
    var cluster = TestCluster(2, options: options)
    cluster.elect(id(1))
    cluster.delivers = { $0.to != MemberID(1) }
    _ = cluster.change(MembershipChange([.remove(id(1))]), on: id(1))
    #expect(cluster.status(id(2)).configuration.voters == [id(2)])
    cluster.delivers = { _ in false }
    cluster.restart(id(2))
    cluster.tick(id(2), times: options.consensus.electionTicks - 1)
    #expect(cluster.status(id(2)).role == .follower)
    cluster.handle(.read(read), on: id(1))
    #expect(cluster.readAnswers[read] == .some(nil))
    cluster.tick(id(2), times: options.consensus.electionTicks)
    #expect(cluster.status(id(2)).role == .leader)
  }

  @Test func whoIsToldToCampaignKeepsItsPromise() {
    var cluster = leasedCluster()
    // The lease rests on the second member alone, and the third would vote for it.
    cluster.delivers = { $0.from != MemberID(3) && $0.to != MemberID(3) }
    cluster.run(rounds: 60)
    cluster.delivers = { $0.from != MemberID(1) && $0.to != MemberID(1) }
    cluster.handle(.campaign, on: id(2))
    cluster.deliver()
    cluster.handle(.read(read), on: id(1))
    #expect(cluster.readAnswers[read] == .some(nil))
    #expect(cluster.status(id(2)).role == .follower)
    cluster.tick(id(2), times: cluster.options.consensus.electionTicks)
    cluster.handle(.campaign, on: id(2))
    cluster.deliver()
    #expect(cluster.status(id(2)).role == .leader)
  }

  @Test func whoAloneWasEverCommittedToVoteNeedNotWait() {
    var options = ReplicaOptions()
    options.consensus.lease = LeaseOptions(duration: 200_000_000)
    var cluster = TestCluster(1, options: options)
    cluster.tick(id(1))
    #expect(cluster.status(id(1)).role == .leader)
  }

  @Test func promisesAreKeptWhereLeasesAreNotUsedYet() {
    var options = ReplicaOptions()
    options.consensus.lease = LeaseOptions(duration: 0)
    var cluster = TestCluster(3, options: options)
    cluster.elect(id(1))
    cluster.delivers = { _ in false }
    cluster.handle(.read(read), on: id(1))
    #expect(cluster.readAnswers[read] == nil)
    cluster.handle(.forgetLeader, on: id(2))
    #expect(cluster.status(id(2)).leader == id(1))
  }

  @Test func statusTellsHowReadsFareWithTheLease() {
    var cluster = leasedCluster()
    #expect(cluster.status(id(2)).lease == nil)
    cluster.delivers = { _ in false }
    cluster.handle(.read(read), on: id(1))
    cluster.now += 200_000_000
    cluster.handle(.read(ReadID(rawValue: 8)), on: id(1))
    #expect(
      cluster.status(id(1)).lease == LeaseStatus(isForsworn: false, answered: 1, unanswered: 1))
    cluster.handle(.transferLeadership(to: id(2)), on: id(1))
    #expect(cluster.status(id(1)).lease?.isForsworn == true)
  }

  @Test func withoutLeasesAFollowerCanForgetItsLeader() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.handle(.forgetLeader, on: id(2))
    #expect(cluster.status(id(2)).leader == nil)
    var leased = leasedCluster()
    leased.handle(.forgetLeader, on: id(2))
    #expect(leased.status(id(2)).leader == id(1))
  }

  @Test(
    arguments: [
      // Ten milliseconds a tick, five at once as in a node: 19 ticks are certain.
      (25, 5, 0, 190_000_000), (25, 5, 1_000, 189_620_379), (25, 1, 50_000, 208_095_238),
      (5, 5, 0, 0), (5, 4, 0, 0),
    ] as [(Int, Int, UInt64, UInt64)])
  func longestSafeLeaseLeavesRoomForTicksAtOnceAndDrift(
    electionTicks: Int, ticksAtOnce: Int, drift: UInt64, duration: UInt64
  ) {
    let longest = LeaseOptions.longestSafe(
      electionTicks: electionTicks, tick: 10_000_000, ticksAtOnce: ticksAtOnce, drift: drift)
    #expect(longest == LeaseOptions(duration: duration))
  }
}
