extension TreesCandidate {
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
    /// What a round of one model may cost: libxgboost cannot be stopped in it. That is half a second.
    private static let largestRound = 4e8

    /// - Returns: nil if even the least that is worth while costs too much: of thousands of features
    ///   times dozens of classes.
    init?(rowCount: Int, folds: Int, features: Int, classCount: Int) {
      let training = rowCount * (folds - 1) / folds
      let treesOfRound = classCount == 2 ? 1 : classCount
      let trees = Double(folds * treesOfRound)
      let depths = [2, 4, 6]
      let whole = depths.reduce(0) {
        $0 + Self.cost(rows: training, features: features, depth: $1)
      }
      if Self.usualRounds * trees * whole <= Self.smallWork {
        self.init(depths: depths, learningRate: 0.1, rounds: 150, rows: training)
        return
      }
      let depth = rowCount > CandidateSubject.fewRows ? 6 : 4
      var rounds = Int(
        Self.budget / (trees * Self.cost(rows: training, features: features, depth: depth)))
      var rows = training
      if rounds < Self.leastRounds {
        rounds = Self.leastRounds
        rows = max(
          Self.leastRows,
          Int(
            Self.budget / (trees * Double(rounds) * Self.rowCost(features: features, depth: depth)))
        )
      }
      rows = min(training, rows)
      guard
        Double(treesOfRound) * Self.cost(rows: rows, features: features, depth: depth)
          <= Self.largestRound
      else { return nil }
      self.init(
        depths: [depth], learningRate: min(0.3, max(0.1, 10 / Double(rounds))), rounds: rounds,
        rows: rows)
    }

    /// What all folds' models may cost together.
    static let budget = 1.6e9

    /// What a tree costs: for each row, at each node every bin of every histogram, and a price of its own. The
    /// last two are four and a hundred thousand looks, as libxgboost 1.7 was measured from 120 to 33,333 rows.
    static func cost(rows: Int, features: Int, depth: Int) -> Double {
      let nodes = 1 << depth
      return Double(rows) * rowCost(features: features, depth: depth)
        + 4 * Double(nodes * features * BoostingMatrix.bins) + 100_000
    }

    /// What a row costs: at each level it is looked at in every feature and moved to its node, and each tree
    /// needs its gradient and changes its prediction. These are five and forty looks, as measured at 30,000 rows
    /// of 2 to 20 features.
    private static func rowCost(features: Int, depth: Int) -> Double {
      Double((features + 5) * depth + 40)
    }

    private init(depths: [Int], learningRate: Double, rounds: Int, rows: Int) {
      self.depths = depths
      self.learningRate = learningRate
      self.rounds = rounds
      self.rows = rows
    }

    /// Rounds without gain after which growing stops.
    var patience: Int { GradientBoosting.patience(at: learningRate) }
  }
}
