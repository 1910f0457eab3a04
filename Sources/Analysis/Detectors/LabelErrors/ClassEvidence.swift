import Foundation

/// Which of a row's values speak for one class against another: part of the reason why its label is
/// doubted.
///
/// A value's weight of evidence is the logarithm of how many times as common it is in one class as in
/// the other (Good, Probability and the Weighing of Evidence, 1950), each column by itself; a number's
/// is that of its bin, of which up to 16 have as many rows each. Rows count by the probability that
/// their label is right. Texts have no part in it: few are the same.
struct ClassEvidence {
  /// How many times as common a value must be to be named.
  private static let leastRatio = 3.0
  /// How many values are named.
  private static let limit = 3
  private static let binLimit = 16
  /// Shares are estimated on this many cells, of the first columns.
  private static let cellLimit = 2_000_000
  private static let rowLimit = 20_000
  private static let columnLimit = 1_000
  /// Levels times classes up to which a column is looked at.
  private static let shareLimit = 200_000

  private let subject: AnalysisSubject
  private let classes: [String]
  private let columns: [ClassShares]

  /// Linear in cells, but for sorting.
  ///
  /// - Parameters:
  ///   - rows: rows of the table with a label.
  ///   - given: the class of each of them.
  ///   - wrongness: for each of them the probability that its label is wrong.
  init(
    _ subject: AnalysisSubject, rows: [Int], given: [Int], classes: [String], wrongness: [Double],
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    self.subject = subject
    self.classes = classes
    let candidates = subject.learnableColumns.filter {
      subject.table.columns[$0].type != .text
    }.prefix(Self.columnLimit)
    let count = min(rows.count, Self.rowLimit, Self.cellLimit / max(1, candidates.count))
    let sample = (0..<count).map { $0 * rows.count / count }
    let weighted = sample.map {
      WeightedRow(row: rows[$0], label: given[$0], weight: max(0, 1 - wrongness[$0]))
    }
    var columns: [ClassShares] = []
    for index in candidates {
      try checkpoint.reached(1)
      let column = subject.table.columns[index]
      if column.type.isOrdered {
        columns += [
          ClassShares(
            ofNumbers: column, index, weighted, classCount: classes.count,
            bins: max(2, min(Self.binLimit, count / 8)))
        ].compactMap { $0 }
      } else {
        let levels = subject.levels(of: index)
        guard levels.counts.count * classes.count <= Self.shareLimit else { continue }
        columns.append(
          ClassShares(ofLevels: levels, index, weighted, classCount: classes.count))
      }
    }
    self.columns = columns
  }

  /// A sentence on the values of a row that are common in one class and not in another; nil if no
  /// value by itself says so.
  func sentence(row: Int, for suggested: Int, against given: Int) -> String? {
    let found = columns.compactMap { shares -> (ratio: Double, shares: ClassShares)? in
      guard let ratio = shares.ratio(row, subject, suggested, given), ratio >= Self.leastRatio
      else { return nil }
      return (ratio, shares)
    }
    .sorted { ($1.ratio, $0.shares.column) < ($0.ratio, $1.shares.column) }
    guard !found.isEmpty else { return nil }
    let named = found.prefix(Self.limit).map { describe($0.shares, row, suggested, given) }
    let list =
      named.count == 1
      ? named[0] : named.dropLast().joined(separator: ", ") + " and " + named[named.count - 1]
    return "Like \"\(classes[suggested])\" it has \(list)."
  }

  private func describe(
    _ shares: ClassShares, _ row: Int, _ suggested: Int, _ given: Int
  ) -> String {
    let column = subject.table.columns[shares.column]
    func value(_ row: Int) -> String {
      column.isMissing(row) ? "without a value" : TextCheck.excerpt(column.bytes(row))
    }
    let own = "\(column.name) \(value(row))"
    if let there = shares.median(suggested), let here = shares.median(given) {
      return own + " (median \(value(there)), in \"\(classes[given])\" \(value(here)))"
    }
    let (there, here) = (
      shares.share(row, subject, suggested) ?? 0, shares.share(row, subject, given) ?? 0
    )
    return own + " (\(there.percent) of its rows, \(here.percent) in \"\(classes[given])\")"
  }
}

