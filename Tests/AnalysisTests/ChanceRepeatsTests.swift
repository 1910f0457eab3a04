import Testing

@testable import Analysis

/// Whether rows that repeat others are told from rows that are alike by chance.
@Suite struct ChanceRepeatsTests {
  private static func result(_ rows: [String], header: String) throws -> (
    details: ExactDuplicatesDetails, component: Double, summary: String
  ) {
    let report = try Analyzer(options: AnalysisOptions(detectors: [.exactDuplicates])).analyze(
      table(header + "\n" + rows.joined(separator: "\n") + "\n"))
    let result = try #require(report[.exactDuplicates])
    let details = try #require(result.details as? ExactDuplicatesDetails)
    return (details, report.qualityComponents[0].score, result.summary ?? "")
  }

  /// Rows of a few categories that depend on each other.
  private static func coarse(_ count: Int, seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let place = generator.next(below: 3)
      return "\(place),\(place + generator.next(below: 3)),\(generator.next(below: 40)),"
        + ["yes", "no"][generator.next(below: 5) / 4]
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func fewCombinationsRepeatByChance(seed: UInt64) throws {
    let found = try Self.result(Self.coarse(600, seed: seed), header: "a,b,c,d")
    #expect(found.details.groupCount > 50)
    #expect(found.details.shareByChance ?? 0 > 0.9)
    #expect(found.component > 95)
    #expect(found.summary.contains("of these may be by chance"))
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func copiesOfFineRowsAreNoChance(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    // A number of two decimals beside coarse columns.
    let rows = Self.coarse(600, seed: seed).map { "\($0),\((normal(&generator) * 30).shown(2))" }
    let found = try Self.result(rows + rows.prefix(60), header: "a,b,c,d,e")
    #expect(found.details.shareByChance ?? 1 < 0.05)
    // Of 660 rows 60 are copies.
    #expect(found.component < 92)
    #expect(!found.summary.contains("chance"))
  }

  @Test func rowsOfTextsAreNoChance() throws {
    let rows = (0..<80).map { "the river number \($0 * $0) ran high today,\($0 % 2)" }
    let found = try Self.result(rows + rows.prefix(8), header: "text,class")
    #expect(found.details.shareByChance == 0)
    #expect(found.component < 91)
  }
}
