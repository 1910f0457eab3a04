/// Rows of features that are mostly zero: for each row the columns that are not, and their values
/// (compressed sparse rows).
struct SparseRows: Sendable {
  /// Columns there are.
  private(set) var width: Int
  /// Where each row begins in `columns` and `values`; one more entry than rows.
  private(set) var starts: [Int] = [0]
  /// Ascending within a row.
  private(set) var columns: [UInt32] = []
  private(set) var values: [Float] = []

  init(width: Int) {
    self.width = width
  }

  /// Rows without any value.
  init(emptyRows: Int) {
    width = 0
    starts = [Int](repeating: 0, count: emptyRows + 1)
  }

  var rowCount: Int { starts.count - 1 }

  /// Adds a value to the row being made.
  mutating func append(column: Int, value: Float) {
    columns.append(UInt32(column))
    values.append(value)
  }

  /// Ends the row being made.
  mutating func endRow() {
    starts.append(columns.count)
  }

  /// The same rows with the columns of `other` to the right.
  func joined(with other: SparseRows) -> SparseRows {
    if width == 0 { return other }
    if other.width == 0 { return self }
    var result = SparseRows(width: width + other.width)
    result.starts.reserveCapacity(starts.count)
    result.columns.reserveCapacity(columns.count + other.columns.count)
    result.values.reserveCapacity(columns.count + other.columns.count)
    for row in 0..<rowCount {
      for position in starts[row]..<starts[row + 1] {
        result.append(column: Int(columns[position]), value: values[position])
      }
      for position in other.starts[row]..<other.starts[row + 1] {
        result.append(
          column: width + Int(other.columns[position]), value: other.values[position])
      }
      result.endRow()
    }
    return result
  }

  /// The same rows with each column multiplied by its weight.
  func scaled(by weights: [Float]) -> SparseRows {
    var result = self
    for position in values.indices { result.values[position] *= weights[Int(columns[position])] }
    return result
  }

  /// Some of the rows, in the given order.
  func selecting(_ rows: [Int]) -> SparseRows {
    var result = SparseRows(width: width)
    for row in rows {
      result.columns += columns[starts[row]..<starts[row + 1]]
      result.values += values[starts[row]..<starts[row + 1]]
      result.endRow()
    }
    return result
  }
}
