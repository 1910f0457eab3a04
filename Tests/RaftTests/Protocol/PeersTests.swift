import Testing

@testable import Raft

/// What a leader keeps of its peers, and what it makes of it.
struct PeersTests {
  private func id(_ number: Int) -> MemberID { MemberID(UInt64(number)) }

  private func progress(_ last: UInt64) -> Progress { Progress(last: LogIndex(last), tick: 0) }

  @Test func peersComeAndGoInOrder() {
    var peers = Peers()
    for number in [5, 2, 9, 2] { peers[id(number)] = progress(UInt64(number)) }
    #expect(peers.ids == [2, 5, 9].map(id))
    #expect(peers[id(5)]?.next == LogIndex(6))
    peers[id(5)] = nil
    peers[id(7)] = nil
    #expect(peers.ids == [2, 9].map(id))
    #expect(peers[id(5)] == nil)
    #expect(peers[id(9)]?.next == LogIndex(10))
  }

  @Test func onlyAPeerIsChanged() {
    var peers = Peers()
    peers[id(3)] = progress(3)
    peers[id(3)]?.silentTicks = 7
    peers[id(4)]?.silentTicks = 7
    let changed = peers.update(id(3)) { progress in
      progress.silentTicks += 1
      return progress.silentTicks
    }
    #expect(changed == 8)
    #expect(peers.update(id(4)) { $0.silentTicks } == nil)
    #expect(peers.ids == [id(3)])
    #expect(peers[id(3)]?.silentTicks == 8)
    #expect(peers.match(of: id(4)) == .zero)
  }

  @Test func aQuorumsValueIsTheOneInTheMiddle() {
    var random = SeededGenerator(seed: 11)
    for voters in 1...7 {
      for _ in 0..<200 {
        let values = (0..<voters).map { _ in Int.random(in: 0...4, using: &random) }
        let configuration = Configuration(
          members: (1...voters).map { Member(id: id($0), name: "", address: "") },
          voters: (1...voters).map(id))
        let reached = configuration.quorum { values[Int($0.rawValue) - 1] }
        #expect(reached == values.sorted(by: >)[voters / 2])
      }
    }
    #expect(Configuration().quorum { _ in 1 } == nil)
  }
}