/// A row by which shares are estimated.
private struct WeightedRow {
  let row: Int
  let label: Int
  let weight: Double
}

/// How common the values of a column are in each class.
private struct ClassShares {
  let column: Int
  /// The least value of each bin but the first, ascending; nil if bins are levels.
  private let bounds: [Double]?
  /// For each class the row with its median, -1 without rows.
  private let medians: [Int]
  private let binCount: Int
  /// Weight of each class and bin.
  private var weights: [Double]
  private var totals: [Double]

  init(ofLevels levels: ColumnLevels, _ column: Int, _ rows: [WeightedRow], classCount: Int) {
    self.column = column
    bounds = nil
    medians = []
    binCount = levels.counts.count
    weights = [Double](repeating: 0, count: classCount * binCount)
    totals = [Double](repeating: 0, count: classCount)
    for row in rows { add(row, to: Int(levels.levelOfRow[row.row])) }
  }

  /// Nil if there are no two numbers.
  init?(
    ofNumbers values: Column, _ column: Int, _ rows: [WeightedRow], classCount: Int, bins: Int
  ) {
    self.column = column
    let known = rows.map { (value: values.number($0.row), row: $0) }
      .filter { $0.value.isFinite }
      .sorted { ($0.value, $0.row.row) < ($1.value, $1.row.row) }
    guard let least = known.first?.value else { return nil }
    var bounds: [Double] = []
    for bin in 1..<bins {
      let bound = known[bin * known.count / bins].value
      if bound > bounds.last ?? least { bounds.append(bound) }
    }
    self.bounds = bounds
    binCount = bounds.count + 1
    weights = [Double](repeating: 0, count: classCount * binCount)
    totals = [Double](repeating: 0, count: classCount)
    medians = Self.medians(known.map(\.row), classCount)
    for (value, row) in known { add(row, to: Self.bin(value, bounds)) }
  }

  private mutating func add(_ row: WeightedRow, to bin: Int) {
    weights[row.label * binCount + bin] += row.weight
    totals[row.label] += row.weight
  }

  /// - Parameter rows: by ascending value.
  private static func medians(_ rows: [WeightedRow], _ classCount: Int) -> [Int] {
    var left = [Double](repeating: 0, count: classCount)
    for row in rows { left[row.label] += row.weight / 2 }
    var medians = [Int](repeating: -1, count: classCount)
    for row in rows where medians[row.label] < 0 && row.weight > 0 {
      left[row.label] -= row.weight
      if left[row.label] <= 0 { medians[row.label] = row.row }
    }
    return medians
  }

  private static func bin(_ value: Double, _ bounds: [Double]) -> Int {
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The row with the median of a class. Nil of levels, and if no row has a number.
  func median(_ label: Int) -> Int? {
    bounds == nil || medians[label] < 0 ? nil : medians[label]
  }

  /// The share of a class's rows that have the value, or bin, of a row, half a row added to each
  /// (Krichevsky and Trofimov 1981). Nil if it has no number, or the class has no rows.
  func share(_ row: Int, _ subject: AnalysisSubject, _ label: Int) -> Double? {
    let bin: Int
    if let bounds {
      let value = subject.table.columns[column].number(row)
      guard value.isFinite else { return nil }
      bin = Self.bin(value, bounds)
    } else {
      bin = Int(subject.levels(of: column).levelOfRow[row])
    }
    guard totals[label] > 0 else { return nil }
    return (weights[label * binCount + bin] + 0.5) / (totals[label] + 0.5 * Double(binCount))
  }

  /// How many times as common a row's value is in one class as in another. Nil if that cannot be
  /// said, and if a number is nearer to the median of the other class: that would convince nobody.
  func ratio(_ row: Int, _ subject: AnalysisSubject, _ suggested: Int, _ given: Int) -> Double? {
    guard let there = share(row, subject, suggested), let here = share(row, subject, given)
    else { return nil }
    if bounds != nil {
      guard let mine = median(suggested), let other = median(given) else { return nil }
      let values = subject.table.columns[column]
      let value = values.number(row)
      guard abs(value - values.number(mine)) < abs(value - values.number(other)) else {
        return nil
      }
    }
    return there / here
  }
}
