import Testing

@testable import Analysis

@Suite struct FlaggedRowsTests {
  /// Rows of which each is flagged for a missing cell, a stand-in, another spelling or being a repeat.
  private static let flawed =
    "name,amount,note\n"
    + (0..<FlaggedRows.longest * 3 / 2).map { row in
      ["Oslo,\(row % 7),", "oslo,-999,x", "Oslo ,\(row % 5),unknown", "OSLO,,x"][row % 4] + "\n"
    }.joined()

  /// Lists that are too long to be put into words at once, read from the report afterwards, tell what
  /// shorter ones do.
  @Test(arguments: [DetectorKind.missingValues, .exactDuplicates, .inconsistentFormats])
  func longListsTellTheSame(_ kind: DetectorKind) throws {
    func flagged(_ limit: Int) throws -> FlaggedRows {
      let options = AnalysisOptions(detectors: [kind], maxFlaggedRows: limit)
      return try #require(try Analyzer(options: options).analyze(table(Self.flawed))[kind]).flagged
    }
    let all = try flagged(.max)
    #expect(all.count > FlaggedRows.longest)
    #expect(all == FlaggedRows(Array(all)))
    for limit in [0, 1, 3_000, FlaggedRows.longest, FlaggedRows.longest + 100] {
      #expect(try flagged(limit).elementsEqual(all.prefix(limit)))
    }
    #expect(zip(all, all.dropFirst()).allSatisfy { ($1.score, $0.row) <= ($0.score, $1.row) })
  }

  @Test func aListIsCutAtItsLimit() {
    let rows = FlaggedRows((0..<5).map { FlaggedRow(row: $0, score: 1, reason: "") })
    #expect(rows.first(2).map(\.row) == [0, 1])
    #expect(rows.first(9).map(\.row) == [0, 1, 2, 3, 4])
    #expect(rows.first(-1).isEmpty)
  }
}
