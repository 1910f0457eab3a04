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

  /// In another fold a copy would confirm the wrong label.
  @Test func flippedLabelsAreFoundThoughTheyAreCopied() throws {
    var total = 0.0
    for seed in 1...3 as ClosedRange<UInt64> {
      let (text, flipped) = Wine.noisy(share: 0.1, seed: seed)
      var lines = text.split(separator: "\n")
      let count = lines.count - 1
      lines += lines[1...80]
      let flagged = Set(
        try result(lines.joined(separator: "\n"), label: "cultivar").flagged.map(\.row))
      total += f1(flagged, flipped.union(flipped.filter { $0 < 80 }.map { $0 + count }))
    }
    #expect(total / 3 > 0.85)
  }

  /// Numbers of a copy are off by a thousandth; its label is that of the row, right or wrong.
  @Test func flippedLabelsAreFoundThoughTheyAreNearlyCopied() throws {
    var total = 0.0
    for seed in 1...3 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let (text, flipped) = Wine.noisy(share: 0.1, seed: seed)
      var lines = text.split(separator: "\n").map(String.init)
      let count = lines.count - 1
      for line in lines[1...60] {
        let fields = line.split(separator: ",")
        let numbers = fields.dropLast().map { field in
          "\((Double(field) ?? 0) * (1 + 0.001 * normal(&generator)))"
        }
        lines.append((numbers + [String(fields[fields.count - 1])]).joined(separator: ","))
      }
      let flagged = Set(
        try result(lines.joined(separator: "\n"), label: "cultivar").flagged.map(\.row))
      total += f1(flagged, flipped.union(flipped.filter { $0 < 60 }.map { $0 + count }))
    }
    #expect(total / 3 > 0.85)
  }

  /// One of many rows of equal features has another label; the others tell.
  @Test func aLabelIsDoubtedThatItsRowsLikeContradict() throws {
    var generator = SeededGenerator(seed: 2)
    var text = "u,v,label\n"
    var wrong: Set<Int> = []
    var (u, v) = (0.0, 0.0)
    for row in 0..<600 {
      // Rows of twelve are equal; the class is that of the larger number but near the border.
      if row % 12 == 0 { (u, v) = (normal(&generator), normal(&generator)) }
      let truth = u > v
      if row % 24 == 5 { wrong.insert(row) }
      text += "\(u),\(v),\(truth == wrong.contains(row) ? "low" : "high")\n"
    }
    let flagged = Set(try result(text).flagged.map(\.row))
    #expect(f1(flagged, wrong) > 0.8)
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

  @Test func oneClassThatIsOftenCalledAnotherIsFlagged() throws {
    // That the classes overlap at a constant rate is always an explanation, too, so that one in four
    // may be let pass.
    var found = 0
    for seed in 1...4 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var text = "u,v,label\n"
      var wrong: Set<Int> = []
      for row in 0..<600 {
        let truth = row % 3
        let isWrong = truth == 0 && generator.next(below: 4) == 0
        if isWrong { wrong.insert(row) }
        let u = 5 * Double(truth) + normal(&generator)
        text += "\(u),\(normal(&generator)),c\(isWrong ? 1 : truth)\n"
      }
      let result = try result(text)
      if f1(Set(result.flagged.map(\.row)), wrong) > 0.85 { found += 1 }
      for flagged in result.flagged where wrong.contains(flagged.row) {
        #expect(flagged.givenLabel == "c1" && flagged.suggestedLabel == "c0")
      }
    }
    #expect(found >= 3)
  }

  @Test(arguments: [2, 7])
  func nothingIsFlaggedWhereNothingTellsClassesApart(rarity: Int) throws {
    var generator = SeededGenerator(seed: 17)
    let rows = (0..<500).map { _ in
      "\(normal(&generator)),\(normal(&generator)),"
        + (generator.next(below: rarity) == 0 ? "rare" : "common") + "\n"
    }
    let result = try result("u,v,label\n" + rows.joined())
    #expect(result.flagged.isEmpty)
    #expect(result.summary?.contains("nothing can be said") == true)
  }

  @Test func manyClassesOfFewRowsAreJudgedToo() throws {
    var generator = SeededGenerator(seed: 23)
    var text = "u,v,w,label\n"
    var wrong: Set<Int> = []
    let centres = (0..<40).map { _ in (0..<3).map { _ in 8 * normal(&generator) } }
    for row in 0..<480 {
      let truth = row % 40
      let isWrong = generator.next(below: 12) == 0
      if isWrong { wrong.insert(row) }
      let values = centres[truth].map { "\($0 + 0.3 * normal(&generator))" }
      text +=
        values.joined(separator: ",")
        + ",c\((truth + (isWrong ? 1 + generator.next(below: 39) : 0)) % 40)\n"
    }
    let result = try result(text)
    #expect(f1(Set(result.flagged.map(\.row)), wrong) > 0.8)
  }

  @Test func theReasonNamesTheValuesThatSpeakForTheOtherClass() throws {
    var generator = SeededGenerator(seed: 31)
    var text = "size,chance,colour,label\n"
    var wrong: Set<Int> = []
    for row in 0..<300 {
      let truth = row % 2
      let isWrong = row % 23 == 5
      if isWrong { wrong.insert(row) }
      let size = (Double(10 + 10 * truth) + normal(&generator)).shown(1)
      let colour = generator.next(below: 10) == 0 ? "grey" : ["red", "blue"][truth]
      text += "\(size),\(normal(&generator)),\(colour),\((truth == 0) != isWrong ? "s" : "p")\n"
    }
    let table = try table(text)
    let found = try result(text).flagged.filter { wrong.contains($0.row) }
    #expect(found.count >= 10)
    for flagged in found {
      let (given, other) = (try #require(flagged.givenLabel), flagged.suggestedLabel ?? "")
      let size = table.columns[0].text(flagged.row)
      let colour = table.columns[2].text(flagged.row)
      #expect(flagged.reason.contains(". Like \"\(other)\" it has "), "\(flagged.reason)")
      #expect(flagged.reason.contains("size \(size) (median "))
      #expect(flagged.reason.contains("colour \(colour) (") == (colour != "grey"))
      #expect(flagged.reason.contains(" in \"\(given)\""))
      #expect(!flagged.reason.contains("chance"))
    }
  }

  @Test func noValueIsNamedWhereOnlyAllTogetherSpeak() throws {
    var generator = SeededGenerator(seed: 32)
    var text = "u,v,label\n"
    for row in 0..<600 {
      let (u, v) = (normal(&generator), normal(&generator))
      let isWrong = row % 23 == 5
      text += "\(u),\(v),\((u * v > 0) != isWrong ? "same" : "opposite")\n"
    }
    let flagged = try result(text).flagged
    #expect(flagged.count >= 10)
    #expect(flagged.count { $0.reason.contains("it has") } <= flagged.count / 10)
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

  @Test func moreProbabilitiesThanMemoryHoldsAreNotMade() throws {
    let rows = CrossValidatedLabels.probabilityLimit / 100 + 100
    let text = "x,label\n" + (0..<rows).map { "\($0 % 7),k\($0 % 100)\n" }.joined()
    let result = try result(text)
    #expect(result.status == .skipped)
    #expect(result.reason?.contains("500,100 rows of 100 classes") == true)
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

  /// What is flagged for the largest F1 need not be wrong for the most part.
  @Test func howManyAreExpectedToBeWrongIsSaid() {
    func said(_ wrong: Double) -> String {
      JudgedLabels.found(443, of: 1_798, wrong: wrong, in: "age75")
    }
    #expect(said(250) == "443 of 1,798 labels in \"age75\" are probably wrong (24.6 %).")
    #expect(
      said(98.4) == "443 of 1,798 labels in \"age75\" are in doubt (24.6 %); about 98 of them are "
        + "expected to be wrong.")
  }
}
