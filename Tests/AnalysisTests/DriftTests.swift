import Testing

@testable import Analysis

@Suite struct DriftTests {
  private func result(
    _ text: String, reference: String? = nil, time: String? = nil, split: String? = nil
  ) throws -> DetectorResult {
    let options = AnalysisOptions(detectors: [.drift], timeColumn: time, splitColumn: split)
    let report = try Analyzer(options: options)
      .analyze(table(text), reference: reference.map { try table($0) })
    return try #require(report[.drift])
  }

  private func comparison(_ result: DetectorResult) throws -> DriftDetails.Comparison {
    try #require((result.details as? DriftDetails)?.comparisons.first)
  }

  private func rows(
    _ header: String, _ count: Int, seed: UInt64 = 1,
    _ row: (Int, inout SeededGenerator) -> String
  ) -> String {
    var generator = SeededGenerator(seed: seed)
    return header + "\n" + (0..<count).map { row($0, &generator) + "\n" }.joined()
  }

  private func sample(_ seed: UInt64, _ count: Int = 500, shift: Double = 0) -> String {
    rows("n,c,d", count, seed: seed) { _, generator in
      "\(shift + normal(&generator)),\(["a", "b", "c"][generator.next(below: 3)]),"
        + "\(generator.next(below: 6))"
    }
  }

  @Test(arguments: 1...5) func samplesOfOneDistributionAreQuiet(seed: Int) throws {
    let result = try result(
      sample(UInt64(seed)), reference: sample(UInt64(seed + 100), 120))
    #expect(result.flaggedCount == 0)
    #expect(try comparison(result).columns.allSatisfy { $0.severity == 0 })
    #expect(try comparison(result).kind == .reference)
  }

  @Test func shiftedNumbersAreFound() throws {
    let result = try result(sample(1, shift: 1), reference: sample(2))
    let shifted = try comparison(result).columns.filter { $0.severity > 0 }
    #expect(shifted.map(\.column) == ["n"])
    #expect(shifted[0].psi > 0.25)
    #expect((shifted[0].distance ?? 0) > 0.3)
    #expect(shifted[0].words.contains("median"))
  }

  /// Quantiles of a number that most rows have are that number.
  @Test func numbersBelowTheCommonestAreTold() throws {
    let before = rows("nanometres,z", 200) { row, _ in "\(row % 9 == 0 ? 45 : 32),\(row % 5)" }
    let after = rows("nanometres,z", 200) { row, _ in "\(row % 9 == 0 ? 32 : 14),\(row % 5)" }
    let column = try #require(try comparison(result(after, reference: before)).columns.first)
    #expect(column.psi > 0.25)
    #expect((column.distance ?? 0) > 0.85)
  }

  @Test func aSmallShiftAmongManyRowsIsNone() throws {
    let result = try result(sample(1, 20_000, shift: 0.1), reference: sample(2, 20_000))
    let column = try #require(try comparison(result).columns.first)
    #expect(column.probability < 0.001)
    #expect(column.severity == 0)
  }

  @Test func newAndVanishedClassesAreFound() throws {
    let before = rows("c", 200) { row, _ in ["a", "b", "c"][row % 3] }
    let after = rows("c", 200) { row, _ in row < 5 ? "new" : ["a", "b"][row % 2] }
    let result = try result(after, reference: before)
    let column = try #require(try comparison(result).columns.first)
    #expect(column.newClasses.map(\.name) == ["new"])
    #expect(column.newClasses.map(\.rows) == [5])
    #expect(column.vanishedClasses.map(\.name) == ["c"])
    #expect(column.severity > 0)
    #expect(result.flagged.map(\.row) == [0, 1, 2, 3, 4])
    #expect(result.flagged.first?.reason.contains("\"new\"") == true)
  }

  @Test func newClassesAreExpectedWhereMostAreRare() throws {
    func names(_ seed: UInt64) -> String {
      rows("c", 400, seed: seed) { _, generator in
        generator.next(below: 2) == 0 ? "common" : "rare\(generator.next(below: 500))"
      }
    }
    #expect(try result(names(1), reference: names(2)).flaggedCount == 0)
  }

