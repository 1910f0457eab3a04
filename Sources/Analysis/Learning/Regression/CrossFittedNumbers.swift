import Foundation

/// Out-of-sample predictions of numbers by one partition into folds, and how far rows of a kind
/// usually are from theirs.
///
/// Predictions are those of boosted trees and ridge regression, mixed as the out-of-fold loss says. The
/// loss is Huber's (1964), and models are trained a second time on numbers that are drawn in to within
/// a few deviations of the first predictions (pseudo-values: Huber 1981, §7.8), so that wrong numbers
/// bend neither. A row's usual deviation is learnt from the logarithms of all residuals but its own
/// fold's (normalised residuals: Lei et al. 2018, §5.2) if that is better than one deviation for all.
struct CrossFittedNumbers: Sendable {
  static let foldCount = 5
  /// Larger tables are learnt in two folds, of which each gives a model the most rows for its cost.
  static let twoFoldsFrom = 20_001
  /// Numbers count as at most so many robust deviations from the median in the first round.
  private static let reach = 6.0
  /// And as at most so many deviations from their first prediction in the second.
  private static let drawn = 2.5
  private static let huber = 1.345
  /// Beyond this many deviations numbers count as this far off.
  private static let farthest = 1e12
  /// A model of deviations must better the loss by this share.
  private static let worthwhile = 0.005

  /// The prediction for each row, on the numbers' own scale.
  private(set) var predictions: [Double] = []
  /// The usual deviation of rows like each.
  private(set) var deviations: [Double] = []
  /// The share of the trees in the predictions.
  private(set) var treeShare = 0.0
  private(set) var depth = 0
  private(set) var rounds = 0
  private(set) var penalty: Double?
  /// Whether usual deviations differ by row.
  private(set) var isScaleLearnt = false
  let folds: Int

  /// - Parameters:
  ///   - numbers: finite, not all the same.
  ///   - groups: for each row a number that it shares with those of its fold; nil if any may be anywhere.
  init(
    _ numbers: [Double], features: TreeFeatures, groups: [Int]?, seed: UInt64,
    _ checkpoint: Checkpoint
  ) throws(BoostedRegression.Failure) {
    let count = numbers.count
    folds = count < Self.twoFoldsFrom ? Self.foldCount : 2
    let (median, unit) = Self.robustScale(numbers)
    let values = numbers.map { max(-1e6, min(1e6, ($0 - median) / unit)) }
    var generator = SeededGenerator(seed: seed)
    let foldOfRow = StratifiedFolds(
      classes: [Int](repeating: 0, count: count), classCount: 1, count: folds, groups: groups,
      generator: &generator
    ).foldOfRow
    try checkpoint.passed(0)
    let ridge: RidgeRegression?
    do throws(AnalysisCancelled) {
      ridge = try RidgeRegression(features, folds: foldOfRow, foldCount: folds, checkpoint)
    } catch {
      throw .cancelled
    }
    let telling = CommonNumber.others(in: numbers)

    var targets = values.map { max(-Self.reach, min(Self.reach, $0)) }
    var scale = max(1e-9, Self.medianSize(telling.map { targets[$0] }) / 0.6745)
    var fitted: [Double] = []
    for pass in 0..<2 {
      let part = checkpoint.part(from: 0.4 * Double(pass), to: 0.4 * Double(pass + 1))
      let cut = Self.huber * scale
      func loss(_ predictions: [Double]) -> Double {
        var sum = 0.0
        for row in values.indices {
          let size = abs(values[row] - predictions[row])
          sum += size <= cut ? size * size / 2 : cut * (size - cut / 2)
        }
        return sum / Double(count)
      }
      let trees = try BoostedRegression(
        features: features, folds: foldOfRow, foldCount: folds,
        plan: .init(
          rows: count, features: features.columns.count, foldCount: folds,
          depths: pass == 0 ? [4] : [2, 4], learningRate: pass == 0 ? 0.3 : 0.12),
        seed: seed
      ).predict(targets, loss: loss, part)
      (depth, rounds) = (trees.depth, trees.rounds)
      fitted = trees.predictions
      treeShare = 1
      do throws(AnalysisCancelled) {
        if let ridge {
          let linear = try ridge.predict(targets, loss: loss, part.part(from: 1, to: 1))
          penalty = linear.penalty
          var best = loss(fitted)
          for step in 0..<10 {
            try part.reached(1)
            let share = Double(step) / 10
            let mixed = zip(trees.predictions, linear.predictions)
              .map { share * $0 + (1 - share) * $1 }
            let value = loss(mixed)
            if value < best { (best, fitted, treeShare) = (value, mixed, share) }
          }
        }
      } catch {
        throw .cancelled
      }
      try part.passed(1)
      let residuals = zip(values, fitted).map { $0 - $1 }
      scale = max(1e-9, Self.medianSize(telling.map { residuals[$0] }) / 0.6745)
      targets = zip(fitted, residuals).map {
        $0 + max(-Self.drawn * scale, min(Self.drawn * scale, $1))
      }
    }

    let residuals = zip(values, fitted).map { $0 - $1 }
    let relative = try learnScale(
      residuals, scale: scale, features: features, fitted: fitted, folds: foldOfRow, seed: seed,
      checkpoint.part(from: 0.8, to: 1))
    try checkpoint.passed(1)
    predictions = fitted.map { median + unit * $0 }
    deviations = relative.map { max(.leastNormalMagnitude, unit * scale * $0) }
  }

