/// Confident learning (Northcutt, Jiang, Chuang: "Confident Learning: Estimating Uncertainty in
/// Dataset Labels", JAIR 70, 2021): from given labels and out-of-sample probabilities to an
/// estimate of the joint distribution of given and true labels, and to the rows to doubt.
struct ConfidentLearning: Sendable {
  /// For each class the mean self-confidence of the rows labelled so (§3.1); a row counts as
  /// confidently of a class if its probability reaches the threshold. NaN for an unused class.
  let thresholds: [Double]
  /// Estimated count of rows by given label (first index) and true label, summing to the number of
  /// rows, each given label's row summing to its count (§3.1, calibrated joint).
  let joint: [[Double]]
  /// Rows whose label is probably wrong, by descending doubt.
  let issues: [Int]

  private let given: [Int]
  private let probabilities: [Double]
  private let classCount: Int

  /// - Parameter probabilities: row-major, `classCount` for each row.
  init(given: [Int], probabilities: [Double], classCount: Int) {
    precondition(probabilities.count == given.count * classCount)
    self.given = given
    self.probabilities = probabilities
    self.classCount = classCount
    func probability(_ row: Int, _ label: Int) -> Double {
      probabilities[row * classCount + label]
    }

    var counts = [Int](repeating: 0, count: classCount)
    var sums = [Double](repeating: 0, count: classCount)
    for (row, label) in given.enumerated() {
      counts[label] += 1
      sums[label] += probability(row, label)
    }
    let thresholds = (0..<classCount).map { sums[$0] / Double(counts[$0]) }
    self.thresholds = thresholds

    var confident = [[Double]](
      repeating: [Double](repeating: 0, count: classCount), count: classCount)
    for (row, label) in given.enumerated() {
      var best: Int?
      for candidate in 0..<classCount where probability(row, candidate) >= thresholds[candidate] {
        if let current = best, probability(row, candidate) <= probability(row, current) { continue }
        best = candidate
      }
      if let best { confident[label][best] += 1 }
    }
    let joint = (0..<classCount).map { label -> [Double] in
      let total = confident[label].reduce(0, +)
      guard total > 0 else {
        return (0..<classCount).map { $0 == label ? Double(counts[label]) : 0 }
      }
      return confident[label].map { $0 / total * Double(counts[label]) }
    }
    self.joint = joint

    // Prune by noise rate (§3.2): from each off-diagonal cell as many rows as it estimates, those
    // with the largest margin first. A row whose given label is also the most probable is kept.
    var members = [[Int]](repeating: [], count: classCount)
    for (row, label) in given.enumerated() { members[label].append(row) }
    var doubted: Set<Int> = []
    for label in 0..<classCount {
      for other in 0..<classCount where other != label {
        let quota = Int(joint[label][other].rounded())
        guard quota > 0 else { continue }
        let margins = members[label].map { row in
          (row: row, margin: probability(row, other) - probability(row, label))
        }
        for candidate in margins.sorted(by: { ($1.margin, $0.row) < ($0.margin, $1.row) })
          .prefix(quota)
        where candidate.margin > 0 {
          doubted.insert(candidate.row)
        }
      }
    }
    issues = doubted.sorted {
      (probability($0, given[$0]), $0) < (probability($1, given[$1]), $1)
    }
  }

  /// The probability of the label the row has: its label quality score (§3.2).
  func selfConfidence(_ row: Int) -> Double { probabilities[row * classCount + given[row]] }

  /// The most probable class of a row, the first of equals.
  func mostProbable(_ row: Int) -> Int {
    var best = 0
    for label in 1..<classCount
    where probabilities[row * classCount + label] > probabilities[row * classCount + best] {
      best = label
    }
    return best
  }

  /// The probability of each given label (first index) for a row of each true label.
  var noiseMatrix: [[Double]] {
    let trueTotals = (0..<classCount).map { other in joint.reduce(0) { $0 + $1[other] } }
    return joint.map { row in
      row.indices.map { trueTotals[$0] > 0 ? row[$0] / trueTotals[$0] : 0 }
    }
  }
}
