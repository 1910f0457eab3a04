import Foundation
import Testing

@testable import Analysis

@Suite struct OutliersTests {
  private func flagged(_ values: [some CustomStringConvertible]) throws -> [Int] {
    let report = try report(columnText(values), [.outliers])
    return (report[.outliers]?.flagged ?? []).map(\.row).sorted()
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func plantedOutliersAreFound(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var values = (0..<500).map { _ in 50 + 5 * normal(&generator) }
    for (row, value) in [(10, 100.0), (200, -20), (499, 90)] { values[row] = value }
    #expect(try flagged(values) == [10, 200, 499])
  }

  @Test func cleanColumnsOfManyShapesYieldFew() throws {
    var generator = SeededGenerator(seed: 7)
    let shapes: [(inout SeededGenerator) -> Double] = [
      { normal(&$0) },
      { exp(normal(&$0)) },
      {
        let x = normal(&$0); return x * x + pow(normal(&$0), 2)
      },
      { Double($0.next(below: 1_000)) },
      { Double($0.next(below: 5)) },
      { $0.next(below: 10) == 0 ? 5 + normal(&$0) : 0 },
      { 1_000 - exp(normal(&$0) / 2) },
    ]
    for (index, shape) in shapes.enumerated() {
      var total = 0
      for _ in 0..<5 { total += try flagged((0..<2_000).map { _ in shape(&generator) }).count }
      // Of 10,000 values: far from a fixed share, which 3.5 deviations alone would flag.
      #expect(total <= 10, "shape \(index)")
    }
  }

  @Test func aConstantColumnWithOneStrangerIsNoticed() throws {
    #expect(try flagged((0..<100).map { $0 == 42 ? 7 : 5 }) == [42])
    #expect(try flagged((0..<100).map { _ in 5 }) == [])
    #expect(try flagged((0..<100).map { $0 % 5 == 0 ? 7 : 5 }) == [])
  }

  @Test func fewStepsAreNotOutliersOfEachOther() throws {
    let ratings = (0..<200).map { $0 < 150 ? 5 : 1 + $0 % 4 }
    #expect(try flagged(ratings) == [])
    #expect(try flagged(ratings.enumerated().map { $0 == 20 ? 500 : $1 }) == [20])
  }

  @Test func infinityIsAnOutlierAndMissingIsNot() throws {
    var values = (0..<50).map { "\($0 % 7)" }
    values[8] = "inf"
    values[9] = "NA"
    #expect(try flagged(values) == [8])
  }

  @Test func hugeNumbersDoNotOverflow() throws {
    let values = (0..<50).map { "\($0 % 7 + 1)e307" }
    #expect(try flagged(values) == [])
    let tiny = (0..<50).map { $0 == 3 ? "1e308" : "\($0 % 7 + 1)e-300" }
    #expect(try flagged(tiny) == [3])
  }

  @Test func rowsNameTheWorstColumnAndTheReason() throws {
    var generator = SeededGenerator(seed: 1)
    var text = "a,b\n"
    for row in 0..<100 {
      let a = row == 5 ? 30 : normal(&generator)
      let b = row == 5 ? -900 : normal(&generator)
      text += "\(a),\(b)\n"
    }
    let result = try #require(try report(text, [.outliers])[.outliers])
    #expect(result.flagged.map(\.row) == [5])
    #expect(result.flagged.first?.column == "b")
    #expect(result.flagged.first?.reason.contains("b is -900") == true)
    #expect(result.flagged.first?.reason.contains("a is 30") == true)
  }

  @Test func withoutNumbersThereIsNothingToDo() throws {
    for text in ["a\nx\ny\n", "a,b\n1,2\n3,4\n"] {
      let report = try report(text, [.outliers])
      #expect(report[.outliers]?.status == .skipped)
      #expect(report[.outliers]?.reason != nil)
      #expect(report.qualityScore == nil)
    }
  }
}
