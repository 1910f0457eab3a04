import Foundation
import Raft
import Testing

@testable import NodeRuntime

/// Members whose disks have lost what was durable, on real disks and sockets.
@Suite(.serialized) struct DamageTests {
  /// Small, so that entries are read back from disk and snapshots are sent.
  private static let options = ReplicaOptions.small(snapshotEntries: 1_000_000)

  private func write(_ range: Range<Int>, to node: TestNode, bytes: Int = 1_000) async throws {
    let value = String(repeating: "x", count: bytes)
    for i in range {
      _ = try await node.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", value), timeout: .seconds(60))
    }
  }

  private func state(of node: TestNode, on other: TestNode) -> ClusterView.State? {
    other.view.members.first { $0.name == node.name }?.state
  }

  private func problem(of node: TestNode, on other: TestNode) -> ClusterView.Problem? {
    other.view.members.first { $0.name == node.name }?.problem
  }

  /// Only who votes can be one of two of three.
  private func checkThatBothVote(_ a: TestNode, _ b: TestNode, command: Int) async throws {
    try await write(command..<command + 1, to: a)
    try await b.member.read(timeout: .seconds(60))
    #expect(a.machine.commands == b.machine.commands)
  }

  @Test func aDamagedMemberTellsTheFileAndThePlaceHealsAndVotesAgain() async throws {
    let cluster = try TestCluster(3, replica: Self.options)
    try await cluster.start()
    try await write(0..<150, to: cluster[0])
    for node in cluster.nodes { try await node.member.read(timeout: .seconds(60)) }
    for node in cluster.nodes { try await node.shutDown() }
    let segments = try cluster[0].files(in: "wal", ending: ".log")
    #expect(segments.count > 2)
    try cluster[0].damage(segments[1], at: 3_000)

    // Alone it can't heal. Neither can it with another one: that one's vote is the only one.
    try await cluster[0].start()
    try await eventually("it says what it has lost") {
      state(of: cluster[0], on: cluster[0]) == .quarantined
    }
    try await cluster[1].start()
    try await eventually("the other one says so too") {
      state(of: cluster[0], on: cluster[1]) == .quarantined
    }
    for node in [cluster[0], cluster[1]] {
      let told = try #require(problem(of: cluster[0], on: node))
      #expect(told.kind == .quarantined && told.file == segments[1])
      #expect((1...3_000).contains(told.offset ?? 0) && !told.reason.isEmpty)
      #expect(!node.view.isHealthy && node.view.leader == nil)
    }
    #expect(cluster[0].log.contains("This member is quarantined: \(segments[1]) is damaged at"))

    try await cluster[2].start()
    try await eventually("it has healed") {
      problem(of: cluster[0], on: cluster[0]) == nil
        && state(of: cluster[0], on: cluster[1]) == .healthy
    }
    #expect(cluster[0].log.contains("The quarantine is over"))
    await cluster[2].crash()
    try await checkThatBothVote(cluster[0], cluster[1], command: 150)
    #expect(cluster[0].machine.commands == 151)
    await cluster[0].crash()
    await cluster[1].crash()
  }

  @Test func damageThatTurnsUpWhileItRunsQuarantinesTheMemberWithoutItsEnd() async throws {
    let cluster = try TestCluster(3, replica: Self.options)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    await followers[0].crash()
    try await write(0..<150, to: leader)
    let segments = try leader.files(in: "wal", ending: ".log")
    try leader.damage(segments[0], at: 20_000)
    // Who comes back needs what the leader no longer has in memory.
    try await followers[0].start()
    try await eventually("the leader has found the damage") {
      leader.log.contains("takes part in nothing for now: \(segments[0]) is damaged at byte")
    }
    try await eventually("it has healed") { leader.log.contains("The quarantine is over") }
    for node in cluster.nodes {
      try await node.member.read(timeout: .seconds(60))
      #expect(node.machine.commands == 150)
    }
    #expect(leader.log.contains("The state is built again"))
    await followers[0].crash()
    try await checkThatBothVote(leader, followers[1], command: 150)
    await leader.crash()
    await followers[1].crash()
  }

  @Test func aMemberThatVotesAloneEndsWhenDamageTurnsUp() async throws {
    let cluster = try TestCluster(1, replica: Self.options)
    try await cluster.start()
    try await write(0..<150, to: cluster[0])
    let segments = try cluster[0].files(in: "wal", ending: ".log")
    try cluster[0].damage(segments[0], at: 20_000)
    // A learner needs what the only voter no longer has in memory.
    let learner = try cluster.joining("n2")
    try await learner.start()
    try await cluster[0].member.changeMembership(
      MembershipChange([.addLearner(learner.asMember, promotes: false)]))
    guard case .failure(let error) = await cluster[0].ended() else {
      Issue.record("it goes on")
      return
    }
    #expect("\(error)".hasPrefix(segments[0]), "\(error)")
    #expect("\(error)".contains("the only one of its cluster"), "\(error)")
    #expect(try cluster[0].files(in: "wal", ending: ".damaged").isEmpty)
    await learner.crash()
  }

  // MARK: Snapshots

