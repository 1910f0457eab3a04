/// Ridge regression (Hoerl and Kennard 1970) with out-of-fold predictions: sums of products are made
/// once for each fold, so that a penalty costs one small system of equations a fold.
struct RidgeRegression {
  /// More features than this are left to trees.
  static let featureLimit = 200
  static let penalties = [0.1, 1, 10, 100, 1000, 10_000]
  /// Beyond this many standard deviations a feature counts as this far off.
  private static let clip: Float = 10

  private let columns: [[Float]]
  private let folds: [Int]
  private let foldCount: Int

  /// - Parameters:
  ///   - features: missing values become the median, and features are standardised.
  ///   - folds: the fold of each row.
  /// - Returns: nil without features that vary, or with too many.
  init?(
    _ features: TreeFeatures, folds: [Int], foldCount: Int, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    guard features.columns.count <= Self.featureLimit else { return nil }
    var columns: [[Float]] = []
    for column in features.columns {
      try checkpoint.reached(0)
      if let standardised = Self.standardised(column) { columns.append(standardised) }
    }
    guard !columns.isEmpty else { return nil }
    self.columns = columns
    self.folds = folds
    self.foldCount = foldCount
  }

  /// Predictions for each row by a model that has not seen its fold, for the penalty that makes them
  /// best.
  ///
  /// - Parameter loss: of predictions.
  func predict(
    _ targets: [Double], loss: ([Double]) -> Double, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> (predictions: [Double], penalty: Double) {
    let sums = try foldSums(targets, checkpoint)
    var total = sums[0]
    for sum in sums.dropFirst() { for index in total.indices { total[index] += sum[index] } }
    var best: (predictions: [Double], penalty: Double, loss: Double)?
    for penalty in Self.penalties {
      let weights = sums.map { own in
        solve(zip(total, own).map { $0 - $1 }, penalty: penalty)
      }
      try checkpoint.reached(1)
      let predictions = apply(weights)
      let loss = loss(predictions)
      if loss < best?.loss ?? .infinity { best = (predictions, penalty, loss) }
    }
    // A loss that is never below infinity is that of no finite prediction.
    return best.map { ($0.predictions, $0.penalty) }
      ?? ([Double](repeating: 0, count: targets.count), Self.penalties[0])
  }

  /// Features, the constant and the target.
  private var width: Int { columns.count + 2 }

  /// For each fold the sums of products of all pairs, row-major, upper triangle.
  private func foldSums(
    _ targets: [Double], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [[Double]] {
    let width = width
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: width * width), count: foldCount)
    var row = [Double](repeating: 1, count: width)
    for index in targets.indices {
      if index % 4096 == 0 { try checkpoint.reached(Double(index) / Double(targets.count)) }
      for (feature, column) in columns.enumerated() { row[feature] = Double(column[index]) }
      row[width - 1] = targets[index]
      sums[folds[index]].withUnsafeMutableBufferPointer { sum in
        row.withUnsafeBufferPointer { row in
          for left in 0..<width {
            let factor = row[left]
            let start = left * width
            for right in left..<width { sum[start + right] += factor * row[right] }
          }
        }
      }
    }
    return sums
  }

  /// Weights of the features and the constant, by Cholesky decomposition.
  private func solve(_ sums: [Double], penalty: Double) -> [Double] {
    let size = width - 1
    var lower = [Double](repeating: 0, count: size * size)
    var weights = [Double](repeating: 0, count: size)
    for row in 0..<size {
      for column in 0...row {
        var value = sums[column * width + row]
        // The constant is not penalised; a trace keeps the system definite where folds are tiny.
        if row == column { value += row < size - 1 ? penalty : 1e-9 }
        for index in 0..<column {
          value -= lower[row * size + index] * lower[column * size + index]
        }
        lower[row * size + column] =
          row == column
          ? max(value, 1e-12).squareRoot() : value / lower[column * size + column]
      }
      var value = sums[row * width + size]
      for index in 0..<row { value -= lower[row * size + index] * weights[index] }
      weights[row] = value / lower[row * size + row]
    }
    for row in (0..<size).reversed() {
      var value = weights[row]
      for index in row + 1..<max(row + 1, size) {
        value -= lower[index * size + row] * weights[index]
      }
      weights[row] = value / lower[row * size + row]
    }
    return weights
  }

  private func apply(_ weights: [[Double]]) -> [Double] {
    var result = folds.map { weights[$0][columns.count] }
    for (feature, column) in columns.enumerated() {
      for row in folds.indices { result[row] += weights[folds[row]][feature] * Double(column[row]) }
    }
    return result
  }

  /// Mean 0 and variance 1; nil for a constant.
  private static func standardised(_ values: [Float]) -> [Float]? {
    var present = values.filter { !$0.isNaN }
    guard let first = present.first, present.contains(where: { $0 != first }) else { return nil }
    var median: Float = 0
    if present.count < values.count {
      present.sort()
      median = present[present.count / 2]
    }
    let filled = values.map { Double($0.isNaN ? median : $0) }
    let mean = filled.reduce(0, +) / Double(filled.count)
    let variance = filled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(filled.count)
    guard variance > 0, variance.isFinite else { return nil }
    let share = 1 / variance.squareRoot()
    return filled.map { max(-clip, min(clip, Float(($0 - mean) * share))) }
  }
}
