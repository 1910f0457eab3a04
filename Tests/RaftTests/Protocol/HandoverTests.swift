import Testing

@testable import Raft

@Suite struct HandoverTests {
  private func id(_ number: UInt64) -> MemberID { MemberID(number) }

  /// For how long the last answer to a heartbeat tells that a peer lives, wherever among them it came.
  private static func ticks(_ cluster: TestCluster) -> Int {
    cluster.options.consensus.electionTicks - cluster.options.consensus.heartbeatTicks
  }

  /// Whom member 1 lets campaign when it is asked to hand over to anybody.
  private func successor(_ cluster: TestCluster) -> MemberID? {
    var cluster = cluster
    let before = cluster.sent.count
    cluster.handle(.transferLeadership(to: nil), on: id(1))
    return cluster.sent[before...].first { $0.body == .timeoutNow }?.to
  }

  @Test func thereIsASuccessorAtAnyTick() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.run(rounds: 2)
    for _ in 0..<Self.ticks(cluster) {
      #expect(successor(cluster) != nil)
      cluster.tick(id(1))
    }
  }

  @Test func leaderWhoseDiskFailsRightAfterAQuorumCheckTellsItsSuccessor() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.run(rounds: 2)
    for _ in 0..<Self.ticks(cluster) {
      var failing = cluster
      let before = failing.sent.count
      failing.handle(.storageFailed, on: id(1))
      #expect(failing.sent[before...].contains { $0.body == .timeoutNow })
      cluster.tick(id(1))
    }
  }

  @Test func nobodyIsHandedOverToWhoWillNotVoteForItself() {
    var cluster = TestCluster(3)
    cluster.elect(id(1))
    cluster.delivers = { message in
      if case .append = message.body { return message.to != MemberID(2) }
      return true
    }
    _ = cluster.propose("a", on: id(1))
    cluster.run(rounds: 10)
    cluster.stop(id(3))
    cluster.damage(id(3), from: LogIndex(2))
    cluster.restart(id(3))
    // It gets the lost entry again, but not the next, and is in quarantine until it has it.
    cluster.delivers = { message in
      switch message.body {
      case .append(let append):
        message.to != MemberID(2) && append.entries.allSatisfy { $0.index < LogIndex(3) }
      case .healReply: false
      default: true
      }
    }
    cluster.run(rounds: 10)
    _ = cluster.propose("b", on: id(1))
    cluster.run(rounds: 10)
    let peers = cluster.status(id(1)).peers
    #expect(peers.map(\.match) == [LogIndex(1), LogIndex(2)])
    #expect(cluster.status(id(3)).quarantine != nil)
    cluster.handle(.storageFailed, on: id(1))
    #expect(cluster.sent.last { $0.body == .timeoutNow }?.to == id(2))
  }

  @Test func nobodyIsHandedOverToWhoseProgramIsTooOld() {
    var cluster = TestCluster(3)
    for member in cluster.ids {
      cluster.featureLevels[member] = FeatureLevel(rawValue: 2)
      cluster.stop(member)
      cluster.restart(member)
    }
    cluster.elect(id(1))
    cluster.run(rounds: 20)
    #expect(cluster.status(id(1)).featureLevel == FeatureLevel(rawValue: 2))
    cluster.featureLevels[id(2)] = .first
    cluster.stop(id(2))
    cluster.restart(id(2))
    cluster.run(rounds: 10)
    #expect(cluster.status(id(2)).missingLevel != nil)
    #expect(successor(cluster) == id(3))
  }
}
