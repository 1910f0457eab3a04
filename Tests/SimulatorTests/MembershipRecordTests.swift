import Raft
import Testing

@testable import Simulator

@Suite struct MembershipRecordTests {
  private static let member = Member(id: MemberID(1), name: "n1", address: "n1:1")
  private static let moved = Member(id: MemberID(1), name: "n1", address: "elsewhere:1")
  private let proposal = ProposalID(member: MemberID(1), sequence: 1)
  private var record = MembershipRecord(founding: Configuration(voters: [member]))

  init() { record.wished(MembershipChange([.update(Self.moved)]), by: proposal) }

  private func entry(_ index: UInt64) -> Entry {
    Entry(
      position: LogPosition(index: LogIndex(index), term: Term(1)),
      content: .configuration(Configuration(voters: [Self.moved]), proposal: proposal))
  }

  @Test mutating func refusedChangeMustNotBeCommitted() {
    #expect(record.refused(proposal) == nil)
    #expect(record.committed(entry(1)) != nil)
  }

  @Test mutating func committedChangeMustNotBeRefused() {
    #expect(record.committed(entry(1)) == nil)
    #expect(record.refused(proposal) != nil)
  }

  @Test mutating func changeIsCommittedOnce() {
    #expect(record.committed(entry(1)) == nil)
    #expect(record.committed(entry(2)) != nil)
  }
}
