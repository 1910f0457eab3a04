import Testing

@testable import Raft

/// Messages that wait for the disk.
@Suite struct HeldMessagesTests {
  /// The leader asks at each heartbeat what has become of what it sent.
  @Test func aHangingDiskHoldsOneAcknowledgementOfEachBatch() {
    var cluster = TestCluster(3)
    cluster.elect(MemberID(1))
    cluster.slowDisks = [MemberID(3)]
    _ = cluster.propose("a", on: MemberID(1))
    cluster.run(rounds: 10)
    _ = cluster.propose("b", on: MemberID(1))
    cluster.run(rounds: 200)
    #expect(cluster.replicas[MemberID(3)]?.held.count == 2)
    cluster.releaseWrites(of: MemberID(3), count: 1)
    cluster.deliver()
    #expect(cluster.status(MemberID(1)).peers.map(\.match) == [LogIndex(3), LogIndex(2)])
    cluster.releaseWrites(of: MemberID(3))
    cluster.deliver()
    #expect(cluster.status(MemberID(1)).peers.map(\.match) == [LogIndex(3), LogIndex(3)])
  }
}
