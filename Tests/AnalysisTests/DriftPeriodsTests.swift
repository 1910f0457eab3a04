import Testing

@testable import Analysis

/// Drift along a time column: what has changed, and when.
@Suite struct DriftPeriodsTests {
  private func drift(_ text: String) throws -> (
    result: DetectorResult, found: DriftDetails.Comparison
  ) {
    let options = AnalysisOptions(detectors: [.drift], timeColumn: "when")
    let report = try Analyzer(options: options).analyze(table(text))
    let result = try #require(report[.drift])
    let details = try #require(result.details as? DriftDetails)
    return (result, try #require(details.comparisons.first))
  }

  /// A row a day from 2022-01-01 on, each with what `row` makes of its place.
  private func daily(
    _ count: Int, seed: UInt64 = 1, header: String = "when,x,y",
    _ row: (Int, inout SeededGenerator) -> String
  ) -> String {
    var generator = SeededGenerator(seed: seed)
    let first = CivilDay.daysSince1970(year: 2022, month: 1, day: 1) ?? 0
    return header + "\n"
      + (0..<count).map { place in
        let name = CalendarUnit.day.name(of: Double(first + place) * 86_400)
        return "\(name),\(row(place, &generator))\n"
      }.joined()
  }

  /// They change with the time whatever happens.
  @Test func partsOfTheTimeAreNoColumnsThatDrift() throws {
    let first = CivilDay.daysSince1970(year: 2022, month: 1, day: 1) ?? 0
    let (_, found) = try drift(
      daily(730, header: "when,year,quarter,month,day,number,x") { place, g in
        let date = CivilDay.date(daysSince1970: first + place)
        return "\(date.year),\((date.month + 2) / 3),\(date.month),\(date.day),\(place % 365 + 1),"
          + "\(place / 30)"
      })
    #expect(found.columns.map(\.column) == ["x"])
    #expect(found.columns[0].severity > 0)
  }

  @Test func aChangeIsToldWithItsBeginning() throws {
    // Day 365 is 2023-01-01.
    let (result, found) = try drift(
      daily(730) { place, g in "\(normal(&g) + (place >= 365 ? 1.5 : 0)),\(normal(&g))" })
    #expect(found.kind == .time && found.timeColumn == "when")
    #expect(found.periods?.count == 10)
    #expect(found.rows.reduce(0, +) == 730)
    #expect(found.columns.map { $0.severity > 0 } == [true, false])
    #expect(found.columns[0].changedFrom == "2023-01")
    #expect(found.columns[0].changedTo == nil)
    #expect(found.columns[1].changedFrom == nil && found.columns[1].psiByPeriod == nil)
    let psi = try #require(found.columns[0].psiByPeriod)
    #expect(psi.prefix(5).allSatisfy { $0 < 0.25 } && psi.suffix(5).allSatisfy { $0 > 0.5 })
    #expect(
      result.summary == "1 of 2 columns is distributed differently along \"when\" "
        + "(2022-01 to 2023-12, in 10 periods): \"x\" from 2023-01 on.")
  }

  @Test func aChangeThatPassesIsToldWithItsEnd() throws {
    let (_, found) = try drift(
      daily(730) { place, g in
        "\(normal(&g)),\((365..<511).contains(place) ? "odd" : ["a", "b"][g.next(below: 2)])"
      })
    let column = found.columns[1]
    #expect(column.severity > 0.5)
    #expect(column.changedFrom == "2023-01")
    #expect(column.changedTo == "2023-05")
    #expect(column.newClasses.map(\.name) == ["odd"])
    #expect(found.columns[0].severity == 0)
  }

  @Test func rowsOfNewClassesAreFlaggedWithTheTime() throws {
    let (result, _) = try drift(
      daily(600) { place, g in
        "\(normal(&g)),\(place >= 540 && place % 2 == 0 ? "new" : ["a", "b"][place % 2])"
      })
    #expect(result.flaggedCount == 30)
    let reason = try #require(result.flagged.first?.reason)
    #expect(reason.hasPrefix("y is \"new\", which does not occur before 2023-0"))
  }

  @Test func missingValuesThatBeginAreTold() throws {
    let (_, found) = try drift(
      daily(500, header: "when,text") { place, g in
        place >= 300 && place % 3 == 0 ? "" : "some words \(g.next(below: 10_000)) and more of them"
      })
    let column = try #require(found.columns.first)
    #expect(column.severity > 0)
    #expect(column.changedFrom != nil)
    #expect(column.words.contains("missing values went from 0"))
  }

