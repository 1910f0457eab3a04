/// Gradient-boosted trees, cross-fitted, with the depth and number of rounds that predict given labels
/// best.
///
/// All folds' models grow in lockstep, so that each round's loss is that of all rows, and growing
/// stops when it has not got better for a while. Small tables try several depths; large ones have a
/// budget for one.
struct TreesCandidate {
  /// The most test rows whose loss decides, in all folds together.
  private static let watchedRows = 20_000

  let subject: CandidateSubject
  let features: TreeFeatures
  let plan: Plan
  let pace: Pace

  /// - Returns: nil if it would cost too much: see ``Plan``.
  init?(subject: CandidateSubject, features: TreeFeatures, pace: Pace) {
    let plan = Plan(
      rowCount: subject.rowCount, folds: subject.partitions[0].count,
      features: features.columns.count, classCount: subject.classCount)
    guard let plan else { return nil }
    self.subject = subject
    self.features = features
    self.pace = pace
    self.plan = plan
  }

  /// Chooses by the first partition and predicts all rows by all partitions, or as many as twice the
  /// budget is enough for.
  ///
  /// - Returns: also the loss by which it was chosen.
  func fit(
    generator: inout SeededGenerator
  ) throws -> (candidate: Candidate, loss: Double) {
    let first = subject.partitions[0]
    let training = (0..<first.count).map {
      first.training(without: $0, limit: plan.rows, generator: &generator)
    }
    let watched = (0..<first.count).map {
      generator.sample(first.rows(in: $0), limit: Self.watchedRows / first.count)
    }
    var best: (loss: Double, rounds: Int, depth: Int, probabilities: [Float])?
    for depth in plan.depths {
      let forest = try Forest(
        self, first, training: training, watched: watched, depth: depth, seed: 0)
      let chosen = try forest.growWatched()
      // Where deeper trees are no better, yet deeper ones are not either.
      if let best, chosen.loss >= best.loss { break }
      best = (
        chosen.loss, chosen.rounds, depth, try forest.predictions(rounds: chosen.rounds)
      )
    }
    guard var best else { preconditionFailure("a plan has a depth") }
    let cost =
      Plan.cost(rows: plan.rows, features: features.columns.count, depth: best.depth)
      * Double(best.rounds * first.count * (subject.classCount == 2 ? 1 : subject.classCount))
    let partitions = subject.partitions.prefix(
      1 + Int(2 * Plan.budget / cost))
    for (index, folds) in partitions.enumerated().dropFirst() {
      let training = (0..<folds.count).map {
        folds.training(without: $0, limit: plan.rows, generator: &generator)
      }
      let forest = try Forest(
        self, folds, training: training, depth: best.depth, seed: UInt32(index))
      try forest.grow(best.rounds)
      let probabilities = try forest.predictions(rounds: best.rounds)
      for position in best.probabilities.indices {
        best.probabilities[position] += probabilities[position]
      }
    }
    let share = 1 / Float(partitions.count)
    return (
      Candidate(
        name: "trees", settings: "depth \(best.depth), \(best.rounds) rounds",
        probabilities: best.probabilities.map { $0 * share }),
      best.loss
    )
  }

  /// A model for each fold of a partition.
  private struct Forest {
    let owner: TreesCandidate
    let folds: StratifiedFolds
    let models: [GradientBoosting]
    /// For each fold the rows whose loss is watched, with their features; empty if none is.
    let watched: [(rows: [Int], matrices: [BoostingMatrix])]
    /// What a round costs, for progress.
    let work: Int
    /// What may be predicted in one go: some hundredths of a second.
    private static let workAtOnce = 20_000_000

    init(
      _ owner: TreesCandidate, _ folds: StratifiedFolds, training: [[Int]], watched: [[Int]] = [],
      depth: Int, seed: UInt32
    ) throws {
      self.owner = owner
      self.folds = folds
      let labels = owner.subject.labels.map { Float($0) }
      let classCount = owner.subject.classCount
      let settings = GradientBoosting.Settings(
        objective: classCount == 2 ? .binary : .classes(classCount), maxDepth: depth,
        learningRate: owner.plan.learningRate, rowShare: 0.8, columnShare: 0.8, seed: seed)
      self.watched = try watched.map { rows in
        (rows, try BoostingMatrix.copies(of: owner.features, rows: rows, spend: owner.pace.spend))
      }
      var models: [GradientBoosting] = []
      for fold in 0..<folds.count {
        let matrix = try BoostingMatrix(
          binning: owner.features, rows: training[fold], labels: labels, spend: owner.pace.spend)
        models.append(
          try GradientBoosting(
            settings, training: matrix, watched: watched.isEmpty ? [] : self.watched[fold].matrices)
        )
      }
      self.models = models
      work =
        training.reduce(0) { $0 + $1.count } * owner.features.columns.count * depth
        * (classCount == 2 ? 1 : classCount)
    }

    /// Grows until the loss of the watched rows has not got better for a while.
    func growWatched() throws -> (loss: Double, rounds: Int) {
      let classCount = owner.subject.classCount
      var best = (loss: Double.infinity, rounds: 1)
      for round in 1...owner.plan.rounds {
        var logs = LogSum()
        var count = 0
        for (fold, model) in models.enumerated() {
          try owner.pace.spend(work / models.count)
          try model.update()
          let predictions = try watched[fold].matrices.flatMap { try model.predict($0) }
          for (position, row) in watched[fold].rows.enumerated() {
            let label = owner.subject.labels[row]
            let q =
              classCount == 2
              ? (label == 1 ? predictions[position] : 1 - predictions[position])
              : predictions[position * classCount + label]
            logs.add(max(1e-12, Double(q)))
          }
          count += watched[fold].rows.count
        }
        let loss = -logs.value / Double(max(1, count))
        if loss < best.loss {
          best = (loss, round)
        } else if round - best.rounds >= owner.plan.patience {
          break
        }
      }
      return best
    }

    func grow(_ rounds: Int) throws {
      for _ in 0..<rounds {
        for model in models {
          try owner.pace.spend(work / models.count)
          try model.update()
        }
      }
    }

    /// Each row's probabilities by the model that has not seen it.
    func predictions(rounds: Int) throws -> [Float] {
      let classCount = owner.subject.classCount
      let work = 10 * (rounds * classCount + owner.features.columns.count)
      let rowsAtOnce = max(1, Self.workAtOnce / work)
      var result = [Float](repeating: 0, count: owner.subject.rowCount * classCount)
      for (fold, model) in models.enumerated() {
        let rows = folds.rows(in: fold)
        for start in stride(from: 0, to: rows.count, by: rowsAtOnce) {
          let part = Array(rows[start..<min(start + rowsAtOnce, rows.count)])
          try owner.pace.spend(part.count * work)
          let predictions = try model.predict(owner.features, rows: part, rounds: rounds)
          for (position, row) in part.enumerated() {
            if classCount == 2 {
              result[2 * row] = 1 - predictions[position]
              result[2 * row + 1] = predictions[position]
            } else {
              for label in 0..<classCount {
                result[row * classCount + label] = predictions[position * classCount + label]
              }
            }
          }
        }
      }
      return result
    }
  }
}