  /// How many usual deviations each value is above its prediction.
  func standardised(_ values: [Double]) -> [Double] {
    Self.standardised(values, predictions, deviations)
  }

  static func standardised(
    _ values: [Double], _ predictions: [Double], _ deviations: [Double]
  ) -> [Double] {
    // Halves, as the largest doubles may lie on both sides.
    values.indices.map { row in
      let times = (values[row] / 2 - predictions[row] / 2) / (deviations[row] / 2)
      return max(-farthest, min(farthest, times))
    }
  }

  /// The usual deviation of each row relative to that of all.
  private mutating func learnScale(
    _ residuals: [Double], scale: Double, features: TreeFeatures, fitted: [Double], folds: [Int],
    seed: UInt64, _ checkpoint: Checkpoint
  ) throws(BoostedRegression.Failure) -> [Double] {
    // Neither a residual that happens to be next to 0 nor a wrong number says much of the scale.
    let logs = residuals.map { log(max(0.05 * scale, min(3 * scale, abs($0)))) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let targets = logs.map { $0 - mean }
    func loss(_ predictions: [Double]) -> Double {
      var sum = 0.0
      for row in targets.indices {
        let difference = targets[row] - predictions[row]
        sum += difference * difference
      }
      return sum
    }
    var features = features
    features.append(fitted)
    let learnt = try BoostedRegression(
      features: features, folds: folds, foldCount: self.folds,
      plan: .init(
        rows: residuals.count, features: features.columns.count, foldCount: self.folds,
        depths: [2], learningRate: 0.25),
      seed: seed &+ 1
    ).predict(targets, loss: loss, checkpoint)
    let constant = loss([Double](repeating: 0, count: targets.count))
    isScaleLearnt = learnt.loss < constant * (1 - Self.worthwhile)
    return isScaleLearnt
      ? learnt.predictions.map { exp(max(-3, min(3, $0))) }
      : [Double](repeating: 1, count: residuals.count)
  }

  /// The median, and the interquartile range as a standard deviation; where more than half of the
  /// numbers are the same, the mean distance from it.
  private static func robustScale(_ numbers: [Double]) -> (median: Double, unit: Double) {
    let sorted = numbers.sorted()
    let median = sorted[sorted.count / 2]
    let range = sorted[sorted.count * 3 / 4] / 1.349 - sorted[sorted.count / 4] / 1.349
    if range > 0, range.isFinite { return (median, range) }
    let mean = numbers.reduce(0) {
      $0 + abs($1 / Double(numbers.count) - median / Double(numbers.count))
    }
    return (median, mean > 0 && mean.isFinite ? mean : 1)
  }

  private static func medianSize(_ values: [Double]) -> Double {
    values.map(abs).sorted()[values.count / 2]
  }
}
