/// Out-of-fold predictions of numbers by boosted trees: the boosters of all folds grow in turns, and
/// stop where their common loss is least.
struct BoostedRegression {
  /// How the trees of a table are grown, so that their cost is bounded.
  struct Plan: Sendable, Equatable {
    var depths: [Int]
    var learningRate: Double
    var rounds: Int
    /// Training rows of a booster.
    var rowLimit: Int

    /// Rows times features times levels times rounds times folds.
    private static let budget = 1.0e9

    /// - Parameters:
    ///   - depths: those tried where there is time for all, else the last.
    ///   - learningRate: where there is time for as many rounds as it needs, ten over it.
    init(rows: Int, features: Int, foldCount: Int, depths: [Int], learningRate: Double) {
      let training = rows * (foldCount - 1) / foldCount
      let round = Double(foldCount * max(1, training) * max(1, features))
      let levels = Double(depths.reduce(0, +))
      let rounds = Int(10 / learningRate)
      if round * levels * Double(rounds) <= Self.budget {
        (self.depths, self.learningRate, self.rounds, rowLimit) =
          (depths, learningRate, rounds, training)
        return
      }
      let depth = depths[depths.count - 1]
      self.depths = [depth]
      self.rounds = max(30, min(rounds, Int(Self.budget / round / Double(depth))))
      let affordable = Self.budget / Double(foldCount * max(1, features) * depth * self.rounds)
      rowLimit = min(training, max(3_000, Int(affordable)))
      self.learningRate = min(0.3, 10 / Double(self.rounds))
    }
  }

  /// The best predictions and how they were made.
  struct Outcome {
    var predictions: [Double]
    var depth: Int
    var rounds: Int
    var loss: Double
  }

  let features: TreeFeatures
  let folds: [Int]
  let foldCount: Int
  let plan: Plan
  let seed: UInt64

  /// Why there are no predictions.
  enum Failure: Error {
    case cancelled
    case boosting(BoostingError)
  }

  /// Predictions for each row by boosters that have not seen its fold.
  ///
  /// - Parameters:
  ///   - targets: on a scale near 1.
  ///   - loss: of predictions, to be least over depths and rounds.
  func predict(
    _ targets: [Double], loss: ([Double]) -> Double, _ checkpoint: Checkpoint
  ) throws(Failure) -> Outcome {
    var best: Outcome?
    for (step, depth) in plan.depths.enumerated() {
      let outcome = try grow(
        targets, depth: depth, loss: loss,
        checkpoint.part(
          from: Double(step) / Double(plan.depths.count),
          to: Double(step + 1) / Double(plan.depths.count)))
      if outcome.loss < best?.loss ?? .infinity { best = outcome }
    }
    return best
      ?? Outcome(
        predictions: [Double](repeating: 0, count: targets.count), depth: 0, rounds: 0,
        loss: .infinity)
  }

  private static func attempt<Result>(
    _ body: () throws -> Result
  ) throws(Failure) -> Result {
    do {
      return try body()
    } catch let error as BoostingError {
      throw .boosting(error)
    } catch {
      throw .cancelled
    }
  }

  private struct Fold {
    var booster: GradientBoosting
    var watched: [BoostingMatrix]
    var rows: [Int]
  }

  private func grow(
    _ targets: [Double], depth: Int, loss: ([Double]) -> Double, _ checkpoint: Checkpoint
  ) throws(Failure) -> Outcome {
    let labels = targets.map { Float($0) }
    var settings = GradientBoosting.Settings(objective: .squaredError)
    settings.maxDepth = depth
    settings.learningRate = plan.learningRate
    settings.minChildWeight = 5
    settings.rowShare = 0.8
    settings.columnShare = 0.8
    var generator = SeededGenerator(seed: seed)
    settings.seed = UInt32(truncatingIfNeeded: generator.next())
    var grown: [Fold] = []
    for fold in 0..<foldCount {
      try checkpoint.passed(0)
      var training = folds.indices.filter { folds[$0] != fold }
      let rows = folds.indices.filter { folds[$0] == fold }
      guard !rows.isEmpty, !training.isEmpty else { continue }
      if training.count > plan.rowLimit {
        generator.shuffle(&training)
        training = training.prefix(plan.rowLimit).sorted()
      }
      let matrix = try Self.attempt {
        try BoostingMatrix(binning: features, rows: training, labels: labels) { _ in
          try checkpoint.reached(0)
        }
      }
      let watched = try Self.attempt {
        try BoostingMatrix.copies(of: features, rows: rows) { _ in try checkpoint.reached(0) }
      }
      let booster = try Self.attempt {
        try GradientBoosting(settings, training: matrix, watched: watched)
      }
      grown.append(Fold(booster: booster, watched: watched, rows: rows))
    }

    var predictions = [Double](repeating: 0, count: targets.count)
    var best = Outcome(predictions: predictions, depth: depth, rounds: 0, loss: loss(predictions))
    let patience = GradientBoosting.patience(at: plan.learningRate)
    for round in 1...plan.rounds {
      for fold in grown {
        try checkpoint.passed(Double(round - 1) / Double(plan.rounds))
        let own = try Self.attempt {
          try fold.booster.update()
          return try fold.watched.flatMap { try fold.booster.predict($0) }
        }
        for (row, value) in zip(fold.rows, own) { predictions[row] = Double(value) }
      }
      let value = loss(predictions)
      if value < best.loss {
        best = Outcome(predictions: predictions, depth: depth, rounds: round, loss: value)
      } else if round - best.rounds >= patience {
        break
      }
    }
    return best
  }
}

extension Checkpoint {
  /// Does as ``reached(_:)``, for work that can fail otherwise, too.
  func passed(_ share: Double) throws(BoostedRegression.Failure) {
    do throws(AnalysisCancelled) { try reached(share) } catch { throw .cancelled }
  }
}
