import Foundation

/// How far each number is from what is expected of it, in units of how far rows of its kind usually
/// are.
///
/// Predictions are out of sample, see ``CrossFittedNumbers``, on the scale of the larger evidence, see
/// ``NumberScale``. Small tables are split into folds in several ways and what comes of them is averaged
/// (Burman 1989), so that a row's judgement hangs less on the fold it happened to be in.
struct NumberResiduals: Sendable {
  /// The scale is chosen on so many rows at most, spread evenly.
  static let comparedRows = 2_000
  /// Into so many partitions a table is split if that takes less than `partitionBudget`.
  static let partitionLimit = 5
  /// Rows times features.
  static let partitionBudget = 100_000

  /// The prediction for each row, in the numbers' own unit.
  let predictions: [Double]
  /// The usual deviation of rows like each, on the scale.
  let deviations: [Double]
  /// Residuals in units of the usual deviation, on the scale.
  let standardised: [Double]
  let scale: NumberScale
  let partitions: Int
  /// The first partition's models.
  let first: CrossFittedNumbers

  /// - Parameters:
  ///   - numbers: finite, not all the same.
  ///   - groups: for each row a number that it shares with those of its fold; nil if any may be anywhere.
  init(
    _ numbers: [Double], features: TreeFeatures, groups: [Int]? = nil, seed: UInt64,
    _ checkpoint: Checkpoint
  ) throws(BoostedRegression.Failure) {
    let count = numbers.count
    let (scale, compared) = try Self.scale(
      of: numbers, features: features, groups: groups, seed: seed,
      checkpoint.part(from: 0, to: 0.3))
    let values = numbers.map(scale.scaled)
    let partitions = max(
      1, min(Self.partitionLimit, Self.partitionBudget / (count * features.columns.count)))
    var fits: [CrossFittedNumbers] = []
    for partition in 0..<partitions {
      let part = checkpoint.part(
        from: 0.3 + 0.7 * Double(partition) / Double(partitions),
        to: 0.3 + 0.7 * Double(partition + 1) / Double(partitions))
      if partition == 0, let compared, compared.predictions.count == count {
        fits.append(compared)
        continue
      }
      // Far seeds, since those next to one are taken for the model of deviations.
      fits.append(
        try CrossFittedNumbers(
          values, features: features, groups: groups, seed: seed &+ UInt64(partition) << 32, part))
    }
    let share = 1 / Double(partitions)
    let expected = (0..<count).map { row in
      fits.reduce(0) { $0 + $1.predictions[row] * share }
    }
    let deviations = (0..<count).map { row in
      exp(fits.reduce(0) { $0 + log($1.deviations[row]) * share })
    }
    (self.scale, self.partitions, first) = (scale, partitions, fits[0])
    self.deviations = deviations
    predictions = expected.map(scale.number)
    standardised = CrossFittedNumbers.standardised(values, expected, deviations)
  }

  /// The scale of the larger evidence, and how it fits; nil where only one is possible.
  private static func scale(
    of numbers: [Double], features: TreeFeatures, groups: [Int]?, seed: UInt64,
    _ checkpoint: Checkpoint
  ) throws(BoostedRegression.Failure) -> (NumberScale, CrossFittedNumbers?) {
    let scales = NumberScale.allCases.filter { $0.suits(numbers) }
    guard scales.count > 1 else { return (.linear, nil) }
    var (numbers, features, groups) = (numbers, features, groups)
    if numbers.count > Self.comparedRows {
      let rows = (0..<Self.comparedRows).map { $0 * numbers.count / Self.comparedRows }
      numbers = rows.map { numbers[$0] }
      features = features.selecting(rows)
      groups = groups.map { all in rows.map { all[$0] } }
      guard numbers.contains(where: { $0 != numbers[0] }) else { return (.linear, nil) }
    }
    var best: (scale: NumberScale, fit: CrossFittedNumbers, evidence: Double)?
    for (step, scale) in scales.enumerated() {
      let values = numbers.map(scale.scaled)
      let fit = try CrossFittedNumbers(
        values, features: features, groups: groups, seed: seed,
        checkpoint.part(
          from: Double(step) / Double(scales.count), to: Double(step + 1) / Double(scales.count)))
      let evidence = scale.evidence(of: values, fit)
      if evidence > best?.evidence ?? -.infinity { best = (scale, fit, evidence) }
    }
    return best.map { ($0.scale, $0.fit) } ?? (.linear, nil)
  }
}
