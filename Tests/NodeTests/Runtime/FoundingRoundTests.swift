import Raft
import Testing

@testable import NodeRuntime

@Suite struct FoundingRoundTests {
  let founders = ["b", "a", "c"].map { MemberOptions.Founder(name: $0, address: "\($0):1") }

  private func round(_ name: String) -> FoundingRound {
    FoundingRound(
      own: Member(id: MemberID(1), name: name, address: "ignored:1"), founders: founders)
  }

  private func hello(_ name: String, _ id: UInt64, cluster: UInt64? = nil) -> Hello {
    Hello(cluster: cluster, member: MemberID(id), name: name, address: "\(name):1")
  }

  @Test func theSmallestNameFoundsOnceAllWereMet() {
    var round = round("a")
    #expect(round.configuration == nil)
    #expect(round.meet("b", hello("b", 2)) == nil)
    #expect(round.configuration == nil)
    #expect(round.missing == ["c"])
    #expect(round.meet("c", hello("c", 3)) == nil)
    #expect(
      round.configuration?.members == [
        Member(id: MemberID(1), name: "a", address: "a:1"),
        Member(id: MemberID(2), name: "b", address: "b:1"),
        Member(id: MemberID(3), name: "c", address: "c:1"),
      ])
    #expect(round.configuration?.voters.count == 3)
  }

  @Test func othersNeverFound() {
    var round = round("b")
    _ = round.meet("a", hello("a", 2))
    _ = round.meet("c", hello("c", 3))
    #expect(round.configuration == nil)
    #expect(round.missing == ["a"])
  }

  @Test func whoIsGoneOrBelongsToAClusterDoesNotCount() {
    var round = round("a")
    _ = round.meet("b", hello("b", 2))
    round.lose("b")
    _ = round.meet("c", hello("c", 3))
    #expect(round.configuration == nil)
    _ = round.meet("b", hello("b", 2, cluster: 5))
    #expect(round.configuration == nil)
    _ = round.meet("b", hello("b", 4))
    #expect(round.configuration?.ids == [MemberID(1), MemberID(3), MemberID(4)])
  }

  @Test func wrongAddressesAreToldFromRightOnes() {
    var round = round("a")
    #expect(round.meet("b", hello("c", 3)) != nil)
    #expect(round.meet("b", hello("b", 1)) != nil, "it is this member itself")
    #expect(round.meet("b", hello("b", 2)) == nil)
    #expect(round.meet("c", hello("c", 2)) != nil, "it is the same as b")
    #expect(round.configuration == nil)
  }
}
