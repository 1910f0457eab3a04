/// The numbers that a good part of a column's rows have, such as zeros: that two rows agree in one says
/// little (Fellegi and Sunter 1969, section 3: agreement weighs by how rare the value is).
struct CommonNumbers {
  /// The share of the rows from which on a number is common.
  static let share = 0.125

  private let columns: [(column: Column, common: Double?)]

  init(_ subject: AnalysisSubject, _ columns: [Int]) {
    let table = subject.table
    let sample = RowSample.rows(
      of: table.rowCount, limit: RowCoordinates.scaleSampleSize, seed: subject.seed)
    self.columns = columns.map { index in
      let column = table.columns[index]
      return (column, Self.common(sample.map { column.number($0) }.filter(\.isFinite).sorted()))
    }
  }

  /// The commonest of ascending numbers; nil if it has no good part of them.
  private static func common(_ sorted: [Double]) -> Double? {
    var best: (number: Double, count: Int)?
    var start = 0
    while start < sorted.count {
      let end = sorted.partitioningIndex { $0 > sorted[start] }
      if end - start > best?.count ?? Int(share * Double(sorted.count)) {
        best = (sorted[start], end - start)
      }
      start = end
    }
    return best?.number
  }

  /// In how many columns two rows have numbers that are not both the common one.
  func differing(_ first: Int, _ second: Int) -> Int {
    columns.count { entry in
      let (one, other) = (entry.column.number(first), entry.column.number(second))
      return !one.isNaN && !other.isNaN && (one != entry.common || other != entry.common)
    }
  }
}
