import Foundation
import Testing

@testable import Analysis

/// Numbers that follow from the other values (Friedman 1991) but for noise, some of them wrong.
private struct Friedman {
  var text = "a,b,c,d,e,f,kind,target\n"
  var wrong: Set<Int> = []

  enum Noise {
    case normal, heavy, heavier, skewed, uneven
  }

  init(rows: Int, noise: Noise, wrongEvery: Int? = nil, seed: UInt64, scale: Double = 1) {
    var generator = SeededGenerator(seed: seed)
    func uniform() -> Double { Double(generator.next() >> 11) / Double(1 << 53) }
    for row in 0..<rows {
      let x = (0..<6).map { _ in uniform() }
      let kind = generator.next(below: 3)
      var value =
        10 * sin(.pi * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4]
        + Double(kind)
      let error = normal(&generator)
      switch noise {
      case .normal: value += error
      case .heavy: value += error / chi(3, &generator)
      case .heavier: value += error / chi(2, &generator)
      case .skewed: value -= log(1 - uniform())
      case .uneven: value += error * (0.2 + 3 * x[5])
      }
      if let wrongEvery, row % wrongEvery == wrongEvery / 2 {
        wrong.insert(row)
        value += (row % 2 == 0 ? 1 : -1) * (9 + 6 * uniform())
      }
      let features = x.map { "\($0)" }.joined(separator: ",")
      text += "\(features),k\(kind),\(value * scale)\n"
    }
  }
}

/// The root of a mean of squares of normal numbers, by which Student's t divides.
private func chi(_ freedom: Int, _ generator: inout SeededGenerator) -> Double {
  let squares = (0..<freedom).reduce(0.0) { sum, _ in
    let z = normal(&generator)
    return sum + z * z
  }
  return (squares / Double(freedom)).squareRoot()
}

/// Prices that follow from a size, a quality and the words of a note, within a tenth of themselves or
/// so; every 25th has lost or won a digit.
private struct Prices {
  var text = "size,quality,note,target\n"
  var wrong: Set<Int> = []

  init(rows: Int, seed: UInt64, wrongEvery: Int? = 25, factor: Double = 10) {
    var generator = SeededGenerator(seed: seed)
    let notes = ["with a garden and a garage", "next to the railway line", "needs a new roof"]
    for row in 0..<rows {
      let size = 20 + Int(generator.next(below: 180))
      let quality = Int(generator.next(below: 5))
      let note = Int(generator.next(below: 3))
      let bonus = [1.5, 1, 0.7][note]
      var price =
        1_000 * Double(size) * pow(1.3, Double(quality)) * bonus * exp(0.1 * normal(&generator))
      if let wrongEvery, row % wrongEvery == wrongEvery / 2 {
        wrong.insert(row)
        price *= row % 2 == 0 ? factor : 1 / factor
      }
      text += "\(size),\(quality),house number \(row) \(notes[note]),\(price.rounded())\n"
    }
  }
}

@Suite struct NumberLabelsTests {
  private func result(
    _ text: String, _ parameters: [String: ParameterValue] = [:]
  ) throws -> DetectorResult {
    let options = AnalysisOptions(
      labelColumn: "target", taskType: .regression, detectors: [.labelErrors],
      parameters: [.labelErrors: parameters])
    return try #require(try Analyzer(options: options).analyze(table(text))[.labelErrors])
  }

  @Test func wrongNumbersAreFound() throws {
    let data = Friedman(rows: 400, noise: .normal, wrongEvery: 20, seed: 1)
    let result = try result(data.text)
    let found = Set(result.flagged.map(\.row))
    let hits = Double(found.intersection(data.wrong).count)
    #expect(hits / Double(data.wrong.count) > 0.9)
    #expect(hits / Double(found.count) > 0.7)
    let numbers = try #require((result.details as? LabelErrorsDetails)?.numbers)
    #expect(abs(numbers.wrongShare - 0.05) < 0.05)
    #expect(numbers.explained > 0.5)
    #expect(result.flagged[0].reason.contains("is expected, with a usual deviation of"))
  }

  @Test(arguments: [Friedman.Noise.normal, .heavy, .heavier, .skewed, .uneven])
  private func noiseIsNoError(noise: Friedman.Noise) throws {
    var flagged = 0
    for seed in 2..<5 {
      let result = try result(Friedman(rows: 400, noise: noise, seed: UInt64(seed)).text)
      #expect(result.status == .ok)
      flagged += result.flaggedCount
    }
    #expect(flagged <= (noise == .heavier ? 24 : 12))
  }

