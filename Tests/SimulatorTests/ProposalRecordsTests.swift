import Raft
import Testing

@testable import Simulator

@Suite struct ProposalRecordsTests {
  private let proposal = ProposalID(member: MemberID(1), sequence: 1)
  private var records = ProposalRecords()

  private func entry(_ index: UInt64) -> Entry {
    Entry(
      position: LogPosition(index: LogIndex(index), term: Term(1)),
      content: .command([], proposal: proposal))
  }

  @Test mutating func refusedProposalMustNotBeCommitted() {
    #expect(records.refused(proposal) == nil)
    #expect(records.committed(entry(1)) != nil)
  }

  @Test mutating func committedProposalMustNotBeRefused() {
    #expect(records.forwarded(proposal, copies: 1) == nil)
    #expect(records.committed(entry(1)) == nil)
    #expect(records.refused(proposal) != nil)
  }

  @Test mutating func proposalIsCommittedOnceForEachCopyAtMost() {
    #expect(records.forwarded(proposal, copies: 2) == nil)
    #expect(records.committed(entry(1)) == nil)
    #expect(records.committed(entry(2)) == nil)
    #expect(records.committed(entry(3)) != nil)
  }

  @Test mutating func proposalIsForwardedOnce() {
    #expect(records.forwarded(proposal, copies: 0) == nil)
    #expect(records.forwarded(proposal, copies: 1) != nil)
  }
}
