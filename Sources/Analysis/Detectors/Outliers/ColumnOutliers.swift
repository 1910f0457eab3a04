import Foundation

/// Numbers far from the rest of their column, each column by itself.
struct ColumnOutliers {
  struct Outlier {
    var column: Int
    /// How far the number is beyond what is usual, 1 at the bound.
    var evidence: Double
    /// Whether it lies beyond a gap that the column's own tail does not let expect.
    var isApart: Bool
    var reason: String
  }

  /// The outliers of each row that has any, the worst first.
  private(set) var ofRow: [Int: [Outlier]] = [:]
  private(set) var ranges: [OutliersDetails.ColumnRange] = []
  /// Columns in which more numbers lie far out (Tukey 1977, §2D) than the tail of a sound one has. A
  /// long tail explains them away, so that none may be an outlier.
  private(set) var crowded: [(column: Int, rows: [Int])] = []
  /// Far numbers that the tail of a sound column has: Student's t with three degrees of freedom has one in
  /// a hundred.
  private static let tailShare = 0.01

  init(
    _ subject: AnalysisSubject, columns: [Int], threshold: Double, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(Double(step) / Double(columns.count))
      let column = subject.table.columns[index]
      let numbers = column.numericValues()
      let values = subject.order(of: index).map { numbers[Int($0)] }
      guard let fences = RobustFences(values, threshold: threshold, columns: columns.count) else {
        continue
      }
      let gap = TailGap(values, fences, tails: 2 * columns.count)
      var count = 0
      let far = numbers.indices.filter { fences.outer?.isBeyond(numbers[$0]) == true }
      if far.count > Self.farLimit(values.count, columns: columns.count) {
        crowded.append((index, far))
      }
      for (row, number) in numbers.enumerated() {
        guard !number.isNaN, number < fences.lower || number > fences.upper || !number.isFinite
        else { continue }
        count += 1
        ofRow[row, default: []].append(
          Outlier(
            column: index, evidence: fences.score(number) / fences.cut,
            isApart: !number.isFinite || gap.lower.map { number < $0 } == true
              || gap.upper.map { number > $0 } == true,
            reason: Self.reason(column, row, fences)))
      }
      ranges.append(
        OutliersDetails.ColumnRange(
          column: column.name, outliers: count, median: fences.median.reported,
          lower: Self.isTold(fences.lower, by: values) ? fences.lower.reported : nil,
          upper: Self.isTold(fences.upper, by: values) ? fences.upper.reported : nil,
          power: fences.scale.power.reported, threshold: fences.cut.reported))
    }
    ofRow = ofRow.mapValues {
      $0.sorted { ($1.evidence, $0.column) < ($0.evidence, $1.column) }
    }
  }

  /// The most far numbers of a sound column: twice those of its tail, or what chance makes of them
  /// (Chernoff 1952), shared out over columns; but fewer than are a heap of their own.
  static func farLimit(_ count: Int, columns: Int) -> Int {
    let expected = tailShare * Double(count)
    let evidence = log(Double(columns) / RobustFences.falseAlarmRate)
    func isByChance(_ far: Double) -> Bool {
      far * log(far / expected) - far + expected < evidence
    }
    var limit = (2 * expected).rounded(.down)
    while isByChance(limit + 1) { limit += 1 }
    return Int(min(limit, RobustFences.heapShare * Double(count)))
  }

  /// Of a fence that lies farther outside of a column than the column is wide its numbers tell nothing.
  private static func isTold(_ fence: Double, by values: [Double]) -> Bool {
    guard let first = values.first, let last = values.last else { return false }
    return fence.isFinite && fence >= first - (last - first) && fence <= last + (last - first)
  }

  private static func reason(_ column: Column, _ row: Int, _ fences: RobustFences) -> String {
    let value = TextCheck.excerpt(column.bytes(row))
    let number = column.number(row)
    if !number.isFinite { return "\(column.name) is \(value)" }
    let isLow = number < fences.lower
    let bound = (isLow ? fences.lower : fences.upper).significant(besides: number)
    return "\(column.name) is \(value), \(isLow ? "below" : "above") the usual "
      + "\(isLow ? "least" : "most"), \(bound) (median \(fences.median.significant))"
  }
}

extension Double {
  /// The number with about four significant digits, for a sentence.
  var significant: String { significant(besides: .nan) }

  /// The same, with as many digits more as tell it from another number in the sentence.
  func significant(besides other: Double) -> String {
    let magnitude = abs(self)
    guard magnitude > 0, isFinite else { return "0" }
    if magnitude >= 1e15 || magnitude < 1e-9 { return "\(self)" }
    var scale = 1.0
    while magnitude * scale < 1_000 { scale *= 10 }
    var rounded = (self * scale).rounded() / scale
    while self < other ? rounded >= other : rounded <= other, magnitude * scale < 1e15 {
      scale *= 10
      rounded = (self * scale).rounded() / scale
    }
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
