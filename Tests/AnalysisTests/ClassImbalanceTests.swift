import Testing

@testable import Analysis

@Suite struct ClassImbalanceTests {
  private func labelled(_ counts: [(String, Int)]) -> String {
    "x,label\n"
      + counts.map { name, count in String(repeating: "1,\(name)\n", count: count) }.joined()
  }

  @Test func rareClassesAreFlagged() throws {
    let report = try report(labelled([("a", 95), ("b", 80), ("rare", 5)]), [.classImbalance])
    let result = try #require(report[.classImbalance])
    #expect(result.flagged.map(\.row) == Array(175..<180))
    guard let details = result.details as? ClassImbalanceDetails else {
      Issue.record("no details")
      return
    }
    #expect(details.ratio == 19)
    #expect(details.classes.map(\.count) == [95, 80, 5])
    #expect(details.classes.map(\.isRare) == [false, false, true])
  }

  @Test func evenClassesAreSound() throws {
    let report = try report(labelled([("a", 50), ("b", 50)]), [.classImbalance])
    #expect(report[.classImbalance]?.flaggedCount == 0)
    #expect(report.qualityScore == 100)
  }

  @Test func theScoreFallsWithTheSmallestClass() throws {
    let scores = try [50, 30, 10, 2].map { count in
      try #require(
        try report(labelled([("a", 50), ("b", count)]), [.classImbalance]).qualityScore)
    }
    #expect(scores == scores.sorted(by: >))
    #expect(Set(scores).count == 4)
  }

  @Test func withoutClassesThereIsNothingToDo() throws {
    for text in ["x\n1\n2\n", "x,label\n1,a\n2,a\n", "x,y\n1,1.5\n2,2.5\n", "x,label\n1,\n2,\n"] {
      let result = try report(text, [.classImbalance])[.classImbalance]
      #expect(result?.status == .skipped)
      #expect(result?.reason != nil)
    }
  }

  @Test func wordsAreNoNumbersToPredict() throws {
    let text = "x,y\n" + (0..<60).map { "\($0 * 7 % 31),\(["a", "b"][$0 % 2])\n" }.joined()
    let report = try Analyzer(
      options: AnalysisOptions(
        labelColumn: "y", taskType: .regression, detectors: [.classImbalance, .labelErrors])
    ).analyze(table(text))
    for kind in [DetectorKind.classImbalance, .labelErrors] {
      #expect(report[kind]?.status == .skipped)
      #expect(report[kind]?.reason?.contains("\"y\" are no numbers") == true)
    }
    #expect(report.summary.contains { $0.hasPrefix("Labels were not judged. The labels in") })
  }

  @Test func adviceFollowsTheSizes() throws {
    func advice(_ counts: [(String, Int)]) throws -> [String] {
      let result = try report(labelled(counts), [.classImbalance])[.classImbalance]
      return try #require(result?.details as? ClassImbalanceDetails).advice
    }
    #expect(try advice([("a", 50), ("b", 40)]) == [])
    let two = try advice([("no", 95), ("yes", 5)])
    #expect(two.count == 4)
    #expect(two[1].contains("\"yes\" 10, \"no\" 0.53"))
    #expect(two[2].contains("\"no\" to everything is right in 95 %"))
    #expect(two[3].contains("\"yes\" (at least 8)"))
    let many = try advice([("a", 300), ("b", 100), ("c", 3)])
    #expect(many[2].contains("macro F1"))
    #expect(many.last?.contains("\"c\" (3)") == true)
  }

  @Test func skewedNumbersAreMentionedWhereTheyAreTheLabel() throws {
    func reason(_ number: (Int) -> Double) throws -> String {
      let text = "x,y\n" + (0..<100).map { "1,\(number($0))\n" }.joined()
      return try #require(try report(text, [.classImbalance])[.classImbalance]?.reason)
    }
    #expect(try reason { Double($0 * $0 * $0 * $0) + 0.5 }.contains("logarithm"))
    #expect(!(try reason { Double($0) + 0.5 }.contains("skewed")))
    #expect(try reason { 0.5 - Double($0 * $0 * $0 * $0) }.contains("forgives"))
  }
}