  @Test func theSeedHardlyMatters() throws {
    let table = try table(Friedman(rows: 300, noise: .heavy, wrongEvery: 20, seed: 11).text)
    var all: [Set<Int>] = []
    for seed in 0..<4 {
      let options = AnalysisOptions(
        labelColumn: "target", taskType: .regression, detectors: [.labelErrors],
        seed: UInt64(seed))
      let result = try #require(try Analyzer(options: options).analyze(table)[.labelErrors])
      all.append(Set(result.flagged.map(\.row)))
    }
    let shared = all.dropFirst().reduce(all[0]) { $0.intersection($1) }
    let union = all.reduce(Set()) { $0.union($1) }
    #expect(shared.count >= 15)
    #expect(Double(shared.count) > 0.7 * Double(union.count))
  }

  @Test func pricesAreComparedByTheirRatio() throws {
    let data = Prices(rows: 400, seed: 12)
    let result = try result(data.text)
    #expect(result.parameters["scale"] == .text("logarithmic"))
    let found = Set(result.flagged.map(\.row))
    #expect(found.isSuperset(of: data.wrong))
    #expect(found.count <= data.wrong.count + 4)
    #expect(result.flagged[0].reason.contains("within a factor of 1."))
    let clean = try self.result(Prices(rows: 400, seed: 12, wrongEvery: nil).text)
    #expect(clean.flaggedCount <= 2)
  }

  @Test func wordsTellWhatIsExpected() throws {
    // By their sizes alone, half as much again is nothing unusual.
    let data = Prices(rows: 400, seed: 13, factor: 2.2)
    let found = Set(try result(data.text).flagged.map(\.row))
    let hits = Double(found.intersection(data.wrong).count)
    #expect(hits / Double(data.wrong.count) > 0.9)
    #expect(hits / Double(found.count) > 0.75)
    let onlyText =
      "note,target\n"
      + (0..<60).map {
        "a \($0 % 2 == 0 ? "large red" : "small blue") thing,\($0 % 2 == 0 ? 9 : 4).\($0)\n"
      }.joined()
    #expect(try result(onlyText).status == .ok)
  }

  @Test func theScaleIsThatOfTheLargerEvidence() throws {
    func scale(_ data: Friedman) throws -> ParameterValue? {
      try result(data.text).parameters["scale"]
    }
    #expect(try scale(Friedman(rows: 400, noise: .normal, seed: 17)) == .text("linear"))
    // Numbers that are not all above 0 have no logarithms.
    let text = Prices(rows: 200, seed: 18).text + "100,2,no house,0\n"
    #expect(try result(text).parameters["scale"] == .text("linear"))
  }

  @Test func amountsThatAreMostlyZeroAreNotDoubted() throws {
    var generator = SeededGenerator(seed: 14)
    var text = "x,y,target\n"
    for _ in 0..<400 {
      let x = normal(&generator)
      let amount = generator.next(below: 10) < 7 ? 0 : 20 + 5 * normal(&generator)
      text += "\(x),\(normal(&generator)),\(amount)\n"
    }
    #expect(try result(text).flaggedCount <= 4)
  }

  /// Two levels that x tells nearly always; what is predicted of them is off by less than their distance.
  @Test(arguments: [100, 400]) func aLevelThatIsTheNearestIsNotDoubted(count: Int) throws {
    for wrong in [0, 3] {
      var generator = SeededGenerator(seed: 31)
      let lines = (0..<count).map { row in
        let level = Double(generator.next(below: 2))
        let x = 8 * level + normal(&generator)
        return "\(x),\((row < wrong ? 1 - level : level) + 0.5)\n"
      }
      let found = try result("x,target\n" + lines.joined()).flagged.map(\.row)
      let hits = found.count { $0 < wrong }
      // Between the levels models that do not know a row take it for the other one.
      #expect(hits >= wrong - 1 && found.count - hits <= 2)
    }
  }

  /// Products of few numbers, predicted next to exactly: the usual deviations are a mere flaw of models.
  @Test(arguments: [300, 500]) func whatIsPredictedNextToExactlyIsNotDoubted(count: Int) throws {
    for wrong in [0, 8] {
      var generator = SeededGenerator(seed: 32)
      let lines = (0..<count).map { row in
        let quantity = 1 + Double(generator.next(below: 5))
        let price = [9.99, 19.99, 49.5, 100][generator.next(below: 4)]
        return "\(quantity),\(price),\((quantity * price * (row < wrong ? 10 : 1)).shown(2))\n"
      }
      let found = try result("quantity,price,target\n" + lines.joined()).flagged.map(\.row)
      #expect(Set(found).isSuperset(of: 0..<wrong) && found.count <= wrong + 1)
    }
  }

