/// Features as trees take them: columns of floats, NaN where a value is missing.
///
/// Trees only ask whether a value is below a cut, so neither scale nor distribution matters, and
/// missing values need no stand-in: each cut learns which side they go to (Chen and Guestrin 2016,
/// §3.4).
struct TreeFeatures: Sendable {
  /// Larger values become this: libxgboost refuses infinities, and doubles the largest value of a
  /// column for its last cut.
  static let limit: Float = 1e37

  let rowCount: Int
  private(set) var columns: [[Float]] = []

  init(rowCount: Int) {
    self.rowCount = rowCount
  }

  /// Adds a column with a value a row.
  mutating func append(_ values: some Collection<Double>) {
    precondition(values.count == rowCount)
    columns.append(
      values.map { value in
        value.isNaN ? .nan : max(-Self.limit, min(Self.limit, Float(value)))
      })
  }

  /// The features of some of the rows, in the given order.
  func selecting(_ rows: [Int]) -> TreeFeatures {
    var chosen = TreeFeatures(rowCount: rows.count)
    chosen.columns = columns.map { column in rows.map { column[$0] } }
    return chosen
  }

  /// Calls `body` with the given rows one after the other, `columns.count` floats each.
  func withRows<Result>(
    _ rows: ArraySlice<Int>, _ body: (UnsafeMutableBufferPointer<Float>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * columns.count) { buffer in
      copy(rows, to: buffer)
      return body(buffer)
    }
  }

  /// Copies the given rows one after the other, `columns.count` floats each.
  func copy(_ rows: ArraySlice<Int>, to buffer: UnsafeMutableBufferPointer<Float>) {
    for (feature, column) in columns.enumerated() {
      column.withUnsafeBufferPointer { column in
        var target = feature
        for row in rows {
          buffer.initializeElement(at: target, to: column[row])
          target += columns.count
        }
      }
    }
  }
}
