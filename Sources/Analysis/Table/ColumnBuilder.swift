/// Collects one column: decimals packed, each other spelling once and its number for each cell.
struct ColumnBuilder: Sendable {
  var name: String
  private var cells: [PackedCell] = []
  private var dictionary = ByteDictionary()

  init(name: String) {
    self.name = name
  }

  /// Adds a cell that was scanned already.
  @inline(__always)
  mutating func append(_ cell: PackedCell) {
    cells.append(cell)
  }

  mutating func append(_ value: UnsafeRawBufferPointer) {
    cells.append(pack(value))
  }

  /// Sets the cell of the row being read, which may have been set before.
  mutating func set(_ value: UnsafeRawBufferPointer, row: Int) {
    let cell = pack(value)
    if cells.count > row {
      cells[row] = cell
    } else {
      cells.append(cell)
    }
  }

  /// Fills up with missing cells.
  mutating func pad(to rows: Int) {
    guard cells.count < rows else { return }
    let nothing = pack(UnsafeRawBufferPointer(start: nil, count: 0))
    cells.append(contentsOf: repeatElement(nothing, count: rows - cells.count))
  }

  private mutating func pack(_ value: UnsafeRawBufferPointer) -> PackedCell {
    if let start = value.baseAddress?.assumingMemoryBound(to: UInt8.self),
      let (cell, length) = PackedCell.scan(start, value.count), length == value.count
    {
      return cell
    }
    return PackedCell(spelling: dictionary.insert(value))
  }

  /// Infers the type from all cells; values that do not fit a column of numbers or dates become
  /// problems.
  mutating func finish(mayHaveDecimalComma: Bool, problems: inout FormatProblemLog) -> Column {
    let (cells, spellings) = settle()
    let census = ColumnCensus(
      name: name, cells: cells, spellings: spellings, mayHaveDecimalComma: mayHaveDecimalComma)
    let column = Column(census)
    guard column.type.isOrdered,
      census.spellings.values.contains(where: { census.spellings.numbers[$0].isNaN })
    else { return column }
    let isDate = column.type == .dateTime
    for row in column.rowsWithoutNumber() where !column.isMissing(row) {
      problems.add(
        FormatProblem(
          kind: isDate ? .notADate : .notANumber, row: row, column: name,
          message: "Row \(row), column \(name): \"\(TextCheck.excerpt(column.bytes(row)))\" is not "
            + "a \(isDate ? "date" : "number") as the column's other values are; it counts as "
            + "missing in statistics."))
    }
    return column
  }

  /// Decides how the cells are held: packed if at least half of the values are decimals.
  private mutating func settle() -> (ColumnCells, Spellings) {
    var frequencies = [Int](repeating: 0, count: dictionary.count)
    var decimals = 0
    for cell in cells {
      if cell.isDecimal { decimals += 1 } else { frequencies[cell.spelling] += 1 }
    }
    var isMissing = (0..<dictionary.count).map { MissingTokens.contains(dictionary[$0]) }
    let words = zip(frequencies, isMissing).reduce(0) { $1.1 ? $0 : $0 + $1.0 }
    if decimals > 0, decimals >= words {
      return (.packed(cells), spellings(frequencies, isMissing))
    }
    var codes: [UInt32] = []
    codes.reserveCapacity(cells.count)
    for cell in cells {
      guard cell.isDecimal else {
        codes.append(UInt32(cell.spelling))
        continue
      }
      let code = cell.text.withUnsafeBytes { dictionary.insert($0) }
      if Int(code) == frequencies.count {
        frequencies.append(0)
        isMissing.append(false)
      }
      frequencies[Int(code)] += 1
      codes.append(code)
    }
    return (.coded(codes), spellings(frequencies, isMissing))
  }

  /// The dictionary as it is now, without numbers.
  private mutating func spellings(_ frequencies: [Int], _ isMissing: [Bool]) -> Spellings {
    dictionary.freeze()
    return Spellings(
      dictionary: dictionary, frequencies: frequencies, isMissing: isMissing,
      numbers: [Double](repeating: .nan, count: dictionary.count))
  }
}
