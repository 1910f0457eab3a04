import Raft
import Synchronization
import Testing

@testable import NodeRuntime

/// Members that go and come at random while all are written to.
@Suite(.serialized) struct RestartTests {
  /// What the writers were told, and which members they may use.
  private final class Ledger: Sendable {
    let up = Mutex<Set<Int>>([0, 1, 2])
    let isOver = Atomic(false)
    private let acknowledged = Mutex<[String: String]>([:])

    var all: [String: String] { acknowledged.withLock { $0 } }

    func add(_ key: String, _ applied: Applied) {
      acknowledged.withLock { $0[key] = String(decoding: applied.result, as: UTF8.self) }
    }
  }

  @Test func nothingAcknowledgedIsLostAndNothingTakesEffectTwice() async throws {
    // Small, so that logs are compacted and snapshots are sent all the time.
    var replica = ReplicaOptions(snapshotEntries: 100, retainedEntries: 20)
    replica.consensus.snapshotChunkBytes = 4096
    replica.consensus.cacheBytes = 4096
    let cluster = try TestCluster(3, replica: replica)
    try await cluster.start()
    let ledger = Ledger()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask { await write(writer, to: cluster, ledger) }
      }
      group.addTask {
        defer { ledger.isOver.store(true, ordering: .relaxed) }
        for _ in 0..<10 { try await restart(.random(in: 0..<3), of: cluster, ledger) }
      }
      try await group.waitForAll()
    }
    let acknowledged = ledger.all
    // A command's result says how many took effect before it: no two have the same.
    #expect(Set(acknowledged.values).count == acknowledged.count)
    for node in cluster.nodes {
      try await node.member.read(timeout: .seconds(60))
      #expect(acknowledged.keys.allSatisfy { node.machine[$0] == "v" })
    }
    #expect(Set(cluster.nodes.map(\.machine.commands)).count == 1)
    await cluster.crash()
  }

  private func write(_ writer: Int, to cluster: TestCluster, _ ledger: Ledger) async {
    var count = 0
    while !ledger.isOver.load(ordering: .relaxed) {
      let member = ledger.up.withLock { up in up.randomElement().map { cluster[$0].member } }
      count += 1
      let command = KeyValueMachine.command("\(writer)-\(count)", "k\(writer)-\(count)", "v")
      // Without an answer it may or may not take effect; both are right.
      guard let applied = try? await member?.propose(command, timeout: .seconds(5)) else {
        await Task.yield()
        continue
      }
      ledger.add("k\(writer)-\(count)", applied)
    }
  }

  private func restart(_ i: Int, of cluster: TestCluster, _ ledger: Ledger) async throws {
    let before = ledger.all.count
    _ = ledger.up.withLock { $0.remove(i) }
    if Bool.random() { await cluster[i].crash() } else { try await cluster[i].shutDown() }
    // The others go on meanwhile, so that there is something to catch up with.
    try await eventually("the others go on") { ledger.all.count > before + 150 }
    try await cluster[i].start()
    _ = ledger.up.withLock { $0.insert(i) }
    try await eventually("all go on") { ledger.all.count > before + 200 }
  }
}
