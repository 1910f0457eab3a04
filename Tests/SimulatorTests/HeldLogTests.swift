import Raft
import Testing

@testable import Simulator

/// What a leader may count on is what a member reported, or found after a start.
@Suite struct HeldLogTests {
  private func entries(_ indexes: ClosedRange<UInt64>, term: UInt64) -> [Entry] {
    indexes.map {
      Entry(position: LogPosition(index: LogIndex($0), term: Term(term)), content: .termStart)
    }
  }

  private func view(_ entries: [Entry]) throws -> LogView {
    var view = LogView()
    _ = try view.adopt(PersistBatch(sequence: 1, entries: entries))
    return view
  }

  private func holds(_ log: HeldLog, _ index: UInt64, _ term: UInt64) -> Bool {
    log.holds(LogPosition(index: LogIndex(index), term: Term(term)))
  }

  /// A write that a crash interrupted is found, and acknowledged thereafter.
  @Test(arguments: [true, false]) func whatIsFoundBehindWhatWasReportedIsHeld(isWhole: Bool) throws
  {
    var held = HeldLog()
    held.persisted(PersistBatch(sequence: 1, entries: entries(1...3, term: 1)))
    held.found(try view(entries(1...5, term: 1)), isWhole: isWhole)
    #expect(holds(held, 3, 1) && holds(held, 5, 1) && !holds(held, 6, 1))
  }

  @Test func whatWasReplacedBehindDamageDoesNotTakeBackAReport() throws {
    var held = HeldLog()
    held.persisted(PersistBatch(sequence: 1, entries: entries(1...5, term: 1)))
    held.persisted(PersistBatch(sequence: 2, entries: entries(3...4, term: 2)))
    held.found(try view(entries(1...5, term: 1)), isWhole: false)
    #expect(holds(held, 3, 2) && holds(held, 4, 2) && !holds(held, 3, 1))
  }
}
