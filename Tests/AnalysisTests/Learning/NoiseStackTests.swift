import Foundation
import Testing

@testable import Analysis

@Suite struct NoiseStackTests {
  private let pace = Pace(Checkpoint(report: { _ in }, isCancelled: { false }))

  /// Rows whose true class a model knows well, another hardly, with labels that follow a matrix.
  private func stack(
    _ classCount: Int, rows: Int = 3_000, sharp: Double = 6, matrix: (Int, Int) -> Double
  ) throws -> (stack: NoiseStack, posterior: LabelPosterior, wrong: [Bool]) {
    var generator = SeededGenerator(seed: 21)
    var labels: [Int] = []
    var wrong: [Bool] = []
    var good: [Float] = []
    var bad: [Float] = []
    for row in 0..<rows {
      let truth = row % classCount
      var draw = Double(generator.next(below: 1_000_000)) / 1e6
      var given = classCount - 1
      for candidate in 0..<classCount {
        draw -= matrix(truth, candidate)
        if draw < 0 {
          given = candidate
          break
        }
      }
      labels.append(given)
      wrong.append(given != truth)
      let scores = (0..<classCount).map { exp(($0 == truth ? sharp : 0) + normal(&generator)) }
      good += scores.map { Float($0 / scores.reduce(0, +)) }
      let noise = (0..<classCount).map { _ in exp(normal(&generator)) }
      bad += noise.map { Float($0 / noise.reduce(0, +)) }
    }
    let objective = StackObjective(
      candidates: [good, bad], labels: labels, classCount: classCount)
    let stack = try NoiseStack(objective, pace: pace)
    let posterior = try LabelPosterior(
      stack, candidates: [good, bad], labels: labels, classCount: classCount, pace: pace)
    return (stack, posterior, wrong)
  }

