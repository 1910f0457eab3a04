import Raft
import Testing

@testable import NodeRuntime

/// Programs of two versions in one cluster, on real disks and sockets.
@Suite(.serialized) struct FeatureLevelTests {
  private static let second = FeatureLevel(rawValue: 2)

  private static func replica(_ level: FeatureLevel) -> ReplicaOptions {
    var options = ReplicaOptions()
    options.consensus.featureLevel = level
    return options
  }

  /// The same node with a program that supports this level.
  private func node(_ node: TestNode, at level: FeatureLevel) -> TestNode {
    var options = node.options
    options.replica = Self.replica(level)
    options.version = "\(level).0.0"
    return TestNode(node.name, options)
  }

  private func write(_ command: Int, to node: TestNode) async throws {
    _ = try await node.member.propose(
      KeyValueMachine.command("r\(command)", "k", "v"), timeout: .seconds(60))
  }

  /// What the members' programs support, as a node sees it.
  private func supported(on node: TestNode) -> [String: FeatureLevel?] {
    Dictionary(uniqueKeysWithValues: node.view.members.map { ($0.name, $0.supports) })
  }

  private func checkRefusal(_ error: any Error) {
    guard case MemberError.versionTooOld("1.0.0", .first, Self.second) = error else {
      Issue.record("\(error)")
      return
    }
    let words = "\(error)"
    #expect(words.contains("at feature level 2") && words.contains("up to 1 only"), "\(words)")
    #expect(words.contains("version that supports level 2"), "\(words)")
  }

  @Test func theLevelRisesWithTheLastMemberAndThereIsNoWayBack() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    try await write(0, to: cluster[0])
    var nodes = cluster.nodes
    for i in 0..<3 {
      #expect(nodes.allSatisfy { $0.view.featureLevel == .first })
      try await nodes[i].shutDown()
      nodes[i] = node(nodes[i], at: Self.second)
      try await nodes[i].start()
      try await nodes[i].member.read(timeout: .seconds(60))
      try await eventually("the others know what it supports") {
        nodes.allSatisfy { supported(on: $0)["n\(i + 1)"] == Self.second }
      }
    }
    try await eventually("the level has risen, and all know") {
      nodes.allSatisfy { $0.view.featureLevel == Self.second }
    }
    try await write(1, to: nodes[0])

    // Two are a majority: what one of them can't start with is no news to the others.
    try await nodes[0].shutDown()
    await #expect {
      try await node(nodes[0], at: .first).start()
    } throws: {
      checkRefusal($0)
      return true
    }
    try await nodes[0].start()
    try await nodes[0].member.read(timeout: .seconds(60))
    #expect(nodes[0].machine.commands == 2)
    for node in nodes { await node.crash() }
  }

  @Test func aRunningMemberThatLearnsOfAHigherLevelEndsAndAppliesNothingOfIt() async throws {
    let cluster = try TestCluster(3, replica: Self.replica(Self.second))
    try await cluster.start()
    try await eventually("the level has risen") {
      cluster.nodes.allSatisfy { $0.view.featureLevel == Self.second }
    }
    try await write(0, to: cluster[0])
    let newcomer = node(try cluster.joining("n4"), at: .first)
    try await newcomer.start()
    try await cluster[0].member.changeMembership(
      MembershipChange([.addLearner(newcomer.asMember, promotes: true)]))
    guard case .failure(let error) = await newcomer.ended() else {
      Issue.record("it goes on")
      return
    }
    checkRefusal(error)
    #expect(newcomer.machine.commands == 0)
    await cluster.crash()
  }
}
