import Foundation
import Testing

@testable import Analysis

@Suite struct DateTests {
  private func seconds(_ text: String, _ order: DayOrder = .monthFirst) -> Double? {
    WrittenDate(Array(text.utf8)[...])?.seconds(order)
  }

  @Test func daysAreThoseOfTheCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    var generator = SeededGenerator(seed: 1)
    // Foundation's calendar is Julian before 1582.
    for _ in 0..<2_000 {
      let (year, month) = (1_583 + generator.next(below: 2_000), 1 + generator.next(below: 12))
      let day = 1 + generator.next(below: 31)
      let parts = DateComponents(
        calendar: calendar, timeZone: calendar.timeZone, year: year, month: month, day: day)
      let found = CivilDay.daysSince1970(year: year, month: month, day: day)
      guard parts.isValidDate, let date = calendar.date(from: parts) else {
        #expect(found == nil, "\(year)-\(month)-\(day)")
        continue
      }
      #expect(found.map { Double($0) * 86_400 } == date.timeIntervalSince1970)
    }
    #expect(CivilDay.daysSince1970(year: 1, month: 1, day: 1) == -719_162)
    #expect(CivilDay.daysSince1970(year: 0, month: 12, day: 31) == nil)
  }

  @Test func spellingsOfOneMomentAreOneNumber() {
    let moment = 1_709_301_909.0
    for text in [
      "2024-03-01T14:05:09", "2024-03-01 14:05:09", " 2024-03-01T14:05:09Z ",
      "2024-03-01t14:05:09.000z", "2024-03-01T15:05:09+01:00", "2024-03-01 09:35:09 -0430",
      "2024-03-01 14:05:09+00", "2024-03-01 14:05:09 UTC", "2024/03/01 14:05:09",
      "2024.3.1 14:05:09", "01.03.2024 14:05:09", "03/01/2024 14:05:09", "3/1/2024 2:05:09 PM",
      "03-01-2024 02:05:09pm",
    ] {
      #expect(seconds(text) == moment, "\(text)")
    }
    #expect(seconds("01/03/2024 14:05:09", .dayFirst) == moment)
    #expect(seconds("2024-03-01T14:05:09,25") == moment + 0.25)
    #expect(seconds("2024-03-01T14:05") == moment - 9)
    #expect(seconds("2024-03-01") == 1_709_251_200)
    #expect(seconds("1969-12-31T23:59:59") == -1)
    #expect(seconds("2024-02-29T24:00") == 1_709_251_200)
    #expect(seconds("3/1/2024 12:00 am") == 1_709_251_200)
  }

  @Test func monthsHaveNamesAndYearsTwoDigits() {
    let day = 1_709_251_200.0
    for text in [
      "Mar 1, 2024", "March 1 2024", "MARCH 1st, 2024", "1 March 2024", "1. Mar 2024",
      "1st Mar, 2024",
      "01-MAR-2024", "01-Mar-24", "01MAR2024", "2024-Mar-01", "Fri, 1 Mar 2024",
      "Friday, March 1, 2024",
      "3/1/24", "03/01/24", "01.03.24", "Mar 1, 2024, 12:00 AM", "3/1/2024, 12:00:00 AM",
      "Fri, 01 Mar 2024 00:00:00 +0000",
    ] {
      #expect(seconds(text) == day, "\(text)")
    }
    #expect(seconds("1/3/24 00:00", .dayFirst) == day)
    // Two digits from 69 on are of the 20th century.
    #expect(seconds("1/1/69") == -31_536_000)
    #expect(seconds("1/1/68") == 3_092_601_600)
    for text in [
      "March 2024", "Mar-24", "may", "Mar 32, 2024", "Marsh 1, 2024", "1 Mar", "1 Mar 124",
      "1.3.24",
      "1/3/124", "Monday", "12 monkeys 2024", "Mar 1, 24",
    ] {
      #expect(seconds(text) == nil, "\(text)")
    }
  }

  @Test func aColumnOfNamedMonthsHasOneFormat() throws {
    let months = ["Jan", "May", "June", "Aug", "September", "Dec"]
    let dates = (0..<60).map { "\"\(months[$0 % 6]) \(1 + $0 % 28), 2023\"" }
    let report = try report(columnText(dates), [.inconsistentFormats])
    #expect(try table(columnText(dates)).columns[0].type == .dateTime)
    #expect(report[.inconsistentFormats]?.flagged.isEmpty == true)
  }

  @Test func whatIsNoDateIsNone() {
    for text in [
      "", "2024", "2024-03", "20240301", "1709301909", "2024-13-01", "2023-02-29", "2024-00-10",
      "2024-03-01T", "2024-03-01T25:00", "2024-03-01T14:60", "2024-03-01T14:05:61",
      "2024-03-01T14", "2024-03-01 13:00 PM", "2024-03-01T14:05+", "2024-03-01T14:05+1",
      "2024-03-01x", "2024-03/01", "1.2.3", "1-2-03", "192.168.1.1", "123-45-6789", "24-03-01",
      "2024-03-01T14:05:09.", "2024-03-011", "0000-01-01", "30.02.2024",
    ] {
      #expect(seconds(text) == nil, "\(text)")
      #expect(seconds(text, .dayFirst) == nil, "\(text)")
    }
  }

  @Test func theWholeColumnDecidesWhatComesFirst() throws {
    func column(_ values: [String]) throws -> Column { try table(columnText(values)).columns[0] }
    let days = try column(["03/01/2024", "31/01/2024"])
    #expect(days.type == .dateTime)
    #expect(days.number(0) == seconds("2024-01-03"))
    #expect(days.note == nil)
    let months = try column(["03/01/2024", "01/31/2024"])
    #expect(months.number(0) == seconds("2024-03-01"))
    #expect(months.note == nil)
    let open = try column(["03/01/2024", "01/02/2024"])
    #expect(open.number(0) == seconds("2024-03-01"))
    #expect(open.note?.contains("month first") == true)
    #expect(DatasetSummary(try table("a,b\n1/2/2024,x\n")).columns[0].note != nil)
    #expect(try column(["03/03/2024", "04/04/2024"]).note == nil)
    #expect(try column(["13/01/2024", "01/13/2024"]).type == .category)
  }

  @Test func columnsOfDatesAreRecognised() throws {
    let values = (0..<40).map { $0 == 7 ? "soon" : "2024-01-\($0 % 28 + 1)" }
    let table = try table(columnText(values))
    #expect(table.columns[0].type == .dateTime)
    #expect(table.columns[0].number(7).isNaN)
    #expect(table.columns[0].numericValues()[1] == seconds("2024-01-02"))
    #expect(table.formatProblems.map(\.kind) == [.notADate])
    #expect(table.formatProblems.map(\.row) == [7])
    let mixed = try AnalysisTests.table(columnText(["2024-01-01", "NA", "x"])).columns[0]
    #expect(mixed.type == .category)
  }

  @Test func oneMomentIsOneLevel() throws {
    let column = try table(
      columnText([
        "2024-01-02", "2024-01-02T01:00+01:00", "2024/01/02", "2024-01-02T00:00:00.0000001",
        "2024-01-02T00:00:00.0000002", "2024-01-02T00:00:00.000001",
        "2024-01-02T00:00:00.000002",
      ])
    ).columns[0]
    #expect(column.levels().levelOfRow == [1, 1, 1, 2, 3, 4, 5])
  }
}
