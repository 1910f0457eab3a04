import Foundation

/// The columns beside a text that say whether two rows of nearly the same wording are one record
/// twice, or two records described in the same words.
///
/// A column counts for as much as it tells: the negative logarithm of the chance that two rows agree
/// in it (the weights of Fellegi and Sunter 1969, section 3, for a rare error). Columns of which most
/// rows have the same value say nothing when they agree.
///
/// Words differ in more than case, punctuation and white space. One value that only one of the rows has
/// tells nothing: a copy may have lost it. Dates have no part in it: what is entered twice is usually
/// entered at different times.
struct OtherFeatures {
  /// Fewer columns than this decide nothing.
  static let fewestColumns = 2
  /// Numbers agree if they differ by at most this part of their column's interquartile range.
  static let tolerance = 0.02
  /// Sums of the same weights in another order differ in the last digits.
  private static let roundingError = 1e-9

  private enum Values {
    case numbers([Double], tolerance: Double)
    case levels([UInt32])
  }

  private struct Feature {
    var values: Values
    /// What it tells that two rows agree, in natural units; 0 for a constant.
    var weight: Double
  }

  private let features: [Feature]
  private let totalWeight: Double
  private let rowCount: Int

  /// - Parameter texts: the columns that are compared by their wording.
  init(_ subject: AnalysisSubject, except texts: [Int]) {
    features = subject.learnableColumns.compactMap { index -> Feature? in
      guard !texts.contains(index) else { return nil }
      switch subject.table.columns[index].type {
      case .integer, .real:
        let numbers = subject.table.columns[index].numericValues()
        let order = subject.order(of: index)
        guard !order.isEmpty else { return nil }
        let quartiles = [order.count / 4, 3 * order.count / 4].map { numbers[Int(order[$0])] }
        let tolerance = Self.tolerance * (quartiles[1] - quartiles[0])
        return Feature(
          values: .numbers(numbers, tolerance: tolerance),
          weight: Self.weight(order.map { numbers[Int($0)] }, tolerance, rows: numbers.count))
      case .boolean, .category, .text:
        let levels = Self.folded(subject.levels(of: index), subject.table.columns[index])
        return Feature(values: .levels(levels.ofRow), weight: Self.weight(levels.counts))
      case .dateTime, .identifier, .empty: return nil
      }
    }
    totalWeight = features.reduce(0) { $0 + $1.weight }
    rowCount = subject.table.rowCount
  }

  /// Levels that are the same words as one, and how many rows have each.
  private static func folded(
    _ levels: ColumnLevels, _ column: Column
  ) -> (ofRow: [UInt32], counts: [Int]) {
    var levelOfWords: [[UInt8]: UInt32] = [:]
    var counts = levels.counts
    let folded = levels.counts.indices.map { level -> UInt32 in
      guard level > 0, levels.counts[level] > 0 else { return UInt32(level) }
      let words = NormalizedText.folded(column.bytes(Int(levels.firstRow[level])))
      guard let known = levelOfWords[words] else {
        levelOfWords[words] = UInt32(level)
        return UInt32(level)
      }
      counts[Int(known)] += counts[level]
      counts[level] = 0
      return known
    }
    return (levels.levelOfRow.map { folded[Int($0)] }, counts)
  }

  private static func weight(_ counts: [Int]) -> Double {
    let rows = Double(counts.reduce(0, +))
    let agreeing = counts.reduce(0.0) { $0 + Double($1) * Double($1) }
    return -log(min(1, agreeing / (rows * rows)))
  }

  /// - Parameter sorted: the numbers of the rows that have one, ascending.
  private static func weight(_ sorted: [Double], _ tolerance: Double, rows: Int) -> Double {
    // Pairs of a row and one above it within the tolerance, the row itself being half a pair.
    var pairs = 0.0
    var end = 0
    for start in sorted.indices {
      while end < sorted.count, sorted[end] - sorted[start] <= tolerance { end += 1 }
      pairs += Double(end - start) - 0.5
    }
    let missing = Double(rows - sorted.count)
    let all = Double(rows) * Double(rows)
    return -log(min(1, (2 * pairs + missing * missing) / all))
  }

  /// The same for rows of which all columns are the same; 0 if they don't matter.
  func hash(_ row: Int, agreement: Double) -> UInt64 {
    guard features.count >= Self.fewestColumns, agreement > 0 else { return 0 }
    return features.reduce(0) { hash, feature in
      let value: UInt64 =
        switch feature.values {
        case .numbers(let numbers, _): (numbers[row] + 0).bitPattern
        case .levels(let levels): UInt64(levels[row])
        }
      var generator = SeededGenerator(seed: hash ^ value)
      return generator.next()
    }
  }

  /// Whether two rows agree in all columns, and these are many or fine enough for that to be no
  /// coincidence (``Coincidence``: they depend on each other, so that half of what they tell counts).
  func identify(_ first: Int, _ second: Int) -> Bool {
    features.count >= Self.fewestColumns
      && agreement(first, second).weight >= totalWeight - Self.roundingError
      && 2 * log(Double(rowCount)) - log(2) - totalWeight / 2 < log(NumericPairs.falseAlarms)
  }

  /// Whether at least a share of what the columns tell agrees; true if there are too few columns.
  func agree(_ first: Int, _ second: Int, share: Double) -> Bool {
    guard features.count >= Self.fewestColumns else { return true }
    let agreement = agreement(first, second)
    return agreement.weight >= share * (totalWeight - agreement.lost) - Self.roundingError
  }

  /// What the columns tell in which two rows agree, and that in which one of them lacks a value if there
  /// is only one such.
  private func agreement(_ first: Int, _ second: Int) -> (weight: Double, lost: Double) {
    var (weight, lost, gaps) = (0.0, 0.0, 0)
    for feature in features {
      let (agrees, isGap): (Bool, Bool)
      switch feature.values {
      case .numbers(let numbers, let tolerance):
        let (one, other) = (numbers[first], numbers[second])
        agrees = one == other || abs(one - other) <= tolerance || one.isNaN && other.isNaN
        isGap = one.isNaN != other.isNaN
      case .levels(let levels):
        agrees = levels[first] == levels[second]
        isGap = (levels[first] == 0) != (levels[second] == 0)
      }
      if agrees { weight += feature.weight }
      if isGap {
        lost = feature.weight
        gaps += 1
      }
    }
    return (weight, gaps == 1 ? lost : 0)
  }
}
