import VectorLoops

/// A row-major matrix of floats somewhere in memory, or its transpose.
struct MatrixView {
  let base: UnsafeMutablePointer<Float>
  /// Floats from one row to the next.
  let rowStride: Int
  /// Floats from one column to the next.
  var columnStride = 1

  var transposed: MatrixView {
    MatrixView(base: base, rowStride: columnStride, columnStride: rowStride)
  }

  @inline(__always)
  subscript(row: Int, column: Int) -> Float {
    base[row * rowStride + column * columnStride]
  }

  /// Writes the product of `left`, `rows` by `shared`, and `right`, `shared` by `columns`.
  ///
  /// - Parameter columns: a multiple of eight. They lie together in this matrix and in `right`.
  func set(
    to left: MatrixView, times right: MatrixView, rows: Int, shared: Int, columns: Int
  ) {
    clean_set_product(
      pointers, left.pointers, right.pointers, rows, shared, columns)
  }

  private var pointers: clean_matrix {
    clean_matrix(base: base, row_stride: rowStride, column_stride: columnStride)
  }
}
