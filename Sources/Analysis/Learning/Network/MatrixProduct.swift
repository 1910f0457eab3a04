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
    for column in Swift.stride(from: 0, to: columns, by: 8) {
      var row = 0
      // Four rows at once share what is loaded of `right`. Pointers walk along both: to find each place anew
      // would cost as much as the products.
      while row + 4 <= rows {
        var (a, b, c, d) = (Floats.zero, Floats.zero, Floats.zero, Floats.zero)
        var first = left.base + row * left.rowStride
        var second = first + left.rowStride
        var third = second + left.rowStride
        var fourth = third + left.rowStride
        var factors = right.base + column
        for _ in 0..<shared {
          let eight = factors.eight(0)
          a += eight * first.pointee
          b += eight * second.pointee
          c += eight * third.pointee
          d += eight * fourth.pointee
          first += left.columnStride
          second += left.columnStride
          third += left.columnStride
          fourth += left.columnStride
          factors += right.rowStride
        }
        let target = base + row * rowStride + column
        target.set(0, a)
        target.set(rowStride, b)
        target.set(2 * rowStride, c)
        target.set(3 * rowStride, d)
        row += 4
      }
      while row < rows {
        var sum = Floats.zero
        for index in 0..<shared {
          sum += right.base.eight(index * right.rowStride + column) * left[row, index]
        }
        base.set(row * rowStride + column, sum)
        row += 1
      }
    }
  }
}
