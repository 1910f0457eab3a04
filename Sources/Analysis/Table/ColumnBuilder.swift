/// Collects one column: each distinct value once, and a number for each cell.
struct ColumnBuilder: Sendable {
  let name: String
  private var dictionary = ByteDictionary()
  private var codes: [UInt32] = []

  init(name: String) {
    self.name = name
  }

  mutating func append(_ value: UnsafeRawBufferPointer) {
    codes.append(dictionary.insert(value))
  }

  /// Sets the cell of the row being read, which may have been set before.
  mutating func set(_ value: UnsafeRawBufferPointer, row: Int) {
    let code = dictionary.insert(value)
    if codes.count > row {
      codes[row] = code
    } else {
      codes.append(code)
    }
  }

  /// Fills up with missing cells.
  mutating func pad(to rows: Int) {
    guard codes.count < rows else { return }
    let nothing = dictionary.insert(UnsafeRawBufferPointer(start: nil, count: 0))
    codes.append(contentsOf: repeatElement(nothing, count: rows - codes.count))
  }

  /// Infers the type from all cells; values that do not fit a column of numbers or dates become
  /// problems.
  mutating func finish(problems: inout FormatProblemLog) -> Column {
    dictionary.freeze()
    let column = Column(name: name, codes: codes, dictionary: dictionary)
    guard column.type.isOrdered else { return column }
    let strays = (0..<dictionary.count).map {
      !column.entryIsMissing($0) && column.numbers[$0].isNaN
    }
    guard strays.contains(true) else { return column }
    let isDate = column.type == .dateTime
    for row in codes.indices where strays[Int(codes[row])] {
      problems.add(
        FormatProblem(
          kind: isDate ? .notADate : .notANumber, row: row, column: name,
          message: "Row \(row), column \(name): \"\(TextCheck.excerpt(column.bytes(row)))\" is not "
            + "a \(isDate ? "date" : "number") as the column's other values are; it counts as "
            + "missing in statistics."))
    }
    return column
  }
}
