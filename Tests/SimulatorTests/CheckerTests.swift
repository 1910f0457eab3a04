import Raft
import Testing

@testable import Simulator

/// The checks themselves, on a few hand-made events.
@Suite struct CheckerTests {
  private static func entry(_ index: UInt64, _ term: UInt64) -> Entry {
    Entry(position: LogPosition(index: LogIndex(index), term: Term(term)), content: .termStart)
  }

  private static func log(_ entries: Entry...) throws -> LogView {
    var log = LogView()
    _ = try log.adopt(PersistBatch(sequence: 1, entries: entries))
    return log
  }

  private static func makeChecker() -> Checker {
    var random = RandomSource(seed: 1)
    let habits = FaultPlan(&random, members: 3, workload: .registers).habits
    return Checker(
      RegisterWorkload(habits, clients: 1, remembersRequests: true), founding: Configuration())
  }

  /// Votes may come late: then a leader is elected that others have left behind already.
  @Test func leaderElectedWithOldVotesNeedNotHoldWhatLaterTermsCommitted() throws {
    var checker = Self.makeChecker()
    checker.committed(
      from: .zero, to: LogIndex(2), in: try Self.log(Self.entry(1, 1), Self.entry(2, 3)),
      term: Term(3), member: 0, at: 0)
    checker.leads(Term(2), member: 1, log: try Self.log(Self.entry(1, 2)), at: 1)
    #expect(checker.violation == nil)
    checker.leads(Term(4), member: 2, log: try Self.log(Self.entry(1, 1)), at: 2)
    #expect(checker.violation?.property == .leaderCompleteness)
  }
}
