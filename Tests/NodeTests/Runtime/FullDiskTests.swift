import Foundation
import Raft
import Testing

@testable import NodeRuntime

/// Members whose disks refuse to write, and what comes after.
@Suite(.serialized) struct FullDiskTests {
  private let value = String(repeating: "x", count: 4_000)

  private func command(_ i: Int) -> [UInt8] {
    KeyValueMachine.command("r\(i)", "k\(i)", value)
  }

  /// Writes until the member's disk is full; returns what was acknowledged.
  private func fill(_ node: TestNode) async throws -> [Int] {
    var acknowledged: [Int] = []
    for i in 0..<1_000 {
      do throws(ConsensusError) {
        _ = try await node.member.propose(command(i), timeout: .seconds(60))
        acknowledged.append(i)
      } catch {
        switch error {
        case .outcomeUnknown: break
        case .suspended(let problem): #expect(problem.kind == .diskFull)
        default: Issue.record("\(error)")
        }
        return acknowledged
      }
    }
    Issue.record("the disk does not fill")
    return acknowledged
  }

  @Test func aLeaderWhoseDiskIsFullStepsDownAndComesBackWhenThereIsSpace() async throws {
    let disks = (0..<3).map { _ in FaultyDisk() }
    let cluster = try TestCluster(3) { i, options in options.fileSystem = disks[i] }
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    let disk = try #require(zip(cluster.nodes, disks).first { $0.0 === leader }?.1)
    disk.isFull = true
    let acknowledged = try await fill(leader)
    try await eventually("it says so") {
      leader.view.members.first { $0.name == leader.name }?.state == .diskFull
    }
    try await eventually("the others say so, and go on") {
      followers.allSatisfy { node in
        node.view.leader != nil && node.view.leader != leader.member.id
          && node.view.members.first { $0.name == leader.name }?.state == .diskFull
      }
    }
    // Asked now, it answers at once; what it has can be read.
    await #expect(throws: ConsensusError.self) {
      try await leader.member.read(timeout: .seconds(600))
    }
    await #expect(throws: ConsensusError.self) {
      try await leader.member.propose([1], timeout: .seconds(600))
    }
    #expect(acknowledged.allSatisfy { leader.machine["k\($0)"] == value })
    for i in 1_000..<1_050 {
      _ = try await followers[0].member.propose(command(i), timeout: .seconds(60))
    }
    #expect(leader.machine["k1000"] == nil)

    disk.isFull = false
    try await eventually("all are healthy") { cluster.nodes.allSatisfy(\.view.isHealthy) }
    for node in cluster.nodes {
      try await node.member.read(timeout: .seconds(60))
      #expect(acknowledged.allSatisfy { node.machine["k\($0)"] == value })
      #expect(node.machine["k1049"] == value)
    }
    #expect(Set(cluster.nodes.map(\.machine.commands)).count == 1)
    #expect(leader.log.contains("This member takes part again"))
    #expect(leader.machine.restores == 0)
    await cluster.crash()
  }

  @Test func aMemberAloneGoesOnWhenThereIsSpace() async throws {
    let disk = FaultyDisk()
    let cluster = try TestCluster(1) { _, options in options.fileSystem = disk }
    let node = cluster[0]
    try await cluster.start()
    disk.isFull = true
    let acknowledged = try await fill(node)
    try await eventually("it says so") { node.view.members.first?.problem?.kind == .diskFull }
    disk.isFull = false
    try await eventually("it goes on") { node.view.isHealthy }
    for i in 0..<100 { _ = try await node.member.propose(command(i), timeout: .seconds(60)) }
    #expect(acknowledged.count < 100)
    #expect(node.machine.commands == 100)
    await node.crash()
  }

  @Test func aStateWithoutSpaceIsAppliedLater() async throws {
    let disk = FaultyDisk()
    let cluster = try TestCluster(1) { _, options in options.fileSystem = disk }
    let node = cluster[0]
    try await node.start(machine: KeyValueMachine(disk: disk))
    try await node.member.read(timeout: .seconds(60))
    disk.isFull = true
    // In the log it is; the state has no room for it.
    await #expect(throws: ConsensusError.outcomeUnknown) {
      try await node.member.propose(command(0), timeout: .seconds(600))
    }
    #expect(node.view.members.first?.state == .diskFull)
    disk.isFull = false
    try await node.member.waitUntilApplied(node.view.last, timeout: .seconds(60))
    #expect(node.machine["k0"] == value)
    await node.crash()
  }

  @Test func afterAFailedSynchronizationTheMemberGoesOnWithANewStore() async throws {
    let disk = FaultyDisk()
    let cluster = try TestCluster(1) { _, options in options.fileSystem = disk }
    let node = cluster[0]
    try await cluster.start()
    _ = try await node.member.propose(command(0), timeout: .seconds(60))
    // The next one, and the first attempt to go on.
    disk.failSynchronizations(2)
    await #expect(throws: ConsensusError.outcomeUnknown) {
      try await node.member.propose(command(1), timeout: .seconds(600))
    }
    try await eventually("it goes on") { node.log.contains("This member takes part again") }
    #expect(node.log.contains("takes part in nothing for now: the disk failed (fdatasync"))
    let applied = try await node.member.propose(command(1), timeout: .seconds(60))
    #expect(String(decoding: applied.result, as: UTF8.self) == "2")
    await node.crash()
    // What was found after the failure is durable: it is there after a restart.
    try await node.start()
    try await node.member.read(timeout: .seconds(60))
    #expect(node.machine.commands == 2)
    await node.crash()
  }
}
