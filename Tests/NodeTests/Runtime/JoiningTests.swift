import Raft
import Testing

@testable import NodeRuntime

/// Members that come to a cluster later, over real sockets.
@Suite(.serialized) struct JoiningTests {
  private func write(_ range: Range<Int>, to node: TestNode) async throws {
    for i in range {
      _ = try await node.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", "v"), timeout: .seconds(60))
    }
  }

  /// Everybody's name and role, as a node sees it.
  private func roles(on node: TestNode) -> [String: ClusterView.Role] {
    Dictionary(uniqueKeysWithValues: node.view.members.map { ($0.name, $0.role) })
  }

  @Test func aMemberIsAddedPromotedAndTakesADeadOnesPlace() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    try await write(0..<20, to: cluster[0])
    let fourth = try cluster.joining("n4")
    try await fourth.start()
    try await eventually("it says by which ID it can be added") {
      fourth.log.contains("\(fourth.member.id), belongs to no cluster yet")
    }
    // Until it is added it takes part in nothing.
    await #expect(throws: ConsensusError.noLeader) {
      try await fourth.member.read(timeout: .milliseconds(100))
    }
    try await cluster[1].member.changeMembership(
      MembershipChange([.addLearner(fourth.asMember, promotes: true)]))
    let four = cluster.nodes + [fourth]
    try await eventually("it votes, and all know") {
      four.allSatisfy { node in
        let roles = roles(on: node)
        return roles.count == 4 && roles["n4"] != .learner && node.view.isHealthy
      }
    }
    try await fourth.member.read(timeout: .seconds(60))
    #expect(fourth.machine.commands == 20)
    try await write(20..<30, to: fourth)
    #expect(fourth.view.clusterID == cluster[0].view.clusterID)

    // One dies, another takes its place, in one change.
    let (leader, followers) = try await cluster.roles()
    let dead = followers[0]
    let gone = dead.member.id
    await dead.crash()
    let fifth = try cluster.joining("n5")
    try await fifth.start()
    try await leader.member.changeMembership(.replace(gone, by: fifth.asMember))
    let left = four.filter { $0 !== dead } + [fifth]
    try await eventually("it votes, and the dead one is gone") {
      left.allSatisfy { node in
        let roles = roles(on: node)
        return roles.count == 4 && roles["n5"] == .follower && roles[dead.name] == nil
      }
    }
    try await write(30..<40, to: fifth)

    // What it learned it knows after a restart.
    await fifth.crash()
    try await fifth.start()
    for node in left {
      try await node.member.read(timeout: .seconds(60))
      #expect(node.machine.commands == 40)
    }
    for node in left { await node.crash() }
  }

  @Test func whoLostItsDiskIsTakenInUnderItsNewIDWhenItIsAdded() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    try await write(0..<20, to: cluster[0])
    let (leader, followers) = try await cluster.roles()
    let lost = followers[0]
    let old = lost.member.id
    await lost.crash()
    let name = lost.name
    let replacement = try cluster.withEmptyDisk(lost)
    try await replacement.start()
    try await eventually("it is kept out") {
      replacement.log.contains("already founded without this member")
    }
    try await leader.member.changeMembership(.replace(old, by: replacement.asMember))
    try await eventually("it votes") {
      leader.view.isHealthy && leader.view.members.count == 3
        && leader.view.members.contains { $0.name == name && $0.role == .follower }
    }
    try await replacement.member.read(timeout: .seconds(60))
    #expect(replacement.machine.commands == 20)
    for node in [leader, followers[1], replacement] { await node.crash() }
  }
}
