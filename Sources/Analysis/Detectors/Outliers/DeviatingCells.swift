import Foundation

/// Numbers that the rest of their row contradicts, though they may be usual in their column: wrong cells
/// of ordinary rows (Rousseeuw and Van den Bossche, "Detecting Deviating Data Cells", 2018).
///
/// Each column is predicted from the others by ridge regression (Hoerl and Kennard 1970) on straightened
/// scales (``ColumnScale``), made with numbers drawn in so that wrong ones bend little. Where the others tell
/// a column well, what is left is judged like a column itself: a number counts if it is beyond the fences
/// (``RobustFences``) and lies apart from all others (``TailGap``).
struct DeviatingCells {
  struct Cell {
    var column: Int
    /// How far the number is beyond what is usual, 1 at the bound.
    var evidence: Double
    var reason: String
  }

  /// More columns than this are left out: the work grows with their square.
  static let columnLimit = 64
  /// A column is judged if the others explain this share of its variance.
  static let explainedShare = 0.5
  /// Rows that regressions are made from.
  private static let sampleSize = 8_192
  private static let rowsPerColumn = 5
  private static let minimumRows = 50
  /// Numbers that others are predicted from are drawn in to so many units, and further where the
  /// regression is made: in a row that is large throughout each number is as large as the others say.
  private static let reach = 6.0
  private static let fittedReach: Float = 3
  private static let farthest = 1e6
  /// Where numbers of more than this share of the weights are missing, nothing is expected.
  private static let missingShare = 0.1
  /// As a part of each column's variance.
  private static let penalty = 0.02

  /// The worst of each row that has any.
  private(set) var ofRow: [Int: Cell] = [:]

  init(
    _ subject: AnalysisSubject, columns: [Int], threshold: Double, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let table = subject.table
    let rowCount = table.rowCount
    let sample = RowSample.rows(of: rowCount, limit: Self.sampleSize, seed: subject.seed)
    var scaled: [Scaled] = []
    for (step, index) in columns.prefix(Self.columnLimit).enumerated() {
      try checkpoint.reached(0.2 * Double(step) / Double(min(columns.count, Self.columnLimit)))
      if let column = Scaled(table.columns[index], index, sample: sample) { scaled.append(column) }
    }
    guard scaled.count > 1,
      rowCount >= max(Self.minimumRows, Self.rowsPerColumn * scaled.count)
    else { return }
    try checkpoint.reached(0.2)
    let weights = RegressionOnOthers(
      scaled.map { column in
        sample.map { max(-Self.fittedReach, min(Self.fittedReach, column.drawnIn[$0])) }
      })
    let judged = scaled.indices.filter { weights.explained[$0] >= Self.explainedShare }
    for (step, place) in judged.enumerated() {
      try checkpoint.reached(0.2 + 0.8 * Double(step) / Double(judged.count))
      let own = scaled[place]
      var expected = [Double](repeating: weights.constants[place], count: rowCount)
      var missing = [Double](repeating: 0, count: rowCount)
      for (other, weight) in zip(scaled, weights.weights[place]) where weight != 0 {
        for row in other.missing { missing[row] += abs(weight) }
        other.drawnIn.withUnsafeBufferPointer { values in
          expected.withUnsafeMutableBufferPointer { expected in
            for row in 0..<rowCount { expected[row] += weight * Double(values[row]) }
          }
        }
      }
      let allowed = Self.missingShare * weights.weights[place].reduce(0) { $0 + abs($1) }
      // A regression may go on beyond all numbers there are, such as below zero.
      let range = own.drawnIn.reduce((low: Float.infinity, high: -Float.infinity)) {
        (min($0.low, $1), max($0.high, $1))
      }
      for row in expected.indices {
        expected[row] = max(Double(range.low), min(Double(range.high), expected[row]))
      }
      let residuals = own.numbers.indices.map { row in
        own.numbers[row].isNaN || missing[row] > allowed
          ? .nan : own.scale.apply(to: own.numbers[row], bound: Self.farthest) - expected[row]
      }
      let order = NumberOrder.ascending(residuals)
      let sorted = order.map { residuals[Int($0)] }
      guard let fences = RobustFences(sorted, threshold: threshold) else { continue }
      let gap = TailGap(sorted, fences, tails: 2 * judged.count)
      let below = gap.lower.map { bound in sorted.partitioningIndex { $0 >= bound } } ?? 0
      let above = gap.upper.map { bound in sorted.partitioningIndex { $0 > bound } } ?? sorted.count
      for row in (order[..<below] + order[above...]).map({ Int($0) }) {
        let residual = residuals[row]
        guard residual < fences.lower || residual > fences.upper else { continue }
        let evidence = fences.score(residual) / fences.cut
        guard evidence > ofRow[row]?.evidence ?? 0 else { continue }
        let column = table.columns[own.index]
        ofRow[row] = Cell(
          column: own.index, evidence: evidence,
          reason:
            "\(column.name) is \(TextCheck.excerpt(column.bytes(row))), where the row's other "
            + "numbers let expect about \(own.scale.restore(expected[row]).significant).")
      }
    }
  }

