import Foundation

/// The columns beside a text that say whether two rows of nearly the same wording are one record
/// twice, or two records described in the same words.
///
/// A column counts for as much as it tells: the negative logarithm of the chance that two rows agree
/// in it (the weights of Fellegi and Sunter 1969, section 3, for a rare error). Columns of which most
/// rows have the same value say nothing when they agree.
///
/// Dates have no part in it: what is entered twice is usually entered at different times.
struct OtherFeatures {
  /// Fewer columns than this decide nothing.
  static let fewestColumns = 2
  /// Numbers agree if they differ by at most this part of their column's interquartile range.
  static let tolerance = 0.02

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
        let levels = subject.levels(of: index)
        return Feature(values: .levels(levels.levelOfRow), weight: Self.weight(levels.counts))
      case .dateTime, .identifier, .empty: return nil
      }
    }
    totalWeight = features.reduce(0) { $0 + $1.weight }
    rowCount = subject.table.rowCount
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
    features.count >= Self.fewestColumns && agree(first, second, share: 1)
      && 2 * log(Double(rowCount)) - log(2) - totalWeight / 2 < log(NumericPairs.falseAlarms)
  }

  /// Whether at least a share of what the columns tell agrees; true if there are too few columns.
  func agree(_ first: Int, _ second: Int, share: Double) -> Bool {
    guard features.count >= Self.fewestColumns else { return true }
    let agreeing = features.reduce(0.0) { sum, feature in
      let agrees =
        switch feature.values {
        case .numbers(let numbers, let tolerance):
          numbers[first].isNaN || numbers[second].isNaN
            ? numbers[first].isNaN && numbers[second].isNaN
            : numbers[first] == numbers[second]
              || abs(numbers[first] - numbers[second]) <= tolerance
        case .levels(let levels): levels[first] == levels[second]
        }
      return agrees ? sum + feature.weight : sum
    }
    // Sums of the same weights in another order differ in the last digits.
    return agreeing >= share * totalWeight - 1e-9
  }
}
