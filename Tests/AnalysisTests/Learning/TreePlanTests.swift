import Testing

@testable import Analysis

@Suite struct TreePlanTests {
  private typealias Plan = TreesCandidate.Plan

  private func cost(_ plan: Plan, folds: Int, features: Int, classCount: Int) -> Double {
    plan.depths.reduce(0) {
      $0 + Plan.cost(rows: plan.rows, features: features, depth: $1)
    } * Double(plan.rounds * folds * (classCount == 2 ? 1 : classCount))
  }

  @Test func smallTablesTryThreeDepths() throws {
    for (rows, features, classCount) in [(150, 4, 3), (5_000, 20, 2), (344, 8, 3)] {
      let plan = try #require(
        Plan(rowCount: rows, folds: 5, features: features, classCount: classCount))
      #expect(plan.depths == [2, 4, 6] && plan.rows == rows * 4 / 5)
      #expect(plan.patience == 15)
    }
  }

  @Test(arguments: [(2_000, 10, 20), (150, 500, 3), (1_797, 64, 10), (20_000, 50, 4)])
  func othersKeepToTheBudget(rows: Int, features: Int, classCount: Int) throws {
    let plan = try #require(
      Plan(rowCount: rows, folds: 5, features: features, classCount: classCount))
    #expect(plan.depths == [4] && plan.rounds >= 30)
    let least = Double(30 * 5 * classCount) * Plan.cost(rows: 0, features: features, depth: 4)
    #expect(
      cost(plan, folds: 5, features: features, classCount: classCount)
        <= Plan.budget + least)
  }

  @Test(arguments: [100_000, 1_000_000])
  func aLargeTableIsLearntFromInPart(rows: Int) throws {
    let plan = try #require(Plan(rowCount: rows, folds: 2, features: 20, classCount: 5))
    #expect(plan.depths == [6] && plan.rounds == 30 && plan.rows == 28_070)
  }

  @Test func rowsOfFewFeaturesCostMoreThanTheirFeatures() throws {
    let plan = try #require(Plan(rowCount: 60_000, folds: 2, features: 2, classCount: 5))
    #expect(plan.depths == [6] && plan.rounds == 61 && plan.rows == 30_000)
  }

  @Test func noRoundTakesLong() {
    #expect(Plan(rowCount: 10_000, folds: 5, features: 784, classCount: 10) != nil)
    #expect(Plan(rowCount: 25_000, folds: 2, features: 2_000, classCount: 2) != nil)
    #expect(Plan(rowCount: 3_000, folds: 5, features: 2_000, classCount: 100) == nil)
  }
}

@Suite struct TreesCandidateTests {
  /// The first rows of a sorted table are all of one class.
  @Test func theLossThatDecidesIsThatOfRowsFromAllOverTheTable() throws {
    var generator = SeededGenerator(seed: 6)
    let labels = (0..<25_000).map { $0 < 22_500 ? 0 : 1 }
    var features = TreeFeatures(rowCount: labels.count)
    features.append(labels.map { _ in normal(&generator) })
    let subject = CandidateSubject(
      labels: labels, classCount: 2, width: 1, hasText: false, generator: &generator)
    let pace = Pace(Checkpoint(report: { _ in }, isCancelled: { false }))
    let candidate = try #require(
      TreesCandidate(subject: subject, features: features, pace: pace))
    let fitted = try candidate.fit(generator: &generator)
    let loss = noisyLogLoss(
      fitted.candidate.probabilities, labels: labels, classCount: 2, noise: 0)
    #expect(abs(fitted.loss - loss) < 0.02)
  }
}
