/// How often each pair of two sets of classes occurs.
struct ContingencyTable {
  let rowCount: Int
  let columnCount: Int
  /// Row by row.
  private(set) var counts: [Int]

  init(rows: Int, columns: Int) {
    rowCount = rows
    columnCount = columns
    counts = [Int](repeating: 0, count: rows * columns)
  }

  /// - Parameter counts: the table row by row, all of the same length.
  init(_ counts: [[Int]]) {
    rowCount = counts.count
    columnCount = counts.first?.count ?? 0
    self.counts = counts.flatMap(\.self)
  }

  /// Counts a pair.
  mutating func add(_ row: Int, _ column: Int, count: Int = 1) {
    counts[row * columnCount + column] += count
  }

  subscript(_ row: Int, _ column: Int) -> Int { counts[row * columnCount + column] }

  /// Pearson's test of independence, over the rows and columns that occur; nil unless there are two
  /// of each.
  var independence: Independence? {
    var rowSums = [Int](repeating: 0, count: rowCount)
    var columnSums = [Int](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        rowSums[row] += self[row, column]
        columnSums[column] += self[row, column]
      }
    }
    let rows = Double(rowSums.count { $0 > 0 })
    let columns = Double(columnSums.count { $0 > 0 })
    let n = Double(rowSums.reduce(0, +))
    guard rows >= 2, columns >= 2 else { return nil }
    var statistic = 0.0
    var least = Double.infinity
    for row in 0..<rowCount where rowSums[row] > 0 {
      for column in 0..<columnCount where columnSums[column] > 0 {
        let expected = Double(rowSums[row]) * Double(columnSums[column]) / n
        let excess = Double(self[row, column]) - expected
        statistic += excess * excess / expected
        least = min(least, expected)
      }
    }
    return Independence(
      statistic: statistic, rows: rows, columns: columns, n: n, leastExpected: least)
  }

  /// What a test of independence says.
  struct Independence {
    let statistic: Double
    /// Rows that occur, and columns.
    let rows: Double
    let columns: Double
    /// How many pairs were counted.
    let n: Double
    /// The smallest expected count: below 1 the probability is no guide (Cochran 1954).
    let leastExpected: Double

    var freedom: Double { (rows - 1) * (columns - 1) }

    /// The probability of so large a statistic if both are independent.
    var probability: Double { ChiSquaredTail.probability(statistic, freedom: freedom) }

    /// Cramér's V from 0 to 1, with the correction of its bias upwards in small tables ("A
    /// bias-correction for Cramér's V and Tschuprow's T", Bergsma 2013).
    var correctedV: Double {
      guard n > 1 else { return 0 }
      let phi = max(0, statistic / n - freedom / (n - 1))
      let correctedRows = rows - (rows - 1) * (rows - 1) / (n - 1)
      let correctedColumns = columns - (columns - 1) * (columns - 1) / (n - 1)
      let largest = min(correctedRows, correctedColumns) - 1
      return largest > 0 ? min(1, (phi / largest).squareRoot()) : 0
    }
  }
}
