import Foundation
import Testing

@testable import Analysis

/// Numbers that follow from the other values (Friedman 1991) but for noise, some of them wrong.
private struct Friedman {
  var text = "a,b,c,d,e,f,kind,target\n"
  var wrong: Set<Int> = []

  enum Noise {
    case normal, heavy, skewed, uneven
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
      case .heavy:
        // Student's t with three degrees of freedom.
        let squares = (0..<3).reduce(0.0) { sum, _ in
          let z = normal(&generator)
          return sum + z * z
        }
        value += error / (squares / 3).squareRoot()
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
    #expect(hits / Double(data.wrong.count) > 0.75)
    #expect(hits / Double(found.count) > 0.75)
    let numbers = try #require((result.details as? LabelErrorsDetails)?.numbers)
    #expect(abs(numbers.wrongShare - 0.05) < 0.05)
    #expect(numbers.explained > 0.5)
    #expect(result.flagged[0].reason.contains("is expected"))
  }

  @Test(arguments: [Friedman.Noise.normal, .heavy, .skewed, .uneven])
  private func noiseIsNoError(noise: Friedman.Noise) throws {
    let data = Friedman(rows: 400, noise: noise, seed: 3)
    let result = try result(data.text)
    #expect(result.status == .ok)
    #expect(result.flaggedCount <= 4)
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
    #expect(residuals.isScaleLearnt)
    let f = table.columns[5].numericValues()
    func mean(_ keep: (Double) -> Bool) -> Double {
      let chosen = f.indices.filter { keep(f[$0]) }
      return chosen.reduce(0) { $0 + residuals.deviations[$1] } / Double(chosen.count)
    }
    #expect(mean { $0 > 0.7 } > 1.5 * mean { $0 < 0.3 })
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
    #expect(clean.wrongShare == 0)
    #expect(clean.freedom >= 10)
    #expect(abs(clean.scales.lower - 1) < 0.1 && abs(clean.scales.upper - 1) < 0.1)
    let mixture = ResidualMixture(sound + (0..<40).map { $0 % 2 == 0 ? 12 : -9 })
    #expect(abs(mixture.wrongShare - 40.0 / 1040) < 0.03)
    #expect(mixture.wrongness(0, share: mixture.wrongShare) < 0.02)
    #expect(mixture.wrongness(9, share: mixture.wrongShare) > 0.98)
    #expect(mixture.gain > 20)
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
