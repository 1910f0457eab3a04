/// What the joint says about one class.
struct ClassNoise: Sendable, Equatable {
  /// Rows labelled with the class that are of another.
  var labelIssues: Int
  /// Rows of the class that are labelled with another.
  var inverseLabelIssues: Int
  /// The first as a share of the rows labelled with the class.
  var labelNoise: Double
  /// The second as a share of the rows of the class.
  var inverseLabelNoise: Double

  /// The share of the rows labelled with the class that are of it.
  var labelQuality: Double { 1 - labelNoise }
}

extension ConfidentLearning {
  /// Larger noise rates are taken for this one before a matrix is scaled to probabilities.
  private static let largestRate = 0.9999

  /// The noise of each class (Northcutt et al. 2021, §3.1, as cleanlab reports it).
  var classNoise: [ClassNoise] {
    let trueTotals = self.trueTotals
    return joint.indices.map { label in
      let right = joint[label][label]
      let givenTotal = joint[label].reduce(0, +)
      let (wrong, missed) = (givenTotal - right, trueTotals[label] - right)
      return ClassNoise(
        labelIssues: wrong, inverseLabelIssues: missed,
        labelNoise: Double(wrong) / Double(max(1, givenTotal)),
        inverseLabelNoise: Double(missed) / Double(max(1, trueTotals[label])))
    }
  }

  /// The share of the labels that are right, by the rows that ``LabelFilter/confidentLearning``
  /// doubts.
  var health: Double {
    1 - Double(issues(.confidentLearning).count) / Double(given.count)
  }

  /// The probability of each given label (first index) for a row of each true label (second).
  var noiseMatrix: [[Double]] {
    Self.rates(joint.map { row in zip(row, trueTotals).map { Double($0) / Double(max(1, $1)) } })
  }

  /// The probability of each true label (first index) for a row of each given label (second).
  var inverseNoiseMatrix: [[Double]] {
    let shares = joint.map { row in row.map { Double($0) / Double(max(1, row.reduce(0, +))) } }
    return Self.rates(shares.transposed)
  }

  private var trueTotals: [Int] {
    joint.indices.map { label in joint.reduce(0) { $0 + $1[label] } }
  }

  /// Keeps rates below one and columns summing to one.
  private static func rates(_ matrix: [[Double]]) -> [[Double]] {
    let clipped = matrix.enumerated().map { row, rates in
      rates.enumerated().map { column, rate in row == column ? rate : min(rate, largestRate) }
    }
    return clipped.transposed.map { column in
      let sum = column.reduce(0, +)
      return sum > 0 ? column.map { $0 / sum } : column
    }.transposed
  }
}
