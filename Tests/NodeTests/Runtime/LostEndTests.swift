import Foundation
import Raft
import Testing

@testable import NodeRuntime

/// Logs that have lost acknowledged entries at their end, where only the state remembers them.
@Suite(.serialized) struct LostEndTests {
  private func write(_ range: Range<Int>, to node: TestNode) async throws {
    for i in range {
      _ = try await node.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", "v"), timeout: .seconds(60))
    }
  }

  /// What is wrong with the first member, as this one sees it.
  private func problem(on node: TestNode) -> ClusterView.Problem? {
    node.view.members.first { $0.name == "n1" }?.problem
  }

  /// What a disk does that loses the sectors at the log's end: the records there, and their marks, are zeros.
  private func loseEnd(of node: TestNode) throws {
    let path = try #require(try node.files(in: "wal", ending: ".log").last)
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    let bytes = [UInt8](try file.readToEnd() ?? Data())
    let end = try #require(bytes.lastIndex { $0 != 0 })
    let start = end - 1_000
    #expect(start > 1_000)
    try file.seek(toOffset: UInt64(start))
    try file.write(contentsOf: Data(count: end + 1 - start))
    try file.close()
  }

  @Test func aMemberWhoseStateRemembersMoreThanItsLogIsQuarantined() async throws {
    let cluster = try TestCluster(3)
    let machine = KeyValueMachine()
    try await cluster[0].start(machine: machine)
    for node in cluster.nodes[1...] { try await node.start() }
    try await write(0..<150, to: cluster[0])
    for node in cluster.nodes { try await node.member.read(timeout: .seconds(60)) }
    // No change of leader, which would be written down at the end.
    await cluster.crash()
    try loseEnd(of: cluster[0])

    try await cluster[0].start(machine: machine)
    let log = try #require(try cluster[0].files(in: "wal", ending: ".log").last)
    try await eventually("it says what it has lost") { problem(on: cluster[0]) != nil }
    let told = try #require(problem(on: cluster[0]))
    #expect(told.kind == .quarantined && told.file == log)
    #expect(told.reason.contains("the state has applied \(machine.applied)"))
    // Its vote would elect one that lacks what the two of them had.
    try await cluster[1].start()
    try await eventually("the other one knows") {
      problem(on: cluster[1])?.kind == .quarantined
    }
    #expect(cluster[1].view.leader == nil)
    // Also when it is started once more: the state, which proved it, was emptied.
    await cluster[0].crash()
    try await cluster[0].start(machine: KeyValueMachine())
    try await eventually("it knows it still") { problem(on: cluster[0])?.kind == .quarantined }
    try await cluster[2].start()
    try await eventually("it has healed") { cluster[0].log.contains("The quarantine is over") }
    try await cluster[0].member.read(timeout: .seconds(60))
    #expect(cluster[0].machine.commands == 150)
    await cluster.crash()
  }

  @Test func whoVotesAloneKeepsTheStateThatIsTheLastCopy() async throws {
    let cluster = try TestCluster(1)
    let machine = KeyValueMachine()
    try await cluster[0].start(machine: machine)
    try await write(0..<150, to: cluster[0])
    try await cluster[0].shutDown()
    try loseEnd(of: cluster[0])
    // However often it is started.
    for _ in 0..<2 {
      await #expect {
        try await cluster[0].start(machine: machine)
      } throws: { error in
        if case MemberError.onlyStateHasAll = error { true } else { false }
      }
    }
    #expect(machine.commands == 150)
    #expect(!cluster[0].log.contains("The state is built again"))
  }

  /// The disk fails, and has lost something when it works again.
  @Test(arguments: [1, 3]) func anEndThatIsLostWhileTheMemberRunsIsNoticed(
    members: Int
  ) async throws {
    let disk = FaultyDisk()
    let cluster = try TestCluster(members) { i, options in
      guard i == 0 else { return }
      options.fileSystem = disk
      options.storageRetries.firstPause = .seconds(2)
    }
    try await cluster.start()
    try await write(0..<150, to: cluster[0])
    disk.failSynchronizations(1)
    _ = try? await cluster[0].member.propose(
      KeyValueMachine.command("r150", "k150", "v"), timeout: .seconds(1))
    try await eventually("it stands still") {
      cluster[0].log.contains("takes part in nothing for now")
    }
    try loseEnd(of: cluster[0])
    if members == 1 {
      guard case .failure(MemberError.onlyStateHasAll) = await cluster[0].ended() else {
        Issue.record("it goes on")
        return
      }
      #expect(cluster[0].machine.commands == 150)
    } else {
      try await eventually("it has healed") {
        cluster[0].log.contains("The log has lost its end: ")
          && cluster[0].log.contains("The quarantine is over")
      }
      try await cluster[0].member.read(timeout: .seconds(60))
      #expect(cluster[0].machine.commands >= 150)
      await cluster.crash()
    }
  }
}
