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
}
