/// Confident learning (Northcutt, Jiang, Chuang: "Confident Learning: Estimating Uncertainty in
/// Dataset Labels", JAIR 70, 2021): from given labels and out-of-sample probabilities to an
/// estimate of the joint distribution of given and true labels, and to the rows to doubt.
///
/// Where the paper leaves a choice (tolerances, rounding, ties), it is made as cleanlab 2.9 makes it,
/// so that both give the same rows in the same order; ties go to the lower row.
///
/// - ``issues(_:leavingPerClass:)`` and ``LabelFilter`` say which rows to doubt.
/// - ``quality(_:)`` and ``LabelQuality`` say how much.
/// - ``noiseMatrix``, ``classNoise`` and ``health`` tell of the labels as a whole.
struct ConfidentLearning: Sendable {
  /// How much a probability may fall short of one that it is compared with.
  static let tolerance = 1e-6

  /// The class that each row is labelled with.
  let given: [Int]
  /// Out-of-sample probabilities, `classCount` for each row.
  let probabilities: [Double]
  let classCount: Int
  /// Rows labelled with each class.
  let counts: [Int]
  /// For each class the mean probability of it among the rows labelled so, its mean self-confidence
  /// (§3.1): a row counts as confidently of a class if its probability reaches the threshold. Nil for
  /// a class without rows.
  let thresholds: [Double?]
  /// The class that each row is confidently of: the most probable one if it reaches the thresholds of
  /// several; nil if of none.
  let confidentClass: [Int?]
  /// Estimated number of rows by given label (first index) and true label (second): the confident
  /// joint, calibrated to the label counts (§3.1). Each given label's row sums to its count.
  let joint: [[Int]]

  /// Linear in rows times classes.
  ///
  /// - Parameter probabilities: row-major, from 0 to 1, `classCount` for each row.
  init(given: [Int], probabilities: [Double], classCount: Int) {
    precondition(probabilities.count == given.count * classCount)
    self.given = given
    self.probabilities = probabilities
    self.classCount = classCount

    var own = [[Double]](repeating: [], count: classCount)
    for (row, label) in given.enumerated() {
      own[label].append(probabilities[row * classCount + label])
    }
    counts = own.map(\.count)
    thresholds = own.map { $0.isEmpty ? nil : max($0.pairwiseSum / Double($0.count), 2e-6) }
    let reached = thresholds.map { ($0 ?? .infinity) - Self.tolerance }
    confidentClass = given.indices.map { row in
      let own = probabilities[row * classCount..<(row + 1) * classCount]
      var confident: Int?
      for label in 0..<classCount where own[own.startIndex + label] >= reached[label] {
        guard confident == nil else { return own.indexOfLargest }
        confident = label
      }
      return confident
    }

    var counted = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (label, confident) in zip(given, confidentClass) {
      if let confident { counted[label][confident] += 1 }
    }
    // Every class is taken to have a correctly labelled row.
    for label in 0..<classCount { counted[label][label] = max(1, counted[label][label]) }
    joint = Self.calibrated(counted, counts: counts)
  }

  /// The probability of a class for a row.
  func probability(_ row: Int, _ label: Int) -> Double { probabilities[row * classCount + label] }

  /// The most probable class of a row, the first of equals.
  func mostProbable(_ row: Int) -> Int {
    probabilities[row * classCount..<(row + 1) * classCount].indexOfLargest
  }

  /// Scales each given label's row to its count, then all to the number of rows, and rounds.
  private static func calibrated(_ counted: [[Int]], counts: [Int]) -> [[Int]] {
    let scaled = zip(counted, counts).map { row, count in
      let total = Double(row.reduce(0, +))
      return row.map { Double($0) / total * Double(count) }
    }
    // NumPy lays this matrix out by columns.
    let total = max(scaled.transposed.joined().map { $0 }.pairwiseSum, .leastNormalMagnitude)
    let rowCount = Double(counts.reduce(0, +))
    return scaled.map { row in rounded(row.map { $0 / total * rowCount }) }
  }

  /// Rounds numbers so that their sum is kept: those furthest from their rounding move.
  private static func rounded(_ numbers: [Double]) -> [Int] {
    var whole = numbers.map { $0.rounded(.toNearestOrEven) }
    let sum = numbers.pairwiseSum.rounded(.toNearestOrEven)
    while true {
      let missing = sum - whole.reduce(0, +)
      if missing == 0 { break }
      // By how much each was rounded down; of equals the later goes up and the earlier goes down.
      let order = numbers.indices.sorted {
        (numbers[$0] - whole[$0], $0) < (numbers[$1] - whole[$1], $1)
      }
      let step: Double = missing < 0 ? -1 : 1
      let chosen = step < 0 ? Array(order) : order.reversed()
      for index in chosen.prefix(Int(abs(missing))) { whole[index] += step }
    }
    return whole.map { Int($0) }
  }
}

extension [[Double]] {
  /// Rows become columns.
  var transposed: [[Double]] {
    guard let first else { return [] }
    return first.indices.map { column in map { $0[column] } }
  }
}

extension ArraySlice<Double> {
  /// The position of the largest element from the slice's start, the first of equals.
  var indexOfLargest: Int {
    var best = startIndex
    for index in indices where self[index] > self[best] { best = index }
    return best - startIndex
  }
}