  @Test(
    arguments: [
      (86_400.0 * 365, "2022", "2060"), (86_400 * 20, "2022-01", "2024-02"),
      (86_400, "2022-01-01", "2022-02-09"), (3_600, "2022-01-01 00:00", "2022-01-02 15:00"),
      (61, "2022-01-01 00:00", "2022-01-01 00:39"),
    ] as [(Double, String, String)])
  func periodsBeginWithUnitsOfTime(step: Double, from: String, to: String) throws {
    let start = Double(CivilDay.daysSince1970(year: 2022, month: 1, day: 1) ?? 0) * 86_400
    // Ten rows at each of 40 times.
    let text =
      "when,x\n"
      + (0..<400).map { row in
        let time = start + Double(row / 10) * step
        return
          "\(CalendarUnit.minute.name(of: time)):\(row % 60 < 10 ? "0" : "")\(row % 60),\(row % 7)\n"
      }.joined()
    let (_, found) = try drift(text)
    let periods = try #require(found.periods)
    #expect((8...10).contains(periods.count))
    #expect(periods.first?.from == from)
    #expect(periods.last?.to == to)
    #expect(periods.map(\.rows).reduce(0, +) == 400)
    #expect(periods.allSatisfy { $0.rows <= 60 })
  }

  @Test func rowsOfOneTimeStayTogether() throws {
    func rows(_ when: (Int) -> Int) -> String {
      var generator = SeededGenerator(seed: 1)
      return "when,x\n" + (0..<100).map { "\(when($0)),\(normal(&generator))\n" }.joined()
    }
    let (_, found) = try drift(rows { $0 < 60 ? 1 : 2 })
    #expect(found.rows == [60, 40])
    #expect(found.periods?.map(\.from) == ["1", "2"])
    let same = try report(rows { _ in 5 }, [.drift], time: "when")
    #expect(same[.drift]?.status == .skipped)
    #expect(same[.drift]?.reason?.contains("two periods") == true)
  }

  private func report(_ text: String, _ kinds: Set<DetectorKind>, time: String) throws -> Report {
    try Analyzer(options: AnalysisOptions(detectors: kinds, timeColumn: time)).analyze(table(text))
  }

  @Test func rowsNeedNotBeInOrderNorHaveATime() throws {
    let lines = daily(400) { place, g in "\(normal(&g) + (place >= 200 ? 2 : 0)),1" }
      .split(separator: "\n").map(String.init)
    var rows = Array(lines.dropFirst())
    var generator = SeededGenerator(seed: 5)
    generator.shuffle(&rows)
    let (_, sorted) = try drift(lines.joined(separator: "\n") + "\n")
    let (_, shuffled) = try drift(
      ([lines[0]] + rows).joined(separator: "\n") + "\n,9,1\n,9,1\n")
    #expect(shuffled.rows == sorted.rows)
    #expect(shuffled.columns == sorted.columns)
  }

  /// Nothing changes: in a hundred datasets of six columns hardly one may be said to drift.
  @Test func whatDoesNotChangeIsQuiet() throws {
    var alarms = 0
    for seed in 1...100 {
      let (_, found) = try drift(
        daily(60 + seed * 4, seed: UInt64(seed), header: "when,a,b,c,d,e,f") { _, g in
          "\(normal(&g)),\(g.next(below: 4)),\(["p", "q", "r"][g.next(below: 3)]),"
            + "\(g.next(below: 10) == 0 ? "" : "\(normal(&g))"),v\(g.next(below: 40)),"
            + "\(g.next(below: 20) == 0 ? "yes" : "no")"
        })
      alarms += found.columns.contains { $0.severity > 0 } ? 1 : 0
    }
    #expect(alarms <= 2)
  }

  @Test func moreOfAChangeNeverRaisesSoundness() throws {
    for length in [30, 100, 250] {
      let scores = try [0, 0.4, 0.8, 1.2, 1.6, 2.5, 4, 8].map { shift in
        let text = daily(500) { place, g in
          "\(normal(&g) + ((500 - length)..<500 ~= place ? shift : 0)),\(normal(&g))"
        }
        return try #require(
          try report(text, [.drift], time: "when").qualityScore)
      }
      #expect(scores == scores.sorted(by: >), "\(length)")
      #expect(scores[0] == 100 && (scores.last ?? 100) < 75, "\(scores)")
    }
  }
}