  private static var snapshotting: ReplicaOptions {
    var options = options
    options.snapshotEntries = 50
    return options
  }

  private func newestSnapshot(of node: TestNode) throws -> (path: String, index: Int) {
    let files = try node.files(in: "snapshots", ending: ".snap").map { path in
      (path, Int(path.split(separator: "-").dropLast().last ?? "") ?? 0)
    }
    return try #require(files.max { $0.1 < $1.1 })
  }

  @Test func aDamagedSnapshotThatTheLogNeedsQuarantinesTheMember() async throws {
    let cluster = try TestCluster(3, replica: Self.snapshotting)
    try await cluster.start()
    try await write(0..<300, to: cluster[0])
    for node in cluster.nodes { try await node.shutDown() }
    for path in try cluster[0].files(in: "snapshots", ending: ".snap") {
      try cluster[0].damage(path, at: 500)
    }
    let newest = try newestSnapshot(of: cluster[0]).path
    try await cluster[0].start()
    try await eventually("it says what it has lost") {
      problem(of: cluster[0], on: cluster[0])?.file.hasPrefix(cluster[0].options.dataDirectory)
        == true
    }
    #expect(problem(of: cluster[0], on: cluster[0])?.kind == .quarantined)
    #expect(cluster[0].log.contains("A snapshot was set aside: \(newest) is damaged"))
    try await cluster[1].start()
    try await cluster[2].start()
    try await eventually("it has healed") { cluster[0].log.contains("The quarantine is over") }
    try await cluster[0].member.read(timeout: .seconds(60))
    #expect(cluster[0].machine.commands == 300)
    await cluster.crash()
  }

  @Test func aMemberThatVotesAloneGoesOnWithItsStateWhereTheSnapshotIsDamaged() async throws {
    let cluster = try TestCluster(1, replica: Self.snapshotting)
    let machine = KeyValueMachine()
    try await cluster[0].start(machine: machine)
    try await write(0..<300, to: cluster[0])
    try await cluster[0].shutDown()
    for path in try cluster[0].files(in: "snapshots", ending: ".snap") {
      try cluster[0].damage(path, at: 500)
    }
    // Without the state nothing stands for what came before the log.
    await #expect {
      try await cluster[0].start()
    } throws: { error in
      if case MemberError.stateLost = error { true } else { false }
    }
    try await cluster[0].start(machine: machine)
    try await cluster[0].member.read(timeout: .seconds(60))
    try await write(300..<301, to: cluster[0])
    #expect(machine.commands == 301)
    await cluster.crash()
  }

  /// It founded its cluster alone, and its log no longer says that others have been added since.
  @Test func aMemberThatVotedAloneOnceDoesNotTakeItselfForAloneAgain() async throws {
    let cluster = try TestCluster(1, replica: Self.snapshotting)
    let first = cluster[0]
    let machine = KeyValueMachine()
    try await first.start(machine: machine)
    let others = try ["n2", "n3"].map(cluster.joining)
    for other in others { try await other.start() }
    // Changes come after the first entry of its term.
    try await first.member.read(timeout: .seconds(60))
    try await first.member.changeMembership(
      MembershipChange(others.map { .addLearner($0.asMember, promotes: true) }))
    try await eventually("all vote") {
      first.view.members.count == 3 && first.view.members.allSatisfy { $0.role != .learner }
    }
    try await write(0..<300, to: first)
    for other in others { try await other.member.read(timeout: .seconds(60)) }
    try await first.shutDown()
    for path in try first.files(in: "snapshots", ending: ".snap") {
      try first.damage(path, at: 500)
    }
    try await first.start(machine: machine)
    try await eventually("it has healed") {
      first.log.contains("This member is quarantined")
        && first.log.contains("The quarantine is over")
    }
    try await write(300..<301, to: first)
    for node in [first] + others {
      try await node.member.read(timeout: .seconds(60))
      #expect(node.machine.commands == 301)
    }
    for node in [first] + others { await node.crash() }
  }

  @Test func aLeaderDoesNotSendADamagedSnapshot() async throws {
    let cluster = try TestCluster(3, replica: Self.snapshotting)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    await followers[0].crash()
    try await write(0..<300, to: leader)
    try await eventually("the leader is to take no other snapshot") {
      try newestSnapshot(of: leader).index + 50 > Int(leader.view.last.rawValue)
    }
    for path in try leader.files(in: "snapshots", ending: ".snap") {
      try leader.damage(path, at: 500)
    }
    let term = leader.view.term
    try await followers[0].start()
    try await eventually("the leader has found the damage") {
      leader.log.contains("A snapshot was set aside, and another is taken")
    }
    try await eventually("all are healthy") { cluster.nodes.allSatisfy(\.view.isHealthy) }
    for node in cluster.nodes {
      try await node.member.read(timeout: .seconds(60))
      #expect(node.machine.commands == 300)
    }
    // It does not even give up leadership for that.
    #expect(!leader.log.contains("takes part in nothing"))
    #expect(leader.view.term == term)
    #expect(try leader.files(in: "snapshots", ending: ".damaged").isEmpty)
    await cluster.crash()
  }
}
