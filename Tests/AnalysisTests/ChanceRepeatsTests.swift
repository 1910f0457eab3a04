import Foundation
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

  /// Copies that were labelled anew do not tell how often features agree.
  @Test func copiesWithAnotherLabelTellOfNoChance() throws {
    var generator = SeededGenerator(seed: 4)
    for columns in 1...3 {
      let rows = (0..<60).map { row in
        (0..<columns).map { _ in normal(&generator).shown(6) } + [["p", "q"][row % 2]]
      }
      let again = rows[5..<10].map { Array($0.dropLast()) + [$0.last == "p" ? "q" : "p"] }
      let all = (rows + Array(rows[..<5]) + again).map { $0.joined(separator: ",") }
      let header = (0..<columns).map { "x\($0)" }.joined(separator: ",") + ",label"
      let found = try Self.result(all, header: header)
      #expect(found.details.shareByChance ?? 1 < 0.3, "\(columns)")
      #expect(found.details.conflictCount == 5)
      #expect(found.component < 95)
    }
  }

  /// Three of six rows are the same, and the rest are others: a number that half of the rows have is no more
  /// than that.
  @Test func fewRowsMayBeCopies() throws {
    let rows = ["1.50,a", "2,b", "3,c", "1.50,a", "4,d", "1.50,a"]
    for header in ["x,y", "x,label"] {
      let found = try Self.result(rows, header: header)
      #expect(found.details.shareByChance ?? 1 < 0.5, "\(header)")
    }
  }

  /// Of one number of few values beside the label all repeats may be by chance, as without the label.
  @Test func aCoarseNumberBesideTheLabelRepeatsByChance() throws {
    var generator = SeededGenerator(seed: 5)
    let rows = (0..<400).map { _ in
      "\(20 + generator.next(below: 50)),\(["p", "q"][generator.next(below: 2)])"
    }
    let found = try Self.result(rows, header: "age,label")
    #expect(found.details.shareByChance == 1)
  }

  /// Ages are missing among people who are alike in the rest.
  @Test func missingCellsThatGatherAreNoCopies() throws {
    var generator = SeededGenerator(seed: 6)
    let rows = (0..<1_000).map { _ in
      let isThird = generator.next(below: 4) > 0
      let age =
        isThird && generator.next(below: 3) > 0 ? "" : "\((normal(&generator) * 15 + 40).shown(0))"
      return
        "\(isThird ? 3 : 1),\(age),\(["m", "f"][generator.next(below: isThird ? 4 : 2) / 2 % 2]),"
        + ["yes", "no"][generator.next(below: 2)]
    }
    #expect(try Self.result(rows, header: "tier,age,sex,label").details.shareByChance == 1)
  }

  /// Neither a column that is the same everywhere nor cells that are missing make chance of copies.
  @Test func whatAllRowsAgreeInTellsOfNoChance() throws {
    var generator = SeededGenerator(seed: 7)
    let rows = (0..<300).map { row in
      [
        normal(&generator).shown(6), row % 2 == 0 ? "" : normal(&generator).shown(6),
        ["a", "b", "c"][generator.next(below: 3)], "US",
      ].joined(separator: ",")
    }
    let found = try Self.result(rows + rows.prefix(20), header: "x,y,kind,country")
    #expect(found.details.shareByChance ?? 1 < 0.05)
    #expect(found.component < 95)
    let columns = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let plain = columns.map { "\($0[0]),\($0[2])" }
    let beside = plain.map { $0 + ",US" }
    for (rows, header) in [(plain, "x,kind"), (beside, "x,kind,country")] {
      let found = try Self.result(rows + rows.prefix(20), header: header)
      #expect(found.details.shareByChance ?? 1 < 0.05, "\(header)")
    }
  }

  /// Those without an income are alike in the rest as well.
  @Test(arguments: [1, 2, 3] as [UInt64]) func zerosThatGatherAreNoCopies(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<1_000).map { _ in
      guard generator.next(below: 5) > 1 else {
        return "\(50 + generator.next(below: 12)),\(generator.next(below: 5)),0,0"
      }
      let incomes = (0..<2).map { _ in exp(9 + normal(&generator)).shown(2) }
      return "\(20 + generator.next(below: 40)),\(generator.next(below: 16)),"
        + incomes.joined(separator: ",")
    }
    let found = try Self.result(rows, header: "age,education,income74,income75")
    #expect(found.details.shareByChance ?? 0 > 0.9)
  }

  /// Rows of zeros are alike in thousands of pairs, which are no chance for fine rows to be alike.
  @Test(arguments: [1, 2, 3] as [UInt64]) func rowsThatGatherExplainNoOthers(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<1_000).map { row in
      guard row % 2 == 0 else { return "\(1 + generator.next(below: 12)),0,0,0" }
      let fine = (0..<3).map { _ in abs(normal(&generator)).shown(2) }.joined(separator: ",")
      return "\(1 + generator.next(below: 300)),\(fine)"
    }
    let chance = try Self.result(rows, header: "total,a,b,c")
    let repeats = chance.details.groups.reduce(0) { $0 + $1.duplicates.count }
    #expect(repeats > 400)
    #expect(chance.details.shareByChance ?? 0 > 0.95)
    let fine = stride(from: 0, to: 400, by: 2).map { rows[$0] }
    let found = try Self.result(rows + fine, header: "total,a,b,c")
    let copied = 200 / Double(repeats + 200)
    #expect(abs((found.details.shareByChance ?? 1) - (1 - copied)) < 0.05)
    #expect(found.component < chance.component - 10)
  }

  /// Of rows without a value next to nothing tells that they are copies.
  @Test func rowsWithoutAValueAreAlikeByChance() throws {
    var generator = SeededGenerator(seed: 8)
    let rows = (0..<300).map { row in
      row % 10 == 0 ? ",,US" : "\(normal(&generator).shown(3)),\(normal(&generator).shown(3)),US"
    }
    #expect(try Self.result(rows, header: "x,y,country").details.shareByChance ?? 0 > 0.99)
  }

  @Test func rowsOfTextsAreNoChance() throws {
    let rows = (0..<80).map { "the river number \($0 * $0) ran high today,\($0 % 2)" }
    let found = try Self.result(rows + rows.prefix(8), header: "text,class")
    #expect(found.details.shareByChance == 0)
    #expect(found.component < 91)
  }
}
