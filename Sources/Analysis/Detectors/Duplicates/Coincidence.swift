import Foundation

/// Whether it tells something that two rows agree in all features, or in all but one: not where there
/// are few and coarse ones, of which many rows agree by chance.
struct Coincidence {
  private static let sampleSize = 2_048

  /// The logarithm of the pairs that agree by chance.
  private let expected: Double
  /// The part of each column in it.
  private let parts: [Int: Double]

  /// The chance that two rows agree is the product of the columns' chances, were they independent.
  /// Columns depend on each other, so only the square root of it is counted on.
  init(_ subject: AnalysisSubject, rows: [Int]) {
    let sample = RowSample.rows(of: rows.count, limit: Self.sampleSize, seed: subject.seed)
      .map { rows[$0] }
    let pairs = Double(sample.count) * Double(sample.count - 1) / 2
    var expected = log(Double(rows.count)) * 2 - log(2)
    var parts: [Int: Double] = [:]
    for index in subject.learnableColumns where pairs > 0 {
      let column = subject.table.columns[index]
      var counts: [UInt64: Int] = [:]
      for row in sample {
        let number = column.number(row)
        let value =
          number.isNaN
          ? StableHash.of(column.bytes(row)) : (number + 0).bitPattern
        counts[value, default: 0] += 1
      }
      // A sum of whole numbers is the same in any order.
      let agreeing = counts.values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
      // Values that come once or twice agree no seldomer than one in all rows: planted copies of rows
      // would make it seem less strange that rows agree.
      let chance = max(Double(agreeing) / pairs, 1 / Double(rows.count))
      let part = log(min(1, chance)) / 2
      parts[index] = part
      expected += part
    }
    self.expected = expected
    self.parts = parts
  }

  /// Whether fewer than ``NumericPairs/falseAlarms`` pairs agree in all features by chance.
  var isTelling: Bool { expected < log(NumericPairs.falseAlarms) }

  /// Whether so few agree in all features but the given one, whichever of them that is.
  func isTelling(without column: Int) -> Bool {
    expected - (parts[column] ?? 0) + log(Double(max(1, parts.count)))
      < log(NumericPairs.falseAlarms)
  }
}
