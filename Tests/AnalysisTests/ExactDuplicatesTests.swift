import Testing

@testable import Analysis

@Suite struct ExactDuplicatesTests {
  private func details(_ report: Report) throws -> ExactDuplicatesDetails {
    guard let details = report[.exactDuplicates]?.details as? ExactDuplicatesDetails else {
      throw DatasetError(kind: .empty, message: "no details")
    }
    return details
  }

  @Test func plantedCopiesAreFoundAndNothingElse() throws {
    var lines = Wine.lines
    let rows = lines.count - 1
    let copied = [3, 50, 50, 177]
    lines += copied.map { lines[$0 + 1] }
    let report = try report(lines.joined(separator: "\n"), [.exactDuplicates])
    let result = try #require(report[.exactDuplicates])
    #expect(result.flagged.map(\.row) == [178, 179, 180, 181])
    #expect(result.flagged.map(\.duplicateOf) == copied)
    #expect(result.flaggedCount == lines.count - 1 - rows)
    #expect(try details(report).groups.map(\.keep) == [3, 50, 177])
    #expect(try details(report).groups[1].duplicates == [179, 180])
  }

  @Test func valuesAreComparedNotSpellings() throws {
    let report = try report("a,b\n1,x\n1.0,x\n1e0,x\n1,X\nNA,x\n,x\n", [.exactDuplicates])
    #expect(report[.exactDuplicates]?.flagged.map(\.row) == [1, 2, 5])
  }

  @Test func contradictingLabelsAreReportedApart() throws {
    let report = try report(
      "a,b,label\n1,x,yes\n2,x,no\n1,x,no\n1,x,yes\n2,x,no\n", [.exactDuplicates])
    #expect(report[.exactDuplicates]?.flagged.map(\.row) == [3, 4])
    let details = try details(report)
    #expect(details.conflictCount == 1)
    #expect(details.conflicts.first?.rows == [0, 2, 3])
    #expect(details.conflicts.first?.labels == ["no", "yes"])
  }

  @Test func identifiersDoNotHideContradictions() throws {
    let rows = (0..<30).map { "user-\($0),\($0 / 2),\($0 % 2 == 0 ? "p" : "q")\n" }
    let report = try report("id,a,label\n" + rows.joined(), [.exactDuplicates])
    #expect(report[.exactDuplicates]?.flaggedCount == 0)
    #expect(try details(report).conflictCount == 15)
  }

  @Test func listsAreBoundedAndCountsAreNot() throws {
    let text = "a,b\n" + String(repeating: "1,2\n", count: 1_000)
    let options = AnalysisOptions(detectors: [.exactDuplicates], maxFlaggedRows: 10)
    let report = try Analyzer(options: options).analyze(table(text))
    #expect(report[.exactDuplicates]?.flagged.count == 10)
    #expect(report[.exactDuplicates]?.flaggedCount == 999)
  }

  @Test func rowNumbersDoNotMakeRowsDiffer() throws {
    let rows = (0..<40).map { "\($0 % 20),\($0 % 20 * 3)" }
    func flagged(_ name: String) throws -> Int {
      let lines = rows.enumerated().map { "\($0),\($1)" }.joined(separator: "\n")
      return try report("\(name),a,b\n\(lines)\n", [.exactDuplicates])[.exactDuplicates]?
        .flaggedCount ?? -1
    }
    #expect(try flagged("rownames") == 20)
    #expect(try flagged("") == 20)
    // An identifier says that rows are different things.
    #expect(try flagged("id") == 0)
  }
}
