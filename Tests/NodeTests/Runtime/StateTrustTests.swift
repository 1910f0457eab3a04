import Foundation
import Raft
import Testing

@testable import NodeRuntime

/// States of which the disk may have lost some writes.
@Suite(.serialized) struct StateTrustTests {
  private func write(_ range: Range<Int>, to node: TestNode) async throws {
    for i in range {
      _ = try await node.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", "v"), timeout: .seconds(60))
    }
  }

  @Test(arguments: [1, 3]) func aStateIsBuiltAgainWhenTheDiskHasFailed(members: Int) async throws {
    let disk = FaultyDisk()
    let cluster = try TestCluster(members) { i, options in
      if i == 0 { options.fileSystem = disk }
    }
    let node = cluster[0]
    try await cluster.start()
    try await write(0..<20, to: node)
    disk.failSynchronizations(2)
    _ = try? await node.member.propose(KeyValueMachine.command("r20", "k20", "v"))
    try await eventually("it goes on") { node.log.contains("This member takes part again") }
    try await write(20..<21, to: node)
    #expect(node.log.contains("The state is built again"))
    #expect(node.machine.commands == 21)
    // It is trusted after that.
    let built = node.machine
    for node in cluster.nodes { await node.crash() }
    try await node.start(machine: built)
    #expect(node.machine === built)
    await node.crash()
  }

  @Test func aFailureThatEndsTheMemberIsNotForgotten() async throws {
    let disk = FaultyDisk()
    let cluster = try TestCluster(1) { _, options in
      options.fileSystem = disk
      options.storageRetries = StorageRetries(attempts: 2, firstPause: .milliseconds(5))
    }
    let node = cluster[0]
    try await cluster.start()
    try await write(0..<20, to: node)
    disk.failSynchronizations(.max)
    _ = try? await node.member.propose(KeyValueMachine.command("r20", "k20", "v"))
    _ = await node.ended()
    #expect(!node.log.contains("The state is built again"))
    let kept = node.machine
    disk.failSynchronizations(0)
    try await node.start(machine: kept)
    #expect(node.machine !== kept)
    try await node.member.read(timeout: .seconds(60))
    #expect(node.machine.commands >= 20)
    await node.crash()
  }
}
