/// One column. Every cell keeps its spelling; numbers and ISO 8601 dates are packed, other spellings are
/// held once each in a dictionary.
///
/// A cell takes 8 bytes in columns of numbers and such dates, and 4 in others, besides the distinct
/// spellings.
public struct Column: Sendable {
  /// The name from the header.
  public let name: String
  /// What the values are, inferred from all of them.
  public let type: ColumnType
  /// Cells without a value.
  public let missingCount: Int
  /// Distinct values, spellings of "missing" not counted; spellings of one number are one value.
  public let distinctCount: Int
  /// What a person should know of how the values were read; nil if it is plain.
  public let note: String?
  /// Whether it holds nothing but the rows' numbers, under a name that programs give these.
  let numbersRows: Bool
  /// How its numbers are written.
  let marks: NumberMarks

  private let cells: ColumnCells
  private let spellings: Spellings

  init(_ census: ColumnCensus) {
    name = census.name
    type = census.type
    missingCount = census.missingCount
    distinctCount = census.distinctCount
    note = census.note
    numbersRows = census.numbersRows
    cells = census.cells
    spellings = census.spellings
    marks = census.marks
  }

  /// The number of rows.
  var count: Int { cells.count }

  /// Whether the cell has no value: it is empty, or one of `NA`, `N/A`, `#N/A`, `NaN`, `null`,
  /// `none`, `nil`, `?` and `-`, letters in either case, with or without spaces around it. Among
  /// categories `none` is a value.
  public func isMissing(_ row: Int) -> Bool {
    switch cells {
    case .packed(let cells): cells[row].isSpelling && spellings.isMissing[cells[row].spelling]
    case .coded(let codes): spellings.isMissing[Int(codes[row])]
    }
  }

  /// The cell as it was written.
  public func text(_ row: Int) -> String { String(decoding: bytes(row), as: UTF8.self) }

  /// The cell's number, for dates the seconds from 1970-01-01T00:00:00Z; NaN if it is missing or
  /// has none.
  public func number(_ row: Int) -> Double { spellings.number(row, of: cells) }

  /// What a class is called that is looked for in another table: the same for `1` and `1.0`, with
  /// and without spaces around it.
  func valueName(_ row: Int) -> String {
    let number = type.isNumeric || type == .boolean ? number(row) : .nan
    guard abs(number) < 0x1p53, number == number.rounded() else { return text(row).trimmed }
    return "\(Int(number))"
  }

  /// The bytes of a cell as it was written.
  func bytes(_ row: Int) -> ArraySlice<UInt8> {
    switch cells {
    case .packed(let cells):
      cells[row].isSpelling ? spellings[cells[row].spelling] : cells[row].text[...]
    case .coded(let codes): spellings[Int(codes[row])]
    }
  }

  /// Each row's number; NaN where it is missing or has none. Some nanoseconds a row.
  func numericValues() -> [Double] {
    switch cells {
    case .packed(let cells): spellings.numbers(of: cells)
    case .coded(let codes): codes.map { spellings.numbers[Int($0)] }
    }
  }

  /// The rows without a value, ascending; linear in the rows.
  func rowsWithoutValue() -> [Int] {
    switch cells {
    case .packed(let cells):
      cells.indices.filter { cells[$0].isSpelling && spellings.isMissing[cells[$0].spelling] }
    case .coded(let codes): codes.indices.filter { spellings.isMissing[Int(codes[$0])] }
    }
  }

  /// The rows without a number, ascending; linear in the rows, but next to nothing where all have one.
  func rowsWithoutNumber() -> [Int] {
    switch cells {
    case .packed(let cells):
      guard spellings.haveGaps else { return [] }
      return cells.indices.filter { cells[$0].isSpelling && spellings.number(cells[$0]).isNaN }
    case .coded(let codes):
      return codes.indices.filter { spellings.numbers[Int(codes[$0])].isNaN }
    }
  }

  /// The distinct values and the rows that have them; linear in the rows.
  func levels() -> ColumnLevels {
    ValueKeys(type: type, cells: cells, spellings: spellings, marks: marks).levels()
  }
}
