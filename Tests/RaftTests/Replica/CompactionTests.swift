import Testing

@testable import Raft

/// What of the log is kept below a snapshot, and when one is taken.
@Suite struct CompactionTests {
  private let a = MemberID(1)
  private let c = MemberID(3)

  private func cluster(_ change: (inout ReplicaOptions) -> Void) -> TestCluster {
    var options = ReplicaOptions()
    options.snapshotEntries = 10
    change(&options)
    return TestCluster(3, options: options)
  }

  private func write(_ count: Int, _ cluster: inout TestCluster) {
    let text = String(repeating: "x", count: 1_000)
    for _ in 0..<count {
      _ = cluster.propose(text, on: a)
      cluster.deliver()
    }
  }

  @Test(arguments: [4_000, 20_000, 1 << 30])
  func noMoreBytesAreKeptThanMayBeWhoeverNeedsThem(bytes: Int) {
    var cluster = cluster {
      $0.retainedEntries = 1_000
      $0.retainedBytes = bytes
    }
    cluster.elect(a)
    cluster.stop(c)
    write(100, &cluster)
    let status = cluster.status(a)
    guard let snapshot = status.snapshot?.index else {
      Issue.record("there is no snapshot")
      return
    }
    let kept = 1_032 * (snapshot - status.base.index)
    #expect(kept <= bytes + 2 * LogSizes.stride + 1_032)
    #expect(kept >= min(bytes, 90_000))
  }

  /// What follows upon a snapshot that is on its way is kept: else another one would have to be sent.
  @Test func whatFollowsUponASnapshotOnItsWayIsKept() {
    var cluster = cluster {
      $0.retainedEntries = 0
      $0.consensus.snapshotChunkBytes = 3
    }
    cluster.elect(a)
    cluster.stop(c)
    write(30, &cluster)
    cluster.restart(c)
    // The first piece arrives, and no other for a while.
    let c = c
    cluster.holds = { if case .snapshotChunk = $0.body { $0.to == c } else { false } }
    cluster.run(rounds: 10)
    let sent = cluster.status(a).peers.last?.snapshot
    #expect(sent?.position == cluster.status(a).base && sent?.received == 0)
    write(30, &cluster)
    #expect(cluster.status(a).snapshot?.index ?? .zero > cluster.status(a).base.index)
    #expect(sent?.position == cluster.status(a).base)
    cluster.holds = { _ in false }
    cluster.run(rounds: 60)
    let snapshots = Set(
      cluster.sent.compactMap {
        if case .snapshotChunk(let chunk) = $0.body { chunk.metadata.position } else { nil }
      })
    #expect(snapshots.count == 1)
    #expect(cluster.status(c).applied == cluster.status(a).applied)
    // It is done: the next snapshot takes all with it.
    write(20, &cluster)
    #expect(cluster.status(a).snapshot == cluster.status(a).base)
  }

  /// The bound on bytes has cut the log behind the snapshot that is on its way: a newer one follows upon it.
  @Test func aSnapshotThatTheLogHasLeftBehindIsFollowedByANewerOne() {
    var cluster = cluster {
      $0.retainedEntries = 0
      $0.retainedBytes = 2_000
      $0.consensus.snapshotChunkBytes = 3
    }
    cluster.elect(a)
    cluster.stop(c)
    write(30, &cluster)
    cluster.restart(c)
    let c = c
    cluster.holds = { if case .snapshotChunk = $0.body { $0.to == c } else { false } }
    cluster.run(rounds: 10)
    let sent = cluster.status(a).peers.last?.snapshot?.position
    write(60, &cluster)
    #expect(cluster.status(a).base.index > sent?.index ?? .zero)
    cluster.holds = { _ in false }
    cluster.run(rounds: 100)
    #expect(cluster.status(c).applied == cluster.status(a).applied)
    #expect(cluster.status(a).peers.last?.snapshot == nil)
  }

  @Test func aSnapshotIsTakenWhenSomebodyWantsOne() {
    var cluster = cluster { $0.retainedEntries = 0 }
    cluster.elect(a)
    write(3, &cluster)
    #expect(cluster.status(a).snapshot == nil)
    cluster.handle(.takeSnapshot, on: a)
    let taken = cluster.status(a).snapshot
    #expect(taken == cluster.status(a).applied && taken == cluster.status(a).base)
    // There is nothing new in another one.
    cluster.handle(.takeSnapshot, on: a)
    write(1, &cluster)
    #expect(cluster.status(a).snapshot == taken)
  }
}