  /// A column on its scale.
  private struct Scaled {
    let index: Int
    let scale: ColumnScale
    /// NaN where there is none, or it is infinite.
    let numbers: [Double]
    /// On the scale, drawn in; 0, the median, where there is none.
    let drawnIn: [Float]
    /// The rows without a number.
    let missing: [Int]

    init?(_ column: Column, _ index: Int, sample: [Int]) {
      let numbers = column.numericValues()
      let known = sample.map { numbers[$0] }.filter(\.isFinite).sorted()
      guard known.count * 2 > sample.count,
        let scale = ColumnScale(known, isSymmetric: true)
      else { return nil }
      self.index = index
      self.scale = scale
      self.numbers = numbers.map { $0.isFinite ? $0 : .nan }
      missing = numbers.indices.filter { !numbers[$0].isFinite }
      drawnIn = numbers.map { $0.isFinite ? Float(scale.apply(to: $0, bound: reach)) : 0 }
    }
  }

  /// Each column's regression on all others, from the inverse of their covariance: the weight of k for j
  /// is -p(j, k) / p(j, j), and 1 / p(j, j) is the variance that is left (Whittaker 1990, section 5.8).
  private struct RegressionOnOthers {
    private(set) var weights: [[Double]]
    private(set) var constants: [Double]
    /// The share of each column's variance that the others explain.
    private(set) var explained: [Double]

    init(_ columns: [[Float]]) {
      let size = columns.count
      let count = Double(columns[0].count)
      let means = columns.map { $0.reduce(0.0) { $0 + Double($1) } / count }
      var lower = [Double](repeating: 0, count: size * size)
      for row in 0..<size {
        for column in 0...row {
          var sum = 0.0
          for place in columns[row].indices {
            sum += Double(columns[row][place]) * Double(columns[column][place])
          }
          lower[row * size + column] = sum / count - means[row] * means[column]
        }
      }
      let variances = (0..<size).map { lower[$0 * size + $0] * (1 + penalty) + 1e-9 }
      for row in 0..<size { lower[row * size + row] = variances[row] }
      let inverse = Self.inverse(lower, size: size)
      weights = (0..<size).map { row in
        (0..<size).map { column in
          column == row ? 0 : -inverse[row * size + column] / inverse[row * size + row]
        }
      }
      constants = zip(means, weights).map { mean, weights in
        mean - zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
      }
      explained = (0..<size).map { 1 - 1 / (inverse[$0 * size + $0] * variances[$0]) }
    }

    /// By Cholesky's decomposition of a symmetric positive definite matrix, given as its lower triangle.
    private static func inverse(_ matrix: [Double], size: Int) -> [Double] {
      var factor = matrix
      for row in 0..<size {
        for column in 0...row {
          var value = matrix[row * size + column]
          for index in 0..<column {
            value -= factor[row * size + index] * factor[column * size + index]
          }
          factor[row * size + column] =
            row == column
            ? max(value, 1e-12).squareRoot() : value / factor[column * size + column]
        }
      }
      var inverse = [Double](repeating: 0, count: size * size)
      var solution = [Double](repeating: 0, count: size)
      for unit in 0..<size {
        for row in 0..<size {
          var value = row == unit ? 1.0 : 0
          for index in 0..<row { value -= factor[row * size + index] * solution[index] }
          solution[row] = value / factor[row * size + row]
        }
        for row in (0..<size).reversed() {
          var value = solution[row]
          for index in (row + 1)..<max(row + 1, size) {
            value -= factor[index * size + row] * solution[index]
          }
          solution[row] = value / factor[row * size + row]
        }
        for row in 0..<size { inverse[row * size + unit] = solution[row] }
      }
      return inverse
    }
  }
}
