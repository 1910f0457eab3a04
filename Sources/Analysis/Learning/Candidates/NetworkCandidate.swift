/// A small network, cross-fitted, for tables that are too large for a kernel.
struct NetworkCandidate {
  /// How large networks are and how long they are trained, within a budget.
  struct Plan: Sendable, Equatable {
    var hidden: Int
    var steps: Int

    /// Looks at each training row that are enough.
    private static let usualEpochs = 10
    /// Rows that are to be looked at, at least.
    private static let leastRows = 20_000

    /// Nil if the budget is not enough for a network of so many features and classes.
    init?(_ subject: CandidateSubject, features: Int) {
      let folds = subject.partitions[0].count
      let block = LinearScores.block
      let isLarge = subject.rowCount > CandidateSubject.fewRows
      hidden = isLarge ? 64 : 32
      // Additions and multiplications of all folds' training: half a second, and a quarter of one.
      let budget = isLarge ? 9e9 : 2.5e9
      let shape = NetworkShape(
        features: features, hidden: hidden, classCount: subject.classCount)
      let affordable = Int(budget / Double(folds * shape.work(rows: block)))
      guard affordable * block >= Self.leastRows else { return nil }
      let training = subject.rowCount * (folds - 1) / folds
      steps = min(affordable, Self.usualEpochs * training / block)
    }
  }

  /// The share of wrong labels that is reckoned with.
  private static let noise = 0.1
  private static let penalty = 3.0

  let subject: CandidateSubject
  let design: Design
  let plan: Plan
  let pace: Pace

  /// What ``fit(generator:)`` costs.
  var work: Double {
    let shape = NetworkShape(
      features: design.featureCount, hidden: plan.hidden, classCount: subject.classCount)
    let training = plan.steps * shape.work(rows: LinearScores.block)
    return Double(subject.partitions[0].count * training + subject.rowCount * shape.weightCount)
  }

  /// Out-of-sample probabilities of all rows.
  func fit(generator: inout SeededGenerator) throws(AnalysisCancelled) -> [Float] {
    var probabilities = [Float](repeating: 0, count: design.rowCount * subject.classCount)
    let folds = subject.partitions[0]
    for fold in 0..<folds.count {
      let network = try NoisyNetwork(
        design, rows: folds.training(without: fold, limit: .max, generator: &generator),
        labels: subject.labels, classCount: subject.classCount,
        settings: .init(
          hidden: plan.hidden, noise: Self.noise, penalty: Self.penalty, steps: plan.steps),
        generator: &generator, pace: pace)
      try network.predict(
        design, rows: design.rows(of: fold, in: folds), into: &probabilities, pace: pace)
    }
    design.imputations.average(&probabilities, classCount: subject.classCount)
    return probabilities
  }
}
