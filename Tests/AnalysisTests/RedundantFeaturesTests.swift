import Testing

@testable import Analysis

@Suite struct RedundantFeaturesTests {
  private func details(_ text: String) throws -> RedundantFeaturesDetails {
    let result = try #require(try report(text, [.redundantFeatures])[.redundantFeatures])
    #expect(result.flaggedCount == 0)
    return try #require(result.details as? RedundantFeaturesDetails)
  }

  /// A table of 300 rows made by column.
  private func text(_ columns: [(String, (Int, inout SeededGenerator) -> String)]) -> String {
    var generator = SeededGenerator(seed: 11)
    return columns.map(\.0).joined(separator: ",") + "\n"
      + (0..<300).map { row in
        columns.map { $0.1(row, &generator) }.joined(separator: ",") + "\n"
      }.joined()
  }

  @Test func constantAndNearlyConstantColumnsAreNamed() throws {
    let found = try details(
      text([
        ("same", { _, _ in "x" }), ("none", { _, _ in "" }),
        ("flag", { row, _ in row == 7 || row == 9 ? "1" : "0" }),
        ("mostly", { row, _ in row % 50 == 0 ? "b" : "a" }),
        ("number", { _, generator in "\(normal(&generator))" }),
      ]))
    #expect(found.constant == ["same", "none"])
    #expect(found.nearlyConstant.map(\.column) == ["flag"])
    #expect(found.nearlyConstant.map(\.value) == ["0"])
    #expect(found.nearlyConstant.map(\.share) == [0.993333])
    #expect(found.copies == [])
  }

  @Test func copiesAreFoundByValue() throws {
    let found = try details(
      text([
        ("a", { row, _ in "\(row * row % 17)" }), ("b", { row, _ in "\(row * row % 17).0" }),
        ("c", { row, _ in row % 3 == 0 ? "" : "w\(row % 4)" }),
        ("d", { row, _ in row % 3 == 0 ? "NA" : "w\(row % 4)" }),
        ("e", { row, _ in row == 299 ? "1" : "\(row * row % 17)" }),
      ]))
    #expect(found.copies.map(\.keep) == ["a", "c"])
    #expect(found.copies.map(\.copies) == [["b"], ["d"]])
    #expect(found.groups.map(\.columns) == [["a", "e"]])
  }

  /// They are the same double.
  @Test func longNumbersThatDifferInTheLastDigitAreNoCopies() throws {
    func number(_ row: Int) -> Int { 90_071_992_547_409_920 + 16 * (row * 7 % 150) }
    let found = try details(
      text([
        ("a", { row, _ in "\(number(row))" }), ("b", { row, _ in "\(number(row) + 1)" }),
        ("c", { row, _ in "\(number(row))" }),
      ]))
    #expect(found.copies.map(\.keep) == ["a"])
    #expect(found.copies.map(\.copies) == [["c"]])
  }

  @Test func correlatedNumbersAreGroupedAndTheFullestIsKept() throws {
    var x = 0.0
    let found = try details(
      text([
        (
          "a",
          { row, generator in
            x = normal(&generator)
            return row % 10 == 0 ? "" : "\(x)"
          }
        ),
        ("b", { _, generator in "\(-3 * x + 0.1 * normal(&generator))" }),
        ("c", { _, _ in "\(x * x * x)" }),
        ("other", { _, generator in "\(x + normal(&generator))" }),
      ]))
    #expect(found.groups.map(\.columns) == [["a", "b", "c"]])
    #expect(found.groups.first?.keep == "b")
    let link = try #require(found.groups.first?.links.first { $0.first == "a" && $0.second == "b" })
    #expect((link.pearson ?? 0) < -0.99)
    #expect(found.groups.first?.links.contains { ($0.spearman ?? 0) > 0.999 } == true)
  }

  @Test func associatedClassesAreGrouped() throws {
    var city = 0
    let found = try details(
      text([
        (
          "city",
          { _, generator in
            city = generator.next(below: 6)
            return "c\(city)"
          }
        ),
        ("state", { _, _ in "s\(city / 2)" }), ("number", { _, _ in "\(10 + city * city)" }),
        ("other", { _, generator in "o\(generator.next(below: 6))" }),
      ]))
    #expect(found.groups.map(\.columns) == [["city", "state", "number"]])
    #expect(found.groups.first?.keep == "city")
  }

  @Test func codesAndTheirNamesAreGroupedHoweverManyThereAre() throws {
    var place = 0
    let columns: [(String, (Int, inout SeededGenerator) -> String)] = [
      (
        "code",
        { row, _ in
          place = row * 7 % 90
          return "c\(place)"
        }
      ),
      ("name", { _, _ in "the place called \(place)" }),
      ("other", { row, _ in "o\(row * 11 % 83)" }),
    ]
    let found = try details(text(columns))
    #expect(found.groups.map(\.columns) == [["code", "name"]])
  }

  @Test func twoFarValuesAreNoCorrelation() throws {
    let found = try details(
      text([
        ("a", { row, generator in row == 0 ? "1e6" : "\(normal(&generator))" }),
        ("b", { row, generator in row == 0 ? "1e6" : "\(normal(&generator))" }),
      ]))
    #expect(found.groups == [])
  }

  @Test func independentColumnsAreSound() throws {
    let columns = (0..<20).map { index in
      ("n\(index)", { (_: Int, generator: inout SeededGenerator) in "\(normal(&generator))" })
    }
    let report = try report(text(columns), [.redundantFeatures])
    #expect(report.qualityScore == 100)
  }

  @Test func moreCopiesNeverRaiseTheScore() throws {
    let scores = try (0..<4).map { copies in
      let names = ["a", "b", "c"] + (0..<copies).map { "copy\($0)" }
      let table = text(
        names.enumerated().map { index, name in
          (name, { row, _ in "\((row * 31 + (index % 3) * row * row * 7) % 101)" })
        })
      return try #require(try report(table, [.redundantFeatures]).qualityScore)
    }
    #expect(scores == scores.sorted(by: >))
    #expect(Set(scores).count == 4)
  }

  @Test func edgesDoNotCrash() throws {
    #expect(try report("a\n1\n", [.redundantFeatures])[.redundantFeatures]?.status == .skipped)
    #expect(try report("y\n1\n2\n", [.redundantFeatures])[.redundantFeatures]?.status == .skipped)
    #expect(try details("a,b\n1,2\n2,1\n").groups == [])
    let huge = text([
      ("a", { row, _ in row == 3 ? "inf" : "\(row % 7)e307" }),
      ("b", { row, _ in "\(row % 7)e-320" }),
    ])
    #expect(try details(huge).constant == [])
  }
}
