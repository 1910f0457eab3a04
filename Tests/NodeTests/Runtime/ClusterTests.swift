import Foundation
import Raft
import Testing

@testable import NodeRuntime

/// Members on real threads, disks and sockets.
@Suite(.serialized) struct ClusterTests {
  private func text(_ applied: Applied) -> String {
    String(decoding: applied.result, as: UTF8.self)
  }

  // MARK: Founding

  @Test func aSingleNodeFoundsItselfAndKeepsItsDataOverARestart() async throws {
    let cluster = try TestCluster(1)
    let node = cluster[0]
    try await node.start()
    let id = node.member.id
    let applied = try await node.member.propose(
      KeyValueMachine.command("r1", "k", "v"), timeout: .seconds(60))
    #expect(text(applied) == "1")
    #expect(node.machine["k"] == "v")
    #expect(node.member.appliedIndex >= applied.index)
    let clusterID = node.view.clusterID
    #expect(clusterID != nil)
    await node.crash()

    try await node.start()
    #expect(node.member.id == id)
    try await node.member.read(timeout: .seconds(60))
    #expect(node.machine["k"] == "v")
    #expect(node.view.clusterID == clusterID)
    #expect(node.view.isHealthy)
    try await node.shutDown()
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
  func threeNodesFoundOneClusterInAnyOrder(order: [Int]) async throws {
    let cluster = try TestCluster(3)
    try await cluster.start(order: order)
    #expect(Set(cluster.nodes.map(\.view.clusterID)).count == 1)
    let (_, followers) = try await cluster.roles()
    let applied = try await followers[0].member.propose(
      KeyValueMachine.command("r1", "k", "v"), timeout: .seconds(60))
    // The proposer has applied it; the others have once a read says so.
    #expect(followers[0].machine["k"] == "v")
    try await followers[1].member.read(timeout: .seconds(60))
    #expect(followers[1].machine["k"] == "v")
    for node in cluster.nodes {
      try await node.member.waitUntilApplied(applied.index, timeout: .seconds(60))
      #expect(node.machine["k"] == "v")
    }
    await cluster.crash()
  }

  @Test func nobodyFoundsWhileAFounderIsMissing() async throws {
    let cluster = try TestCluster(3)
    try await cluster[0].start()
    try await cluster[1].start()
    await #expect(throws: ConsensusError.noLeader) {
      try await cluster[0].member.read(timeout: .milliseconds(500))
    }
    await #expect(throws: ConsensusError.noLeader) {
      try await cluster[1].member.propose([1], timeout: .milliseconds(100))
    }
    #expect(cluster[0].view.clusterID == nil && cluster[1].view.clusterID == nil)
    // The founding goes on over a restart.
    await cluster[0].crash()
    try await cluster[2].start()
    try await cluster[0].start()
    for node in cluster.nodes { try await node.member.read(timeout: .seconds(60)) }
    await cluster.crash()
  }

  @Test func aNodeThatLostItsDiskIsKeptOut() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    let lost = cluster[0]
    await lost.crash()
    try FileManager.default.removeItem(atPath: lost.options.dataDirectory)
    try await lost.start()
    try await eventually("the new node says why it does not serve") {
      lost.log.contains("already founded without this member")
    }
    try await eventually("a member says who knocks") {
      cluster[1].log.contains("n1") && cluster[1].log.contains("not a member of this cluster")
        || cluster[2].log.contains("not a member of this cluster")
    }
    #expect(lost.view.clusterID == nil)
    await #expect(throws: ConsensusError.noLeader) {
      try await lost.member.read(timeout: .milliseconds(200))
    }
    _ = try await cluster[1].member.propose(
      KeyValueMachine.command("r", "k", "v"), timeout: .seconds(60))
    await cluster.crash()
  }

  // MARK: Losing members

  @Test func aProposalOutlivesTheLeader() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    let follower = followers[0]
    let member = follower.member
    // Some are under way when the leader goes, some come while there is none.
    let results = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for i in 0..<200 {
        group.addTask {
          let command = KeyValueMachine.command("r\(i)", "k\(i)", "v\(i)")
          return (i, text(try await member.propose(command, timeout: .seconds(60))))
        }
      }
      group.addTask {
        await leader.crash()
        return (-1, "")
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    // Each took effect, and once.
    #expect(Set(results.filter { $0.key >= 0 }.values).count == 200)
    #expect(follower.machine.commands == 200)
    #expect(follower.view.leader != nil && !follower.view.members.isEmpty)

    try await leader.start()
    try await leader.member.read(timeout: .seconds(60))
    #expect(leader.machine.commands == 200)
    await cluster.crash()
  }

  @Test func aMinorityNeitherWritesNorReads() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    for follower in followers { await follower.crash() }
    await #expect(throws: ConsensusError.self) {
      try await leader.member.propose(
        KeyValueMachine.command("r", "k", "v"), timeout: .milliseconds(700))
    }
    await #expect(throws: ConsensusError.noLeader) {
      try await leader.member.read(timeout: .milliseconds(700))
    }
    try await eventually("the others are seen to be gone") {
      leader.view.members.count { $0.state == .unreachable } == 2
    }
    #expect(!leader.view.isHealthy)
    await leader.crash()
  }

  @Test func aMemberThatWasAwayCatchesUpFromTheLog() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    await followers[0].crash()
    for i in 0..<50 {
      _ = try await leader.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", "v"), timeout: .seconds(60))
    }
    try await followers[0].start()
    try await followers[0].member.read(timeout: .seconds(60))
    #expect(followers[0].machine.commands == 50)
    #expect(followers[0].machine.restores == 0)
    await cluster.crash()
  }

  @Test func aMemberThatWasAwayForLongCatchesUpBySnapshot() async throws {
    var replica = ReplicaOptions(snapshotEntries: 50, retainedEntries: 10)
    replica.consensus.snapshotChunkBytes = 512
    let cluster = try TestCluster(3, replica: replica)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    let away = followers[0]
    await away.crash()
    let payload = String(repeating: "x", count: 2_000)
    for i in 0..<200 {
      _ = try await leader.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", payload), timeout: .seconds(60))
    }
    try await away.start()
    try await away.member.read(timeout: .seconds(60))
    #expect(away.machine.commands == 200)
    #expect(away.machine["k7"] == payload)
    #expect(away.machine.restores > 0)
    // And again after a restart, from its own disk now.
    await away.crash()
    try await away.start()
    try await away.member.read(timeout: .seconds(60))
    #expect(away.machine.commands == 200)
    await cluster.crash()
  }

  // MARK: Stopping

  @Test func aLeaderThatIsToldToStopHandsOver() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    let id = leader.member.id
    try await leader.shutDown()
    #expect(leader.log.contains("Leadership was handed over to n"), "\(leader.log.all)")
    try await eventually("all follow the new leader") {
      followers.allSatisfy { $0.view.leader != nil && $0.view.leader != id }
    }
    _ = try await followers[0].member.propose(
      KeyValueMachine.command("r", "k", "v"), timeout: .seconds(60))
    for follower in followers { await follower.crash() }
  }

  @Test func leadershipGoesToTheMemberThatIsNamed() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    let (leader, followers) = try await cluster.roles()
    let target = followers[1].member.id
    await #expect(throws: ConsensusError.notLeader(leader: leader.member.id)) {
      try await followers[0].member.transferLeadership(to: target)
    }
    await #expect(throws: ConsensusError.transferRefused) {
      try await leader.member.transferLeadership(to: MemberID(1))
    }
    try await leader.member.transferLeadership(to: target, timeout: .seconds(30))
    #expect(leader.view.leader == target)
    await cluster.crash()
  }

  @Test func aMemberIsRemovedWhereverTheChangeIsAskedFor() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start(order: [0, 1, 2])
    let (leader, followers) = try await cluster.roles()
    let gone = followers[1].member.id
    try await followers[0].member.changeMembership(MembershipChange([.remove(gone)]))
    try await eventually("everybody knows, the removed member too") {
      cluster.nodes.allSatisfy { node in !node.view.members.contains { $0.id == gone } }
    }
    await #expect(throws: ConsensusError.changeRefused(.unknownMember(gone))) {
      try await followers[0].member.changeMembership(MembershipChange([.remove(gone)]))
    }
    _ = try await leader.member.propose(
      KeyValueMachine.command("r1", "k", "v"), timeout: .seconds(60))
    try await followers[0].member.read(timeout: .seconds(60))
    #expect(followers[0].machine["k"] == "v")
    await cluster.crash()
  }

  @Test func callsEndWhenTheMemberStops() async throws {
    let cluster = try TestCluster(3)
    try await cluster[0].start()
    let member = cluster[0].member
    let waiting = Task {
      try await member.waitUntilApplied(LogIndex(1_000_000), timeout: .seconds(600))
    }
    await cluster[0].crash()
    await #expect(throws: ConsensusError.shuttingDown) { try await waiting.value }
    await #expect(throws: ConsensusError.shuttingDown) {
      try await member.propose([1])
    }
  }

  // MARK: Looking

  @Test func everyMemberTellsOfEveryOther() async throws {
    let cluster = try TestCluster(3)
    try await cluster.start()
    _ = try await cluster[1].member.propose(
      KeyValueMachine.command("r", "k", "v"), timeout: .seconds(60))
    for node in cluster.nodes {
      try await eventually("all is known on \(node.name)") {
        let view = node.view
        return view.isHealthy
          && view.members.allSatisfy { $0.lag == 0 && $0.match == view.last && $0.url != nil }
      }
      let view = node.view
      #expect(view.members.map(\.name) == ["n1", "n2", "n3"])
      #expect(view.members.count { $0.role == .leader } == 1)
      #expect(view.members.allSatisfy { $0.version == "1.2.3" && $0.logBytes ?? 0 > 0 })
      for member in view.members where member.id != node.member.id {
        #expect(member.roundTrip != nil && member.lastContact != nil)
      }
    }
    await cluster.crash()
  }
}
