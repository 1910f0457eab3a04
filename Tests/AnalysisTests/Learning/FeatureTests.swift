import Foundation
import Testing

@testable import Analysis

@Suite struct FeatureTests {
  private let pace = Pace(Checkpoint(report: { _ in }, isCancelled: { false }))

  private func subject(_ text: String) throws -> AnalysisSubject {
    let table = try table(text)
    let options = AnalysisOptions(labelColumn: "label")
    return AnalysisSubject(
      table: table, label: try LabelColumn(table: table, options: options), options: options)
  }

  private func column(_ design: Design, _ index: Int) -> [Float] {
    (0..<design.rowCount).map { design.dense[$0 * design.denseWidth + index] }
  }

  @Test func numbersAreStandardisedAndGapsAreTheMedian() throws {
    let subject = try subject("x,c,label\n1,5,a\n2,5,b\n,5,a\n3,5,b\n")
    let features = try LearnableFeatures(subject, rows: [0, 1, 2, 3], pace: pace)
    let design = try #require(
      try features.design(.standard, subject: subject, pace: pace))
    // The constant is no feature; the gap has an indicator.
    #expect(design.featureCount == 2)
    let share = Float(0.5.squareRoot())
    for (value, expected) in zip(column(design, 0), [-1 / share, 0, 0, 1 / share]) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(column(design, 1).prefix(4) == [0, 0, 1, 0])
  }

  @Test func ranksDoNotMindWildValues() throws {
    let values = ["1", "2", "1e300", "3", "inf", "2"]
    let subject = try subject("x,label\n" + values.map { "\($0),a\n" }.joined())
    let features = try LearnableFeatures(subject, rows: Array(0..<6), pace: pace)
    let design = try #require(
      try features.design(.ranks, subject: subject, pace: pace))
    let scores = column(design, 0)
    #expect(scores[0] < scores[1] && scores[1] == scores[5])
    #expect(scores[1] < scores[3] && scores[3] < scores[2])
    #expect(scores[4] == scores[2])
    #expect(scores.allSatisfy { abs($0) < 3 })
    let standard = try #require(
      try features.design(.standard, subject: subject, pace: pace))
    #expect(column(standard, 0).allSatisfy { $0.isFinite })
  }

  @Test func datesBecomeTheirParts() {
    // 2024-02-29T18:30:00Z, a Thursday; and two before 1970.
    let moment = 1_709_231_400.0
    #expect(DatePart.moment.value(moment) == moment / 86_400)
    #expect(DatePart.month.value(moment) == 2)
    #expect(DatePart.weekday.value(moment) == 3)
    #expect(DatePart.hour.value(moment) == 18.5)
    #expect(DatePart.month.value(-1) == 12)
    #expect(DatePart.weekday.value(-1) == 2)
    #expect(DatePart.month.value(-2_208_988_800) == 1)
    for part in DatePart.allCases { #expect(part.value(.nan).isNaN) }
  }

  @Test func levelsAreFeaturesIfTheyOccurTwice() throws {
    let subject = try subject("k,label\nb,x\na,y\nb,x\nc,x\na,y\nb,y\n")
    let features = try LearnableFeatures(subject, rows: Array(0..<6), pace: pace)
    let design = try #require(
      try features.design(.standard, subject: subject, pace: pace))
    #expect(design.sparse.width == 2)
    #expect(design.sparse.columns == [1, 0, 1, 0, 1])
    #expect(design.sparse.starts == [0, 1, 2, 3, 3, 4, 5])
    let trees = try #require(try features.treeFeatures(pace: pace))
    #expect(trees.columns == [[0, 1, 0, 0, 1, 0], [1, 0, 1, 0, 0, 1], [0, 0, 0, 1, 0, 0]])
    // In a table too large for a feature a level, the category is a number.
    let few = try #require(try features.treeFeatures(pace: pace, valueLimit: 10))
    #expect(few.columns == [[2, 1, 2, 3, 1, 2]])
  }

  @Test func wordsAndPairsOfThemAreFeatures() throws {
    let subject = try subject(
      "t,label\n" + ["Red dog", "red cat!", "red dog", "bird", ""].map { "\"\($0)\",a\n" }.joined())
    let sparse = try WordFeatures.make(
      subject.table.columns[0], rows: Array(0..<5), limit: 1_000, pace: pace)
    // red, dog and "red dog" occur in two texts; case does not matter, the rest occurs once.
    #expect(sparse.width == 3)
    #expect((0..<5).map { sparse.starts[$0 + 1] - sparse.starts[$0] } == [3, 1, 3, 0, 0])
    let first = sparse.values[sparse.starts[0]..<sparse.starts[1]]
    #expect(abs(first.reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
    let two = try WordFeatures.make(
      subject.table.columns[0], rows: [0, 1, 2], limit: 2, pace: pace)
    #expect(two.width == 2)
  }

  @Test func wordsOfAnyScriptAreToldApart() {
    var splitter = WordSplitter()
    func count(_ text: String) -> Int {
      splitter.hashes(of: Array(text.utf8)[...])
      return splitter.hashes.count
    }
    #expect(count("Größe über_alles, 3.5!") == 7)
    #expect(count("日本語") == 3)
    #expect(count("  \u{00A0}\u{2003} ") == 0)
    #expect(count("❤ok") == 2)
    splitter.hashes(of: Array("ÜBER straße".utf8)[...])
    let upper = splitter.hashes
    splitter.hashes(of: Array("über Straße".utf8)[...])
    #expect(splitter.hashes == upper)
    splitter.hashes(of: [0xFF, 0xC3, 0x20, 0xE2, 0x82][...])
    #expect(!splitter.hashes.isEmpty)
  }

  @Test func ratiosAreLargeForWordsOfOneClass() {
    var sparse = SparseRows(width: 3)
    for row in 0..<40 {
      sparse.append(column: 0, value: 1)
      if row % 2 == 0 { sparse.append(column: 1, value: 1) }
      if row >= 20 { sparse.append(column: 2, value: 1) }
      sparse.endRow()
    }
    let labels = (0..<40).map { $0 % 2 }
    let weights = RatioWeights.make(sparse, rows: Array(0..<40), labels: labels, classCount: 2)
    // Shares of class 0 are 21, 21 and 11 of 53, of class 1 21, 1 and 11 of 33.
    #expect(abs(weights[0] - Float(abs(log(21.0 / 53 / (21.0 / 33))))) < 1e-5)
    #expect(abs(weights[1] - Float(log(21.0 / 53 / (1.0 / 33)))) < 1e-5)
    #expect(weights[1] > 5 * weights[0])
  }
}
