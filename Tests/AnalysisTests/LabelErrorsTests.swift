import Foundation
import Testing

@testable import Analysis

@Suite struct LabelErrorsTests {
  private func result(_ text: String, label: String? = nil) throws -> DetectorResult {
    let options = AnalysisOptions(labelColumn: label, detectors: [.labelErrors])
    return try #require(try Analyzer(options: options).analyze(table(text))[.labelErrors])
  }

  private func f1(_ flagged: Set<Int>, _ flipped: Set<Int>) -> Double {
    2 * Double(flagged.intersection(flipped).count) / Double(flagged.count + flipped.count)
  }

  @Test func flippedLabelsOfTheShippedDatasetAreFound() throws {
    var total = 0.0
    for seed in 1...5 as ClosedRange<UInt64> {
      let (text, flipped) = Wine.noisy(share: 0.1, seed: seed)
      let result = try result(text, label: "cultivar")
      total += f1(Set(result.flagged.map(\.row)), flipped)
      let first = result.flagged.prefix(10).count { flipped.contains($0.row) }
      #expect(first >= 9, "seed \(seed)")
    }
    #expect(total / 5 > 0.85)
  }

  @Test func theTruthIsSuggested() throws {
    let clean = Wine.lines.dropFirst().map { $0.split(separator: ",").last.map(String.init) }
    let (text, flipped) = Wine.noisy(share: 0.1, seed: 11)
    let found = try result(text, label: "cultivar").flagged.filter { flipped.contains($0.row) }
    let right = found.count { $0.suggestedLabel == clean[$0.row] }
    #expect(found.count >= 12)
    #expect(Double(right) / Double(found.count) > 0.9)
  }

  @Test func theCleanDatasetIsLeftInPeace() throws {
    let result = try result(String(decoding: Wine.bytes, as: UTF8.self), label: "cultivar")
    #expect(result.flaggedCount <= 4)
  }

  @Test func noiseIsEstimatedForEachClass() throws {
    var generator = SeededGenerator(seed: 3)
    var text = "u,v,label\n"
    for row in 0..<900 {
      let truth = row % 3
      // A fifth of the zeros is called one; nothing else is wrong.
      let given = truth == 0 && row % 15 == 0 ? 1 : truth
      let u = 5 * Double(truth) + normal(&generator)
      text += "\(u),\(normal(&generator)),c\(given)\n"
    }
    guard let details = try result(text).details as? LabelErrorsDetails else {
      Issue.record("no details")
      return
    }
    // A mean as threshold misses some of the confident rows, and so part of the noise.
    #expect((0.12...0.24).contains(details.noiseMatrix[1][0]))
    #expect(details.noiseMatrix[2][0] < 0.02)
    for column in 0..<3 {
      #expect(abs(details.noiseMatrix.reduce(0) { $0 + $1[column] } - 1) < 1e-4)
    }
    #expect(details.confidentJoint.joined().reduce(0, +) == 900)
    #expect(details.classes.map(\.count) == [240, 360, 300])
  }

  @Test func categoriesAndTextAreLearntFrom() throws {
    var generator = SeededGenerator(seed: 5)
    let words = [["goal", "match", "team"], ["vote", "law", "minister"]]
    var text = "colour,story,label\n"
    var flipped: Set<Int> = []
    for row in 0..<200 {
      let truth = row % 2
      let wrong = row % 19 == 7
      if wrong { flipped.insert(row) }
      let story = (0..<6).map { _ in words[truth][generator.next(below: 3)] } + ["no\(row)"]
      let colour = generator.next(below: 4) == 0 ? "grey" : ["red", "blue"][truth]
      text += "\(colour),\(story.joined(separator: " ")),\((truth == 0) != wrong ? "s" : "p")\n"
    }
    let table = try table(text)
    #expect(table.columns.map(\.type) == [.category, .text, .category])
    let found = try Set(result(text).flagged.map(\.row))
    #expect(found.isSubset(of: flipped))
    #expect(found.count >= 8)
  }

  @Test(arguments: [
    "x,label\n1,a\n2,b\n",
    "x,label\n1,a\n",
    "x\n1\n2\n",
    "label\na\nb\na\nb\na\nb\na\nb\na\nb\n",
    "x,label\n" + (0..<50).map { "\($0),\($0 < 46 ? "a" : "b")\n" }.joined(),
    "x,label\n" + (0..<50).map { "\($0),c\($0)\n" }.joined(),
    "x,label\n" + (0..<50).map { "5,c\($0 % 2)\n" }.joined(),
  ])
  func whatCannotBeLearntIsSkippedWithAReason(text: String) throws {
    let result = try result(text)
    #expect(result.status == .skipped)
    #expect(result.reason?.isEmpty == false)
    #expect(result.flagged.isEmpty)
  }

  @Test func smallClassesAndMissingLabelsAreLeftOut() throws {
    let rows = (0..<60).map { row in
      let label = row == 0 ? "lonely" : row == 1 ? "" : row % 2 == 0 ? "even" : "odd"
      return "\(row % 2 * 10 + row % 5),\(label)\n"
    }
    let result = try result("x,label\n" + rows.joined())
    #expect(result.status == .ok)
    #expect(!result.flagged.contains { $0.row <= 1 })
    guard let details = result.details as? LabelErrorsDetails else {
      Issue.record("no details")
      return
    }
    #expect(details.checkedRows == 58)
    #expect(details.leftOutClasses == ["lonely"])
  }
}
