/// Gradient-boosted trees, cross-fitted, with the depth and number of rounds that predict given labels
/// best.
///
/// All folds' models grow in lockstep, so that each round's loss is that of all rows, and growing
/// stops when it has not got better for a while. Small tables try several depths; large ones have a
/// budget for one.
struct TreesCandidate {
  /// How trees are grown.
  struct Plan: Sendable, Equatable {
    var depths: [Int]
    var learningRate: Double
    var rounds: Int
    /// The most training rows of a fold.
    var rows: Int

    /// What a table may cost to count as small.
    private static let smallWork = 3e9
    /// Rounds that are usual with a small table.
    private static let usualRounds = 100.0
    private static let leastRounds = 30
    private static let leastRows = 3_000

    init(rowCount: Int, folds: Int, features: Int, classCount: Int) {
      let training = rowCount * (folds - 1) / folds
      let trees = Double(folds * (classCount == 2 ? 1 : classCount))
      let depths = [2, 4, 6]
      let whole = depths.reduce(0) {
        $0 + Self.cost(rows: training, features: features, depth: $1)
      }
      if Self.usualRounds * trees * whole <= Self.smallWork {
        self.init(depths: depths, learningRate: 0.1, rounds: 150, rows: training)
        return
      }
      let depth = rowCount > CandidateSubject.fewRows ? 6 : 4
      let budget = Self.budget(rows: rowCount)
      var rounds = Int(
        budget / (trees * Self.cost(rows: training, features: features, depth: depth)))
      var rows = training
      if rounds < Self.leastRounds {
        rounds = Self.leastRounds
        rows = max(
          Self.leastRows, Int(budget / (trees * Double(features * depth * rounds))))
      }
      self.init(
        depths: [depth], learningRate: min(0.3, max(0.1, 10 / Double(rounds))), rounds: rounds,
        rows: min(training, rows))
    }

    /// What all folds' models may cost together. Large tables have more to learn from and take longer
    /// in all else, too.
    static func budget(rows: Int) -> Double { 1.2e9 * min(2, max(1, Double(rows) / 20_000)) }

    /// What a tree costs: at each level every row is looked at in every feature, at each node every
    /// bin of every histogram, and each tree has a price of its own. The last two are four and a
    /// hundred thousand looks, as libxgboost 1.7 was measured from 120 to 33,333 rows.
    static func cost(rows: Int, features: Int, depth: Int) -> Double {
      let nodes = 1 << depth
      return Double(rows * features * depth)
        + 4 * Double(nodes * features * GradientBoosting.Settings.defaultBins) + 100_000
    }

    private init(depths: [Int], learningRate: Double, rounds: Int, rows: Int) {
      self.depths = depths
      self.learningRate = learningRate
      self.rounds = rounds
      self.rows = rows
    }

    /// Rounds without gain after which growing stops.
    var patience: Int { max(8, Int(1.5 / learningRate)) }
  }

  /// The most test rows whose loss decides, in all folds together.
  private static let watchedRows = 20_000

  let subject: CandidateSubject
  let features: TreeFeatures
  let plan: Plan
  let pace: Pace

  init(subject: CandidateSubject, features: TreeFeatures, pace: Pace) {
    self.subject = subject
    self.features = features
    self.pace = pace
    plan = Plan(
      rowCount: subject.rowCount, folds: subject.partitions[0].count,
      features: features.columns.count, classCount: subject.classCount)
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
    var best: (loss: Double, rounds: Int, depth: Int, probabilities: [Float])?
    for depth in plan.depths {
      let forest = try Forest(self, first, training: training, depth: depth, seed: 0)
      let chosen = try forest.growWatched()
      if let best, chosen.loss >= best.loss { continue }
      best = (
        chosen.loss, chosen.rounds, depth, try forest.predictions(rounds: chosen.rounds)
      )
    }
    guard var best else { preconditionFailure("a plan has a depth") }
    let cost =
      Plan.cost(rows: plan.rows, features: features.columns.count, depth: best.depth)
      * Double(best.rounds * first.count * (subject.classCount == 2 ? 1 : subject.classCount))
    let partitions = subject.partitions.prefix(
      1 + Int(2 * Plan.budget(rows: subject.rowCount) / cost))
    for (index, folds) in partitions.enumerated().dropFirst() {
      let training = (0..<folds.count).map {
        folds.training(without: $0, limit: plan.rows, generator: &generator)
      }
      let forest = try Forest(
        self, folds, training: training, depth: best.depth, seed: UInt32(index), isWatched: false)
      try forest.grow(best.rounds)
      let probabilities = try forest.predictions(rounds: best.rounds)
      for position in best.probabilities.indices {
        best.probabilities[position] += probabilities[position]
      }
    }
    let share = 1 / Float(partitions.count)
    let probabilities = best.probabilities.map { $0 * share }
    return (
      Candidate(
        name: "trees", settings: "depth \(best.depth), \(best.rounds) rounds",
        probabilities: probabilities,
        loss: noisyLogLoss(
          probabilities, labels: subject.labels, classCount: subject.classCount, noise: 0)),
      best.loss
    )
  }

  /// A model for each fold of a partition.
  private struct Forest {
    let owner: TreesCandidate
    let folds: StratifiedFolds
    let models: [GradientBoosting]
    let watched: [BoostingMatrix]
    let watchedRows: [[Int]]
    /// What a round costs, for progress.
    let work: Int

    init(
      _ owner: TreesCandidate, _ folds: StratifiedFolds, training: [[Int]], depth: Int,
      seed: UInt32, isWatched: Bool = true
    ) throws {
      self.owner = owner
      self.folds = folds
      let labels = owner.subject.labels.map { Float($0) }
      let classCount = owner.subject.classCount
      let settings = GradientBoosting.Settings(
        objective: classCount == 2 ? .binary : .classes(classCount), maxDepth: depth,
        learningRate: owner.plan.learningRate, rowShare: 0.8, columnShare: 0.8, seed: seed)
      var models: [GradientBoosting] = []
      var watched: [BoostingMatrix] = []
      var watchedRows: [[Int]] = []
      for fold in 0..<folds.count {
        try owner.pace.spend(training[fold].count * owner.features.columns.count)
        let matrix = try BoostingMatrix(owner.features, rows: training[fold], labels: labels)
        var others: [BoostingMatrix] = []
        if isWatched {
          let rows = Array(
            folds.rows(in: fold).prefix(TreesCandidate.watchedRows / folds.count))
          watchedRows.append(rows)
          if !rows.isEmpty { others = [try BoostingMatrix(owner.features, rows: rows)] }
        }
        watched += others
        models.append(try GradientBoosting(settings, training: matrix, watched: others))
      }
      self.models = models
      self.watched = watched
      self.watchedRows = watchedRows
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
          guard !watchedRows[fold].isEmpty else { continue }
          let predictions = try model.predict(watched[fold])
          for (position, row) in watchedRows[fold].enumerated() {
            let label = owner.subject.labels[row]
            let q =
              classCount == 2
              ? (label == 1 ? predictions[position] : 1 - predictions[position])
              : predictions[position * classCount + label]
            logs.add(max(1e-12, Double(q)))
          }
          count += watchedRows[fold].count
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
      var result = [Float](repeating: 0, count: owner.subject.rowCount * classCount)
      for (fold, model) in models.enumerated() {
        let rows = folds.rows(in: fold)
        for start in stride(from: 0, to: rows.count, by: 8_192) {
          let part = Array(rows[start..<min(start + 8_192, rows.count)])
          try owner.pace.spend(part.count * rounds * classCount * 10)
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