  @Test(arguments: [2, 4], [0.0, 0.1, 0.2])
  func oneRateForAllIsFound(classCount: Int, rate: Double) throws {
    let (stack, posterior, wrong) = try stack(classCount) { truth, given in
      truth == given ? 1 - rate : rate / Double(classCount - 1)
    }
    let noise = posterior.wrongness.reduce(0, +) / Double(wrong.count)
    let actual = Double(wrong.count { $0 }) / Double(wrong.count)
    #expect(abs(noise - actual) < 0.01)
    #expect(abs(stack.models.reduce(0) { $0 + $1.share } - 1) < 0.01)
    // The useless model gets the lesser weight.
    for model in stack.models { #expect(model.parameters[1] < 0.6 * model.parameters[0]) }
    let flagged = ExpectedF1Cut.flagged(posterior.wrongness)
    if rate == 0 {
      #expect(flagged.isEmpty)
    } else {
      #expect(Double(flagged.count { wrong[$0] }) > 0.97 * Double(flagged.count))
      #expect(Double(flagged.count) > 0.95 * actual * Double(wrong.count))
    }
  }

  @Test func errorsOfOneClassAreToldFromErrorsOfAll() throws {
    let (stack, posterior, wrong) = try stack(3) { truth, given in
      truth != 0 ? (truth == given ? 1 : 0) : [0.75, 0.25, 0][given]
    }
    #expect(wrong.contains(true))
    let best = try #require(stack.models.max { $0.share < $1.share })
    #expect(best.share > 0.9)
    #expect(abs(best.noise[0, 1] - 0.25) < 0.04)
    #expect(best.noise[0, 2] < 0.02 && best.noise[1, 0] < 0.02)
    #expect(abs(posterior.wrongness.reduce(0, +) - Double(wrong.count { $0 })) < 25)
  }

  @Test func errorsOfOnePairOfManyClassesAreFoundInFewRows() throws {
    let (stack, posterior, wrong) = try stack(6, rows: 240, sharp: 5) { truth, given in
      truth != 2 ? (truth == given ? 1 : 0) : [0, 0, 0.7, 0, 0.3, 0][given]
    }
    let best = try #require(stack.models.max { $0.share < $1.share })
    #expect(abs(best.noise[2, 4] - 0.3) < 0.1)
    #expect(best.noise[4, 2] < 0.02 && best.noise[2, 1] < 0.02)
    let flagged = ExpectedF1Cut.flagged(posterior.wrongness, allRight: posterior.allRight)
    #expect(Double(flagged.count { wrong[$0] }) > 0.9 * Double(flagged.count))
    #expect(Double(flagged.count { wrong[$0] }) > 0.9 * Double(wrong.count { $0 }))
  }

  @Test func aClassOfAFewRowsDoesNotHideErrorsOfOthers() throws {
    var generator = SeededGenerator(seed: 3)
    var labels: [Int] = []
    var candidate: [Float] = []
    var wrong = 0
    for row in 0..<1_000 {
      let truth = row < 6 ? 2 : row % 2
      let isWrong = truth < 2 && generator.next(below: 16) == 0
      labels.append(isWrong ? 1 - truth : truth)
      if isWrong { wrong += 1 }
      let scores = (0..<3).map { exp(($0 == truth ? 2 : 0) + normal(&generator)) }
      candidate += scores.map { Float($0 / scores.reduce(0, +)) }
    }
    let objective = StackObjective(candidates: [candidate], labels: labels, classCount: 3)
    let stack = try NoiseStack(objective, pace: pace)
    let posterior = try LabelPosterior(
      stack, candidates: [candidate], labels: labels, classCount: 3, pace: pace)
    let found = posterior.wrongness.reduce(0, +)
    #expect(found > 0.5 * Double(wrong) && found < 1.5 * Double(wrong))
    #expect(abs(stack.models.reduce(0) { $0 + $1.share } - 1) < 0.01)
  }

  @Test func thePairThatStandsOutHasTheMostErrors() throws {
    // Of 12 rows of class 0 three are called 2; three other labels are wrong.
    let joint: [Double] = [8, 1, 3, 0, 16, 0, 1, 1, 14]
    let form = try #require(NoiseForm.pair(joint: joint, classCount: 3))
    #expect(form == .pair(truth: 0, given: 2))
    let noise = form.matrix(joint: joint, classCount: 3)
    #expect(abs(noise[0, 2] - 3 / (12 + 1.0 / 3)) < 1e-6)
    // The other five cells share 3 errors in 12 + 2 * 16 + 2 * 16 chances.
    for (truth, given) in [(0, 1), (1, 0), (1, 2), (2, 0), (2, 1)] {
      #expect(abs(noise[truth, given] - 3.0 / 76) < 1e-6)
    }
    for truth in 0..<3 {
      #expect(abs((0..<3).reduce(0) { $0 + noise[truth, $1] } - 1) < 1e-6)
    }
    #expect(NoiseForm.pair(joint: [8, 2, 1, 9], classCount: 2) == nil)
  }

  @Test func aRareClassThatNothingTellsApartIsNoNoise() throws {
    var generator = SeededGenerator(seed: 8)
    let labels = (0..<600).map { _ in generator.next(below: 7) == 0 ? 1 : 0 }
    let candidate = labels.flatMap { _ -> [Float] in
      let q = 0.14 + 0.01 * Float(normal(&generator))
      return [1 - q, q]
    }
    let objective = StackObjective(candidates: [candidate], labels: labels, classCount: 2)
    #expect(try !NoiseStack(objective, pace: pace).isInformative)
    // With the truth half known, it is.
    let better = labels.flatMap { label -> [Float] in
      let q: Float = label == 1 ? 0.3 : 0.1
      return [1 - q, q]
    }
    let known = StackObjective(candidates: [better], labels: labels, classCount: 2)
    #expect(try NoiseStack(known, pace: pace).isInformative)
  }

  @Test func thatAllIsRightIsAskedOfEachModelOfTheNoise() throws {
    let (stack, posterior, _) = try stack(2, rows: 60, sharp: 2) { $0 == $1 ? 1 : 0 }
    let withoutNoise = stack.models.filter { $0.noise.kept(0) == 1 }.reduce(0) { $0 + $1.share }
    #expect(withoutNoise > 0.02)
    #expect(posterior.allRight >= withoutNoise && posterior.allRight <= 1)
    let product = posterior.wrongness.reduce(1) { $0 * (1 - $1) }
    #expect(posterior.allRight > product)
  }

  @Test func gradientsAgreeWithDifferences() {
    var generator = SeededGenerator(seed: 2)
    let candidates = (0..<2).map { _ in
      (0..<200).flatMap { _ -> [Float] in
        let scores = (0..<3).map { _ in exp(normal(&generator)) }
        return scores.map { Float($0 / scores.reduce(0, +)) }
      }
    }
    let objective = StackObjective(
      candidates: candidates, labels: (0..<200).map { $0 % 3 }, classCount: 3)
    let noise = NoiseMatrix(classCount: 3, noise: 0.1)
    let x = [0.7, 0.2, 0.1, -0.3, 0.2]
    var gradient = [Double](repeating: 0, count: 5)
    var unused = gradient
    _ = objective.evaluate(x, &gradient, noise: noise)
    for index in x.indices {
      var (below, above) = (x, x)
      below[index] -= 1e-2
      above[index] += 1e-2
      let difference =
        objective.evaluate(above, &unused, noise: noise)
        - objective.evaluate(below, &unused, noise: noise)
      #expect(abs(difference / 2e-2 - gradient[index]) < 0.02 * max(1, abs(gradient[index])))
    }
  }

  @Test func theCutMakesTheExpectedF1Largest() {
    // Of one sure error and one even chance, flagging both has 2 * 1.5 / (2 + 1.5 + 0.03).
    let wrongness = [0.01, 1, 0.5, 0.01, 0.01]
    #expect(ExpectedF1Cut.flagged(wrongness) == [1, 2])
    #expect(ExpectedF1Cut.flagged([0.02, 0.01, 0.01]).isEmpty)
    // Nothing tells these apart.
    #expect(ExpectedF1Cut.flagged([Double](repeating: 0.4, count: 100)).isEmpty)
    // Of equals the lower rows come first.
    #expect(ExpectedF1Cut.flagged([0, 0.9, 0, 0.9, 0, 0, 0.9]) == [1, 3, 6])
    #expect(ExpectedF1Cut.flagged([]).isEmpty)
    // Rows that are wrong together or not at all.
    #expect(ExpectedF1Cut.flagged(wrongness, allRight: 0.9).isEmpty)
    #expect(ExpectedF1Cut.flagged(wrongness, allRight: 0.5) == [1, 2])
  }
}