  @Test func aRowIsJudgedByTheDeviationOfItsLike() throws {
    // Where f is small numbers are exact, so that an error of 5 stands out there only.
    let data = Friedman(rows: 600, noise: .uneven, seed: 4)
    let table = try table(data.text)
    let pace = Pace(Checkpoint(report: { _ in }, isCancelled: { false }))
    let features = try #require(
      try LearnableFeatures(
        AnalysisSubject(
          table: table,
          label: try LabelColumn(table: table, options: AnalysisOptions(labelColumn: "target")),
          options: AnalysisOptions()), rows: Array(0..<600), pace: pace
      ).treeFeatures(pace: pace))
    let residuals = try NumberResiduals(
      table.columns[7].numericValues(), features: features, seed: 0,
      Checkpoint(report: { _ in }, isCancelled: { false }))
    #expect(residuals.first.isScaleLearnt)
    let f = table.columns[5].numericValues()
    func mean(_ keep: (Double) -> Bool) -> Double {
      let chosen = f.indices.filter { keep(f[$0]) }
      return chosen.reduce(0) { $0 + residuals.deviations[$1] } / Double(chosen.count)
    }
    #expect(mean { $0 > 0.7 } > 1.5 * mean { $0 < 0.3 })
  }

  /// In another fold a copy would confirm the wrong number.
  @Test func wrongNumbersAreFoundThoughTheyAreCopied() throws {
    var (alone, copied) = (0, 0)
    for seed in 6...9 as ClosedRange<UInt64> {
      let data = Friedman(rows: 400, noise: .normal, wrongEvery: 25, seed: seed)
      let lines = data.text.split(separator: "\n")
      let wrong = data.wrong.filter { $0 < 200 }
      alone += Set(try result(data.text).flagged.map(\.row)).intersection(wrong).count
      let both = (lines + lines[1...200]).joined(separator: "\n")
      let flagged = Set(try result(both).flagged.map(\.row))
      for row in 0..<200 { #expect(flagged.contains(row) == flagged.contains(row + 400)) }
      copied += flagged.intersection(wrong).count
    }
    #expect(alone >= 28)
    #expect(copied >= alone - 3)
  }

  @Test func wrongNumbersAreFoundThoughTheyAreNearlyCopied() throws {
    var (alone, copied) = (0, 0)
    for seed in 6...9 as ClosedRange<UInt64> {
      let data = Friedman(rows: 400, noise: .normal, wrongEvery: 25, seed: seed)
      let lines = data.text.split(separator: "\n").map(String.init)
      let wrong = data.wrong.filter { $0 < 200 }
      alone += Set(try result(data.text).flagged.map(\.row)).intersection(wrong).count
      let copies = lines[1...200].map { line in
        let fields = line.split(separator: ",")
        let numbers = fields.prefix(6).map { "\((Double($0) ?? 0) + 0.0001)" }
        return (numbers + fields.dropFirst(6).map(String.init)).joined(separator: ",")
      }
      let flagged = Set(
        try result((lines + copies).joined(separator: "\n")).flagged.map(\.row))
      copied += flagged.intersection(wrong).count
    }
    #expect(alone >= 28)
    #expect(copied >= alone - 3)
  }

  @Test func copiesAreNoNumbersOfTheirOwn() throws {
    let lines = Friedman(rows: 10, noise: .normal, seed: 7).text.split(separator: "\n")
    let result = try result((lines + lines.dropFirst() + lines.dropFirst()).joined(separator: "\n"))
    #expect(result.status == .skipped)
    #expect(result.reason?.contains("10 numbers in rows that are no copies") == true)
  }

  @Test func theSameNumbersOnAnyScaleAreJudgedAlike() throws {
    let small = Friedman(rows: 200, noise: .normal, wrongEvery: 25, seed: 5)
    let huge = Friedman(rows: 200, noise: .normal, wrongEvery: 25, seed: 5, scale: 0x1p900)
    let first = try result(small.text)
    #expect(try result(small.text) == first)
    #expect(try result(huge.text).flagged.map(\.row) == first.flagged.map(\.row))
  }

  @Test func everyRowHasAScoreAndAPredictionIfAllAreAskedFor() throws {
    var text = Friedman(rows: 100, noise: .normal, seed: 6).text
    text += "0,0,0,0,0,0,k1,\n"
    let details = try #require(
      try result(text, ["scores": .text("all")]).details as? LabelErrorsDetails)
    let scores = try #require(details.rowScores)
    #expect(scores.count == 101 && scores[100] == nil)
    #expect(scores.prefix(100).allSatisfy { $0.map { (0...1).contains($0) } ?? false })
    #expect(Set(scores.prefix(100)).count > 50)
    #expect(details.numbers?.predictions?.count == 101)
    #expect(details.checkedRows == 100)
  }

  @Test(arguments: [
    "x,target\n1,2\n2,3.5\n",
    "x,target\n" + (0..<30).map { "\($0),7.5\n" }.joined(),
    "x,target\n" + (0..<30).map { "5,\($0).5\n" }.joined(),
    "target\n" + (0..<30).map { "\($0).5\n" }.joined(),
    "x,target\n" + (0..<30).map { "\($0),\n" }.joined(),
  ])
  func whatCannotBeJudgedIsSkippedOrQuiet(text: String) throws {
    let result = try result(text)
    #expect(result.status == .skipped ? result.reason?.isEmpty == false : result.status == .ok)
    #expect(result.flagged.isEmpty)
  }

  @Test func theLargestNumbersAreJudged() throws {
    var text = "x,target\n"
    for row in 0..<60 {
      text += "\(Double(row) / 7),\(row == 30 ? -1.7e308 : Double(row) * 2.8e306)\n"
    }
    let result = try result(text, ["scores": .text("all")])
    #expect(result.flagged.map(\.row) == [30])
    let tiny = try self.result(
      "x,target\n" + (0..<40).map { "\(Double($0) / 7),\($0)e-310\n" }.joined())
    #expect(tiny.status == .ok && tiny.flagged.isEmpty)
  }

  @Test func infinitiesAreLeftOutAndTwoValuesAreJudged() throws {
    var text = "x,target\n"
    for row in 0..<60 { text += "\(row % 17),\(row == 7 ? "inf" : row % 2 == 0 ? "1.5" : "2.5")\n" }
    let result = try result(text)
    #expect(result.status == .ok)
    #expect((result.details as? LabelErrorsDetails)?.checkedRows == 59)
  }

  @Test func cancellationEndsTheWork() throws {
    let table = try table(Friedman(rows: 400, noise: .normal, seed: 7).text)
    let options = AnalysisOptions(
      labelColumn: "target", taskType: .regression, detectors: [.labelErrors])
    var asked = 0
    #expect(throws: AnalysisCancelled.self) {
      _ = try Analyzer(options: options).analyze(
        table,
        isCancelled: {
          asked += 1
          return asked > 20
        })
    }
    #expect(asked == 21)
  }

  // MARK: Parts

  @Test func ridgeRegressionFindsWeights() throws {
    var generator = SeededGenerator(seed: 8)
    var features = TreeFeatures(rowCount: 200)
    let first = (0..<200).map { $0 % 9 == 4 ? .nan : normal(&generator) }
    let second = (0..<200).map { _ in 1000 + 50 * normal(&generator) }
    features.append(first)
    features.append(second)
    features.append([Double](repeating: 3, count: 200))
    let targets = (0..<200).map { (first[$0].isNaN ? 0 : first[$0]) + second[$0] / 25 - 40 }
    let folds = (0..<200).map { $0 % 5 }
    let checkpoint = Checkpoint(report: { _ in }, isCancelled: { false })
    let ridge = try #require(
      try RidgeRegression(features, folds: folds, foldCount: 5, checkpoint))
    func loss(_ own: [Double]) -> Double {
      zip(own, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let outcome = try ridge.predict(targets, loss: loss, checkpoint)
    #expect(outcome.penalty == 0.1)
    #expect(zip(outcome.predictions, targets).allSatisfy { abs($0 - $1) < 0.1 })
    let nothing = TreeFeatures(rowCount: 9)
    #expect(try RidgeRegression(nothing, folds: folds, foldCount: 5, checkpoint) == nil)
  }

  @Test func mixtureTellsErrorsFromTails() {
    var generator = SeededGenerator(seed: 9)
    let sound = (0..<1000).map { _ in normal(&generator) }
    let clean = ResidualMixture(sound)
    #expect(clean.errorProbability < 0.2 && clean.wrongShare < 0.002)
    #expect(clean.freedom >= 10)
    #expect(clean.wrongness(of: sound).allSatisfy { $0 < 0.3 })
    let all = sound + (0..<40).map { $0 % 2 == 0 ? 12 : -9 }
    let mixture = ResidualMixture(all)
    #expect(mixture.errorProbability > 0.999)
    #expect(abs(mixture.wrongShare - 40.0 / 1040) < 0.03)
    let wrongness = mixture.wrongness(of: all)
    #expect(wrongness.dropFirst(1000).allSatisfy { $0 > 0.98 })
    #expect(wrongness.prefix(1000).count { $0 >= 0.5 } <= 1)
  }

  @Test(arguments: [1, 2, 3, 5])
  func tailsAreNotErrors(freedom: Int) {
    var generator = SeededGenerator(seed: 15)
    var flagged = 0
    for _ in 0..<4 {
      let residuals = (0..<1000).map { _ in normal(&generator) / chi(freedom, &generator) }
      flagged += ResidualMixture(residuals).wrongness(of: residuals).count { $0 >= 0.5 }
    }
    #expect(flagged <= (freedom == 1 ? 120 : 40))
  }

  @Test func whatIsFartherOffIsNeverLessProbablyWrong() {
    var generator = SeededGenerator(seed: 16)
    var residuals = (0..<300).map { _ in normal(&generator) / chi(2, &generator) }
    residuals += [1e3, -1e6, 1e9, 1e12, -1e12]
    let wrongness = ResidualMixture(residuals).wrongness(of: residuals)
    for side in [false, true] {
      let rows = residuals.indices.filter { (residuals[$0] > 0) == side }
        .sorted { abs(residuals[$0]) < abs(residuals[$1]) }
      #expect(zip(rows, rows.dropFirst()).allSatisfy { wrongness[$0] <= wrongness[$1] })
    }
    #expect(wrongness.suffix(3).allSatisfy { $0 > 0.5 && $0 <= 1 })
  }

  @Test func aCommonNumberIsSetAside() {
    let mostly = (0..<100).map { $0 % 4 == 0 ? Double($0) : 7 }
    #expect(CommonNumber.others(in: mostly) == stride(from: 0, to: 100, by: 4).map { $0 })
    #expect(CommonNumber.others(in: (0..<50).map { Double($0 % 9) }).count == 50)
    #expect(CommonNumber.others(in: [1, 1, 1, 2]).count == 4)
  }

  @Test func textsOfDifferentWordsLieInDifferentDirections() throws {
    var words = SparseRows(width: 6)
    for row in 0..<60 {
      // Two vocabularies of three words each; the first is used twice as often.
      let start = row % 3 < 2 ? 0 : 3
      for word in 0..<3 where word != row % 7 { words.append(column: start + word, value: 0.6) }
      words.endRow()
    }
    let checkpoint = Checkpoint(report: { _ in }, isCancelled: { false })
    let columns = try LatentWords.columns(of: words, seed: 1, checkpoint)
    #expect(columns.count <= 6)
    for row in 0..<60 {
      let isFirst = row % 3 < 2
      #expect((abs(columns[0][row]) > 0.5) == isFirst)
      #expect((abs(columns[1][row]) > 0.5) == !isFirst)
    }
    func dot(_ left: Int, _ right: Int) -> Double {
      (0..<60).reduce(0) { $0 + columns[left][$1] * columns[right][$1] }
    }
    #expect(abs(dot(0, 1)) < 0.01 * (dot(0, 0) * dot(1, 1)).squareRoot())
    #expect(throws: AnalysisCancelled.self) {
      try LatentWords.columns(
        of: words, seed: 1, Checkpoint(report: { _ in }, isCancelled: { true }))
    }
  }

  @Test func skewedResidualsBecomeSymmetric() {
    var generator = SeededGenerator(seed: 10)
    let residuals = (0..<2000).map { _ in exp(0.6 * normal(&generator)) }
    let symmetry = Symmetry(residuals)
    #expect(abs(symmetry.skewness - 0.6) < 0.1)
    let z = residuals.map(symmetry.symmetric).sorted()
    #expect(abs(z[199] + z[1800]) < 0.15)
    #expect(zip(z, z.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(Symmetry((0..<500).map { _ in normal(&generator) }).skewness == 0)
    #expect(Symmetry([1, 1, 1]).symmetric(1) == 0)
  }
}
