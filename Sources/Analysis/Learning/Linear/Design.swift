/// Rows of features for a linear model: a dense part, and a sparse part beside it.
struct Design: Sendable {
  /// Rows, with the repetitions of some that may come after them.
  let rowCount: Int
  let imputations: Imputations
  /// Features, without the padding of the dense part.
  let featureCount: Int
  /// Floats of a row in `dense`: its features, and zeros up to a multiple of eight.
  let denseWidth: Int
  /// Row after row.
  private(set) var dense: [Float]
  var sparse: SparseRows

  /// - Parameter columns: dense features, a value a row each.
  init(
    rowCount: Int, columns: [[Float]], sparse: SparseRows? = nil, imputations: Imputations? = nil
  ) {
    self.rowCount = rowCount
    self.imputations = imputations ?? Imputations(rowCount: rowCount)
    self.sparse = sparse ?? SparseRows(emptyRows: rowCount)
    featureCount = columns.count + self.sparse.width
    denseWidth = (columns.count + 7) / 8 * 8
    dense = [Float](repeating: 0, count: rowCount * denseWidth)
    // Some rows at a time, which stay in the processor's cache.
    for start in stride(from: 0, to: rowCount, by: 1_024) {
      for (feature, column) in columns.enumerated() {
        var target = start * denseWidth + feature
        for row in start..<min(rowCount, start + 1_024) {
          dense[target] = column[row]
          target += denseWidth
        }
      }
    }
  }

  /// - Parameter dense: rows of `denseWidth` floats, of which the last may be padding.
  private init(
    rowCount: Int, featureCount: Int, denseWidth: Int, dense: [Float], sparse: SparseRows
  ) {
    self.rowCount = rowCount
    imputations = Imputations(rowCount: rowCount)
    self.featureCount = featureCount
    self.denseWidth = denseWidth
    self.dense = dense
    self.sparse = sparse
  }

  /// Numbers that a row costs to look at.
  var meanWork: Int { denseWidth + sparse.columns.count / max(1, rowCount) }

  /// Some of the rows without their repetitions, in the given order.
  func selecting(_ rows: [Int]) -> Design {
    var chosen: [Float] = []
    chosen.reserveCapacity(rows.count * denseWidth)
    for row in rows { chosen += dense[(row * denseWidth)..<((row + 1) * denseWidth)] }
    return Design(
      rowCount: rows.count, featureCount: featureCount, denseWidth: denseWidth, dense: chosen,
      sparse: sparse.selecting(rows))
  }

  /// The same rows with all features multiplied by `factor`, and sparse ones to the left.
  func scaled(_ factor: Float, after left: SparseRows) -> Design {
    Design(
      rowCount: rowCount, featureCount: featureCount + left.width, denseWidth: denseWidth,
      dense: dense.map { $0 * factor },
      sparse: left.joined(
        with: sparse.scaled(by: [Float](repeating: factor, count: sparse.width))))
  }
}
