import Foundation
import Testing

@testable import CloudState

@Suite struct CalendarTests {
  @Test func monthsAgreeWithTheSystemsCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<2_000 {
      let moment = Timestamp(
        milliseconds: Int64.random(in: 0...4_102_444_799_999, using: &generator))
      let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)
      let month = Month(containing: moment)
      let parts = calendar.dateComponents([.year, .month], from: date)
      #expect(
        month.ordinal == Int64(try #require(parts.year) * 12 + (try #require(parts.month)) - 1))
      #expect(month.start <= moment)
      #expect(moment < month.end)
      #expect(Month(month.description) == month)
      #expect(Month(containing: month.start) == month)
      #expect(Month(containing: month.end).ordinal == month.ordinal + 1)
    }
  }

  @Test(arguments: ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026/01", "2026-0a"])
  func otherTextsAreNoMonth(_ text: String) {
    #expect(Month(text) == nil)
  }

  @Test func identifiersAreWellFormedOrNot() {
    #expect(UserID(entropy: [0, 15, 255]).rawValue == "usr_000fff")
    #expect(UserID(entropy: [1]).isWellFormed)
    for text in [
      "", "usr", "usr_", "ws_1", "usr_a b", "usr_ä", "usr_" + String(repeating: "a", count: 65),
    ] {
      #expect(!UserID(rawValue: text).isWellFormed)
    }
  }
}
