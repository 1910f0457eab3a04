/// How the cells of a column are held.
enum ColumnCells: Sendable {
  /// Mostly decimals, or moments: eight bytes a cell, which hold it as it was written; its double is made when it
  /// is asked for.
  case packed([PackedCell])
  /// For each row the number of its spelling in the dictionary; four bytes.
  case coded([UInt32])

  var count: Int {
    switch self {
    case .packed(let cells): cells.count
    case .coded(let codes): codes.count
    }
  }
}

/// The distinct spellings of a column that are not packed, and what each of them means.
struct Spellings: Sendable {
  let dictionary: ByteDictionary
  /// Cells of each. None may have one: a JSON key given twice replaces its first value.
  let frequencies: [Int]
  /// Whether each means "missing".
  var isMissing: [Bool]
  /// Those such as `unknown`, which may stand for "missing".
  let standIns: Set<Int>
  /// Of each the first one that says the same, where JSON arrays or objects do; nil if none does.
  let firstOfEqual: [Int]?
  /// The number of each; NaN if it is missing or has none.
  var numbers: [Double]

  var indices: Range<Int> { 0..<dictionary.count }

  /// Whether some cell has it and it is a value.
  func isValue(_ entry: Int) -> Bool { frequencies[entry] > 0 && !isMissing[entry] }

  /// Those that some cell has and that are a value.
  var values: some Sequence<Int> { indices.lazy.filter(isValue) }

  /// Whether some cell has a spelling without a number.
  var haveGaps: Bool { indices.contains { frequencies[$0] > 0 && numbers[$0].isNaN } }

  /// The number of a packed cell; NaN if it has none.
  @inline(__always)
  func number(_ cell: PackedCell) -> Double {
    if cell.isDecimal { return cell.value }
    return cell.isMoment ? cell.secondsOfMoment : numbers[cell.spelling]
  }

  /// The number of a row; NaN if it has none.
  func number(_ row: Int, of cells: ColumnCells) -> Double {
    switch cells {
    case .packed(let cells): number(cells[row])
    case .coded(let codes): numbers[Int(codes[row])]
    }
  }

  /// The numbers of packed cells.
  func numbers(of cells: [PackedCell]) -> [Double] {
    [Double](unsafeUninitializedCapacity: cells.count) { values, count in
      for (row, cell) in cells.enumerated() {
        values.initializeElement(at: row, to: number(cell))
      }
      count = cells.count
    }
  }

  subscript(_ entry: Int) -> ArraySlice<UInt8> { dictionary[entry] }
}
