import Testing

@testable import Analysis

@Suite struct FoldGroupsTests {
  /// Rows of four numbers without two that are near each other; near copies follow those that are named.
  private func groups(
    _ labels: [String], copies: [(of: Int, label: String)]
  ) throws -> [Int]? {
    var generator = SeededGenerator(seed: 3)
    var rows = labels.map { label in (numbers: (0..<4).map { _ in normal(&generator) }, label) }
    for copy in copies {
      rows.append((rows[copy.of].numbers.map { $0 + 1e-5 * normal(&generator) }, copy.label))
    }
    let lines = rows.map { "\($0.numbers.map { "\($0)" }.joined(separator: ",")),\($0.1)\n" }
    let table = try table("a,b,c,d,label\n" + lines.joined())
    let options = AnalysisOptions(labelColumn: "label")
    let subject = AnalysisSubject(
      table: table, label: try LabelColumn(table: table, options: options), options: options)
    return try subject.foldGroups(Checkpoint(report: { _ in }, isCancelled: { false }))
  }

  private static let labels = (0..<200).map { $0 < 100 ? "a" : "b" }

  @Test func rowsLikeNoOtherAreOfNoGroup() throws {
    #expect(try groups(Self.labels, copies: []) == nil)
  }

  @Test func nearCopiesOfOneLabelAreOneGroup() throws {
    let groups = try #require(
      try groups(Self.labels, copies: [(7, "a"), (7, "a"), (150, "b"), (20, "b")]))
    #expect(groups[200...] == [7, 7, 150, 203])
    #expect(Array(groups[..<200]) == Array(0..<200))
  }

  /// In one fold, all that others would learn of the class were a few rows.
  @Test func whatMakesUpAClassIsSpreadOverFolds() throws {
    let few = Self.labels + (0..<10).map { _ in "c" }
    let copies = { count in (0..<count).map { _ in (of: 200, label: "c") } }
    #expect(try groups(few, copies: copies(1)) != nil)
    #expect(try groups(few, copies: copies(5)) == nil)
  }

  @Test func numbersThatDifferALittleAreOfOneGroup() throws {
    let numbers = (0..<200).map { "\(Double($0) + 0.5)" }
    let groups = try #require(try groups(numbers, copies: [(7, "7.50001")]))
    #expect(groups[200] == 7)
  }
}
