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

  @Test func withoutLeasesAFollowerCanForgetItsLeader() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.handle(.forgetLeader, on: id(2))
    #expect(cluster.status(id(2)).leader == nil)
    var leased = leasedCluster()
    leased.handle(.forgetLeader, on: id(2))
    #expect(leased.status(id(2)).leader == id(1))
  }
}