  @Test func missingValuesThatRiseAreADrift() throws {
    let before = rows("t,n", 200) { row, g in "some words here \(row),\(normal(&g))" }
    let after = rows("t,n", 200) { row, g in
      "\(row % 2 == 0 ? "" : "other words \(row)"),\(normal(&g))"
    }
    let column = try #require(
      try comparison(try result(after, reference: before)).columns.first { $0.column == "t" })
    #expect(column.severity > 0)
    #expect(column.missingAfter == 0.5)
    #expect(column.words.contains("missing values went from 0 % to 50 %"))
  }

  @Test func columnsThatAreGoneOrOfAnotherTypeAreNamed() throws {
    let before = rows("a,b,c", 100) { row, g in "\(normal(&g)),\(row * row % 31),x\(row % 3)" }
    let after = rows("a,b,d", 100, seed: 2) { row, g in "\(normal(&g)),v\(row % 5),x\(row % 3)" }
    let found = try comparison(try result(after, reference: before))
    #expect(found.missingColumns == ["c"])
    #expect(found.newColumns == ["d"])
    #expect(found.typeChanges.map(\.column) == ["b"])
    #expect(found.typeChanges.map(\.after) == [.category])
  }

  /// Programs write them in their own ways, and 0 and 1 with a fraction where a value is missing.
  @Test(arguments: [
    ["true", "false"], ["TRUE", "FALSE"], ["yes", "no"], ["1", "0"], ["1.0", "0.0"],
  ])
  func booleansAreComparedByWhatTheyMean(words: [String]) throws {
    func rows(_ words: [String], gap: String) -> String {
      "flag,n\n"
        + (0..<200).map { "\($0 % 50 == 9 ? gap : words[$0 % 3 == 0 ? 0 : 1]),\($0 % 7)\n" }
        .joined()
    }
    let isNumeric = words[0].hasPrefix("1")
    let reference = rows(
      isNumeric ? ["1", "0"] : ["True", "False"], gap: isNumeric ? "0" : "False")
    let found = try comparison(result(rows(words, gap: ""), reference: reference))
    #expect(found.typeChanges.isEmpty)
    #expect(found.columns.map(\.severity) == [0, 0])
    #expect(found.columns[0].newClasses.isEmpty)
  }

  @Test func partsOfASplitAreCompared() throws {
    let text = rows("part,x,label", 300) { row, g in
      let isTest = row % 3 == 0
      return "\(isTest ? "test" : "train"),\(normal(&g)),\(isTest && row % 2 == 0 ? "p" : "q")"
    }
    let found = try comparison(try result(text, split: "part"))
    #expect(found.kind == .split)
    #expect(found.rows == [200, 100])
    #expect(found.columns.filter { $0.severity > 0 }.map(\.column) == ["label"])
  }

  @Test func moreDriftNeverRaisesTheScore() throws {
    let reference = try table(sample(2))
    let scores = try [0, 0.5, 1, 2, 4].map { shift in
      let report = try Analyzer(options: AnalysisOptions(detectors: [.drift]))
        .analyze(table(sample(2, shift: shift)), reference: reference)
      return try #require(report.qualityScore)
    }
    #expect(scores == scores.sorted(by: >))
    #expect(scores[0] == 100)
    #expect(Set(scores).count == 5)
  }

  @Test func withoutAnotherSideThereIsNothingToDo() throws {
    #expect(try result(sample(1)).status == .skipped)
    let few = try result(sample(1), reference: sample(2, 5))
    #expect(few.status == .skipped)
    #expect(few.reason == "The reference has 5 rows, too few to compare: 20 are needed.")
    let small = try result("a\n1\n", reference: sample(1))
    #expect(small.reason == "This dataset has 1 row, too few to compare: 20 are needed.")
    #expect(
      try result("w,x\na,1\nb,2\n", time: "w").reason
        == "\"w\" holds neither times nor numbers to order the rows by.")
    #expect(
      try result("w,x\n1,1\n2,2\n", time: "w").reason
        == "\"w\" has a time or number in 2 rows, too few to compare along it: 40 are needed.")
    let one = rows("part,x", 50) { _, g in "all,\(normal(&g))" }
    #expect(try result(one, split: "part").reason?.contains("does not split") == true)
  }

  @Test func whatCannotBeComparedIsSaidBesideWhatIs() throws {
    let result = try result(
      rows("part,x", 50) { row, g in "\(row % 2 == 0 ? "train" : "test"),\(normal(&g))" },
      reference: "x\n1\n", split: "part")
    let details = try #require(result.details as? DriftDetails)
    #expect(details.comparisons.map(\.kind) == [.split])
    #expect(details.notes.count == 1)
    #expect(result.summary?.contains("The reference has 1 row") == true)
  }

  /// A class that is rare on the smaller side must not keep the others from being compared.
  @Test func classesOfASmallDatasetAreComparedWithALargeReference() throws {
    let reference = rows("c", 10_000, seed: 3) { row, generator in
      row % 800 == 0 ? "rare" : ["a", "b"][generator.next(below: 2)]
    }
    let after = rows("c", 100, seed: 4) { _, generator in
      ["a", "a", "a", "b"][generator.next(below: 4)]
    }
    let column = try #require(
      try comparison(try result(after, reference: reference)).columns.first)
    #expect(column.severity > 0)
    #expect(column.probability < 0.01)
    let same = rows("c", 100, seed: 5) { _, generator in ["a", "b"][generator.next(below: 2)] }
    #expect(try comparison(try result(same, reference: reference)).columns[0].severity == 0)
  }

  @Test func datasetsWithoutACommonColumnAreWhollyDifferent() throws {
    let report = try Analyzer(options: AnalysisOptions(detectors: [.drift])).analyze(
      table(rows("a", 30) { row, _ in "x\(row % 3)" }),
      reference: table(rows("b", 30) { row, _ in "x\(row % 3)" }))
    #expect(report.qualityScore == 0)
    #expect(
      report[.drift]?.summary == "No column can be compared in the reference and this dataset. "
        + "\"b\" is gone. \"a\" is new.")
  }

  @Test func edgesDoNotCrash() throws {
    let odd = rows("a,b,c", 40) { row, _ in "\(row % 2 == 0 ? "inf" : "1e308"),,5" }
    let other = rows("a,b,c", 40) { row, _ in "-1e308,\(row),6" }
    let found = try comparison(try result(odd, reference: other))
    #expect(found.columns.count == 3)
    #expect(found.columns.filter { $0.severity > 0 }.map(\.column) == ["a", "b", "c"])
  }
}
