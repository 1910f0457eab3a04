import Raft
import Testing

@testable import NodeRuntime

/// Members whose disks answer reads with errors, while they run.
@Suite(.serialized) struct UnreadableDiskTests {
  /// Small, so that entries are read back from disk and snapshots are sent.
  private static let options = ReplicaOptions.small(snapshotEntries: 50)

  private let disks = (0..<3).map { _ in FaultyDisk() }

  private func makeCluster(_ replica: ReplicaOptions = options) throws -> TestCluster {
    try TestCluster(3, replica: replica) { i, options in
      options.fileSystem = disks[i]
      options.storageRetries.firstPause = .milliseconds(5)
    }
  }

  private func disk(of node: TestNode, in cluster: TestCluster) throws -> FaultyDisk {
    try #require(zip(cluster.nodes, disks).first { $0.0 === node }?.1)
  }

  /// One was away from the beginning on; the others go on to 300 commands.
  private func part(_ cluster: TestCluster) async throws -> (leader: TestNode, behind: TestNode) {
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    await followers[0].crash()
    let value = String(repeating: "x", count: 1_000)
    for i in 0..<300 {
      _ = try await leader.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", value), timeout: .seconds(60))
    }
    return (leader, followers[0])
  }

  private func waitForFailedReads(
    of disk: FaultyDisk, under node: TestNode, until line: String
  ) async throws {
    try await eventually("reads have failed, and then: \(line)") {
      disk.hasFailedReads && node.log.contains(line)
    }
  }

  private func checkThatAllAreWhole(_ cluster: TestCluster) async throws {
    try await eventually("all are healthy") { cluster.nodes.allSatisfy(\.view.isHealthy) }
    for node in cluster.nodes {
      try await node.member.read(timeout: .seconds(60))
      #expect(node.machine.commands == 300)
    }
    await cluster.crash()
  }

  @Test func aLogThatCannotBeReadForAPeerIsOpenedAgain() async throws {
    var replica = Self.options
    replica.snapshotEntries = 1_000_000
    let cluster = try makeCluster(replica)
    let (leader, behind) = try await part(cluster)
    let disk = try disk(of: leader, in: cluster)
    disk.failReads(of: "/wal/wal-", 2)
    try await behind.start()
    try await waitForFailedReads(of: disk, under: leader, until: "takes part again")
    #expect(leader.log.contains("Input/output error"))
    try await checkThatAllAreWhole(cluster)
  }

  @Test func aSnapshotThatCannotBeReadForAPeerIsSentLater() async throws {
    let cluster = try makeCluster()
    let (leader, behind) = try await part(cluster)
    let disk = try disk(of: leader, in: cluster)
    disk.failReads(of: "/snapshots/snapshot-", after: 5, 2)
    try await behind.start()
    try await checkThatAllAreWhole(cluster)
    #expect(disk.hasFailedReads)
    #expect(!leader.log.contains("takes part in nothing"))
  }

  /// With the first read the file is opened, with the fifth it is checked.
  @Test(arguments: [0, 4]) func aSnapshotThatCannotBeReadToBeInstalledIsReadAgain(
    good: Int
  ) async throws {
    let cluster = try makeCluster()
    let (_, behind) = try await part(cluster)
    // It has none of its own so far.
    #expect(try behind.files(in: "snapshots", ending: ".snap").isEmpty)
    let disk = try disk(of: behind, in: cluster)
    disk.failReads(of: "/snapshots/snapshot-", after: good, 1)
    try await behind.start()
    try await waitForFailedReads(of: disk, under: behind, until: "takes part again")
    try await checkThatAllAreWhole(cluster)
  }

  @Test func snapshotsThatCannotBeOpenedAgainAreOpenedLater() async throws {
    var replica = Self.options
    // The log is kept, and what is sent comes from there.
    replica.retainedEntries = 1_000_000
    let cluster = try makeCluster(replica)
    let (leader, behind) = try await part(cluster)
    let disk = try disk(of: leader, in: cluster)
    try leader.damage(try leader.files(in: "wal", ending: ".log")[0], at: 20_000)
    disk.failReads(of: "/snapshots/snapshot-", 2)
    try await behind.start()
    try await waitForFailedReads(of: disk, under: leader, until: "The quarantine is over")
    #expect(leader.log.contains("The snapshots can't be opened"))
    try await checkThatAllAreWhole(cluster)
  }
}
