import Testing

@testable import Analysis

@Suite struct MissingValuesTests {
  @Test func ratesAreCountedByColumnAndRow() throws {
    let report = try report("a,b,c\n1,,x\n,NA,null\n2,3,y\n4,5,z\n", [.missingValues])
    let result = try #require(report[.missingValues])
    #expect(result.flagged.map(\.row) == [1, 0])
    #expect(result.flagged.map(\.score) == [1, 0.333333])
    guard let details = result.details as? MissingValuesDetails else {
      Issue.record("no details")
      return
    }
    #expect(details.missingCells == 4)
    #expect(details.completeRows == 2)
    #expect(details.columns.map(\.column) == ["a", "b", "c"])
    #expect(details.columns.map(\.rate) == [0.25, 0.5, 0.25])
    #expect(report.qualityScore == 66.666667)
  }

  @Test func theShippedDatasetHasNone() throws {
    let report = try Analyzer(options: AnalysisOptions(detectors: [.missingValues]))
      .analyze(table(bytes: Wine.bytes))
    #expect(report[.missingValues]?.flaggedCount == 0)
    #expect(report.dataset.rows == 178)
    #expect(report.qualityScore == 100)
  }
}
