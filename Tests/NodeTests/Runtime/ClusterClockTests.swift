import Raft
import Synchronization
import Testing

@testable import NodeRuntime

@Suite struct ClusterClockTests {
  private static let year: Int64 = 365 * 86_400_000
  private let start = ContinuousClock.now

  /// A clock that others have told their time.
  private func clock(own: Int64, others: [Int64]) -> ClusterClock {
    let clock = ClusterClock { own }
    for (index, time) in others.enumerated() {
      clock.heard(MemberID(UInt64(index + 1)), says: time, at: start)
    }
    return clock
  }

  @Test func aloneItsOwnTimeCounts() {
    #expect(clock(own: 500, others: []).now(at: start) == 500)
  }

  /// What clocks show, this machine's first, and what the members agree on. Of two it is the earlier.
  private static let readings: [(times: [Int64], agreed: Int64)] = [
    ([1_000, year, 1_010], 1_010), ([year, 1_000, 1_010], 1_010),
    ([1_000, 0, 1_010], 1_000), ([0, 1_000, 1_010], 1_000),
    ([year, 1_000], 1_000), ([1_000, year], 1_000),
    ([1_000, year, 1_001, 0, 1_002], 1_001),
    ([1_000, year, year, 1_003, 1_002], 1_003),
  ]

  @Test func whatMostShowCounts() {
    for (times, agreed) in Self.readings {
      #expect(clock(own: times[0], others: Array(times.dropFirst())).now(at: start) == agreed)
    }
  }

  @Test func whatWasHeardGoesOnByTheMonotonicClock() {
    let clock = clock(own: 0, others: [1_000, 1_010])
    #expect(clock.now(at: start + .milliseconds(250)) == 1_250)
    #expect(clock.lead(of: MemberID(2), at: start + .milliseconds(250)) == .milliseconds(10))
    #expect(clock.ownLead(at: start) == .milliseconds(-1_000))
    #expect(clock.lead(of: MemberID(3), at: start) == nil)
  }

  @Test func theLatestOfAMemberCounts() {
    let clock = clock(own: 1_000, others: [1_000 + Self.year, 1_000 + Self.year])
    clock.heard(MemberID(1), says: 900, at: start)
    #expect(clock.now(at: start) == 1_000)
  }

  @Test func whoIsSilentForLongHasNoSay() {
    let clock = clock(own: 1_000, others: [0, 0])
    #expect(clock.now(at: start + .seconds(599)) == 599_000)
    #expect(clock.now(at: start + .seconds(600)) == 1_000)
  }

  /// Over real sockets: nobody's time is off as soon as they can agree on anything, and the one whose
  /// clock is wrong is known.
  @Test(arguments: [year, -year]) func aWrongClockIsOutvoted(lead: Int64) async throws {
    let cluster = try TestCluster(3) { i, options in
      if i == 1 { options.wallClock = { ClusterClock.machineTime() + lead } }
    }
    try await cluster.start()
    for node in cluster.nodes {
      let applied = try await node.member.propose(
        KeyValueMachine.command("r\(node.member.id)", "k", "v"), timeout: .seconds(60))
      // Never too late, from the first command on: who leads was heard before.
      #expect(node.member.clock.now() - ClusterClock.machineTime() < Self.year / 2)
      for other in cluster.nodes {
        try await other.member.waitUntilApplied(applied.index, timeout: .seconds(60))
      }
    }
    for node in cluster.nodes {
      try await eventually("all have said their time") {
        node.view.members.allSatisfy { $0.clockLead != nil }
      }
      #expect(abs(node.member.clock.now() - ClusterClock.machineTime()) < Self.year / 2)
      for member in node.view.members {
        let offset = try #require(member.clockLead) / .milliseconds(1)
        let isWrong = abs(offset) > Double(Self.year / 2)
        #expect(isWrong == (member.id == cluster[1].member.id))
      }
    }
    await cluster.crash()
  }
}
