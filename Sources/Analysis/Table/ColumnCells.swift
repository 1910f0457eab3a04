/// How the cells of a column are held.
enum ColumnCells: Sendable {
  /// Mostly decimals: eight bytes a cell as written, and eight as a double. The double is NaN where
  /// the cell is a spelling of the dictionary that is no number.
  case packed([PackedCell], values: [Double])
  /// For each row the number of its spelling in the dictionary; four bytes.
  case coded([UInt32])

  var count: Int {
    switch self {
    case .packed(let cells, _): cells.count
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
  /// The number of each; NaN if it is missing or has none.
  var numbers: [Double]

  var indices: Range<Int> { 0..<dictionary.count }

  /// Those that some cell has and that are a value.
  var values: [Int] { indices.filter { frequencies[$0] > 0 && !isMissing[$0] } }

  subscript(_ entry: Int) -> ArraySlice<UInt8> { dictionary[entry] }
}
