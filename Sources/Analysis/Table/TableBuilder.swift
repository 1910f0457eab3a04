/// Collects cells into columns while a dataset is read.
struct TableBuilder: Sendable {
  let limits: DatasetLimits
  /// Whether numbers may have other marks than a point, unlike JSON's.
  let takesMarks: Bool
  var problems = FormatProblemLog()
  private(set) var rowCount = 0
  private var columns: [ColumnBuilder] = []
  /// The columns up to the last one that the header names.
  private var namedWidth = 0

  init(limits: DatasetLimits, takesMarks: Bool = false) {
    self.limits = limits
    self.takesMarks = takesMarks
  }

  var columnCount: Int { columns.count }

  /// The name of a column as messages show it.
  func columnLabel(_ column: Int) -> String {
    column < columns.count && !columns[column].name.isEmpty
      ? columns[column].name : "#\(column + 1)"
  }

  /// Where a cell is, to begin a message with.
  func place(_ column: Int, isHeader: Bool) -> String {
    isHeader ? "Header, column \(column + 1)" : "Row \(rowCount), column \(columnLabel(column))"
  }

  // MARK: Columns

  /// Adds a column of the header; ``checkHeader()`` completes its checks.
  mutating func addColumn(named name: UnsafeRawBufferPointer) throws(DatasetError) {
    try check(name, column: columns.count, isHeader: true)
    try add(name, row: nil)
  }

  private mutating func add(
    _ name: UnsafeRawBufferPointer, row: Int?
  ) throws(DatasetError) {
    guard columns.count < limits.maxColumns else {
      throw DatasetError(
        kind: .tooManyColumns,
        message: "The dataset has more than \(limits.maxColumns.grouped) columns: leave some out.",
        row: row, column: name.isEmpty ? columnLabel(columns.count) : TextCheck.excerpt(name))
    }
    let trimmed = Array(name)[...].trimmingSpaces()
    columns.append(
      ColumnBuilder(name: String(decoding: trimmed, as: UTF8.self), takesMarks: takesMarks))
  }

  /// Adds a column that the rows read so far lack.
  mutating func addSparseColumn(named name: UnsafeRawBufferPointer) throws(DatasetError) {
    try check(name, column: columns.count, isHeader: false)
    try add(name, row: rowCount)
    let index = columns.count - 1
    guard !columns[index].name.isEmpty else { throw emptyName(index, row: rowCount) }
    if columns[..<index].contains(where: { $0.name == columns[index].name }) {
      throw duplicateName(index, row: rowCount)
    }
    try checkCells(rows: rowCount)
    columns[index].pad(to: rowCount)
  }

  /// Names columns that have no name by their place, as pandas does. At least one must have a name: else
  /// there is no header.
  mutating func checkHeader() throws(DatasetError) {
    let unnamed = columns.indices.filter { columns[$0].name.isEmpty }
    if let first = unnamed.first, unnamed.count == columns.count { throw emptyName(first) }
    let given = Set(columns.map(\.name))
    for index in unnamed {
      let name = "Unnamed: \(index)"
      columns[index].name =
        given.contains(name)
        ? (1...).lazy.map { "\(name).\($0)" }.first { !given.contains($0) } ?? name : name
    }
    var seen: Set<String> = []
    for index in columns.indices {
      guard seen.insert(columns[index].name).inserted else { throw duplicateName(index) }
    }
    namedWidth = (columns.indices.last { !unnamed.contains($0) } ?? -1) + 1
    // Row numbers, as pandas and R write them, stand first.
    for index in unnamed where index > 0 && index < namedWidth { reportUnnamed(index) }
  }

  private mutating func reportUnnamed(_ index: Int) {
    let name = columns[index].name
    problems.add(
      FormatProblem(
        kind: .unnamedColumn, column: name,
        message: "Column \(index + 1) has no name; it is called \"\(name)\"."))
  }

  // MARK: Rows

  /// Makes room for about so many rows in all, or for as many as there may be.
  mutating func reserve(rows: Int) {
    let allowed = min(limits.maxRows, limits.maxCells / max(columns.count, 1))
    let rows = max(0, min(rows + rows / 16, allowed))
    for column in columns.indices { columns[column].reserve(rows: rows) }
  }

  /// Adds the next cell of the current row; a surplus one is checked and dropped.
  mutating func append(
    _ value: UnsafeRawBufferPointer, column: Int
  ) throws(DatasetError) {
    try check(value, column: column, isHeader: false)
    if column < columns.count { columns[column].append(value) }
  }

  /// Adds the next cell of the current row, which is neither decimal nor moment.
  ///
  /// - Parameter isPlain: Whether all its bytes are known to be ASCII and none is NUL.
  @inline(__always)
  mutating func append(
    word: UnsafeRawBufferPointer, column: Int, isPlain: Bool
  ) throws(DatasetError) {
    if !isPlain || word.count > limits.maxFieldBytes {
      try check(word, column: column, isHeader: false)
    }
    if column < columns.count { columns[column].append(word: word) }
  }

  /// Adds the next cell of the current row, a decimal or moment; a surplus one is dropped.
  @inline(__always)
  mutating func append(_ cell: PackedCell, length: Int, column: Int) throws(DatasetError) {
    guard length <= limits.maxFieldBytes else {
      throw fieldTooLong(column, isHeader: false, hint: "")
    }
    if column < columns.count { columns[column].append(cell) }
  }

  /// Sets a cell of the current row, in any order of columns; the bytes were checked before.
  mutating func replace(_ value: UnsafeRawBufferPointer, column: Int) throws(DatasetError) {
    guard value.count <= limits.maxFieldBytes else {
      throw fieldTooLong(column, isHeader: false, hint: "")
    }
    columns[column].set(value, row: rowCount)
  }

  /// Ends a row of `fieldCount` fields, padding it to the header's width.
  mutating func endRow(fieldCount: Int) throws(DatasetError) {
    try checkRows()
    let row = rowCount
    let width = columns.count
    if fieldCount < width {
      for column in fieldCount..<width { columns[column].pad(to: row + 1) }
      if fieldCount < namedWidth {
        problems.add(
          FormatProblem(
            kind: .tooFewFields, row: row,
            message: "Row \(row) has \(fieldCount) fields instead of \(width); the rest counts as "
              + "missing."))
      }
    } else if fieldCount > width {
      problems.add(
        FormatProblem(
          kind: .tooManyFields, row: row,
          message: "Row \(row) has \(fieldCount) fields instead of \(width); the surplus was "
            + "dropped. Quote values that contain commas."))
    }
    rowCount += 1
  }

  /// Ends a row whose cells were set in any order.
  mutating func endSparseRow() throws(DatasetError) {
    try checkRows()
    rowCount += 1
    for column in columns.indices { columns[column].pad(to: rowCount) }
  }

  func requireRows() throws(DatasetError) {
    guard rowCount > 0 else {
      throw DatasetError(
        kind: .noRows, message: "The dataset has a header but no rows: send at least one row.")
    }
  }

  /// Infers the types and returns the table.
  mutating func finish(
    _ layout: DatasetLayout, isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> Table {
    var finished: [Column] = []
    finished.reserveCapacity(columns.count)
    let file = takesMarks ? FileMarks(columns, hasSemicolons: layout.hasSemicolons) : nil
    for index in columns.indices {
      if isCancelled() { throw AnalysisCancelled() }
      let column = try columns[index].finish(file, problems: &problems, isCancelled: isCancelled)
      columns[index] = ColumnBuilder(name: column.name, takesMarks: takesMarks)
      finished.append(column)
    }
    if layout.format == .csv { dropEmptyColumns(&finished) }
    return Table(
      layout: layout, rowCount: rowCount, columns: finished,
      formatProblems: problems.listed, formatProblemCount: problems.total)
  }

  /// Leaves out the last columns that have neither a name nor a value, which spreadsheets write beside a
  /// table.
  private mutating func dropEmptyColumns(_ finished: inout [Column]) {
    let kept = max(namedWidth, (finished.lastIndex { $0.type != .empty } ?? -1) + 1)
    for index in namedWidth..<kept { reportUnnamed(index) }
    let dropped = finished.count - kept
    guard dropped > 0 else { return }
    finished.removeLast(dropped)
    problems.add(
      FormatProblem(
        kind: .emptyColumn,
        message: dropped == 1
          ? "Column \(kept + 1) has neither a name nor a value; it was left out."
          : "Columns \(kept + 1) to \(kept + dropped) have neither names nor values; they were left "
            + "out."))
  }

  // MARK: Errors

  func fieldTooLong(_ column: Int, isHeader: Bool, hint: String) -> DatasetError {
    DatasetError(
      kind: .fieldTooLong,
      message: "\(place(column, isHeader: isHeader)): a value is longer than "
        + "\(limits.maxFieldBytes.grouped) bytes: shorten it.\(hint)",
      row: isHeader ? nil : rowCount, column: columnLabel(column))
  }

  private func check(
    _ value: UnsafeRawBufferPointer, column: Int, isHeader: Bool
  ) throws(DatasetError) {
    guard value.count <= limits.maxFieldBytes else {
      throw fieldTooLong(column, isHeader: isHeader, hint: "")
    }
    var union: UInt8 = 0
    var hasNUL = false
    for byte in value {
      union |= byte
      if byte == 0 { hasNUL = true }
    }
    guard union >= 0x80 || hasNUL else { return }
    if hasNUL {
      throw DatasetError(
        kind: .binaryContent,
        message: "\(place(column, isHeader: isHeader)) holds a NUL byte: this is binary data or "
          + "UTF-16. Send text in UTF-8.",
        row: isHeader ? nil : rowCount, column: columnLabel(column))
    }
    if let offset = TextCheck.firstInvalidUTF8(value) {
      throw DatasetError(
        kind: .invalidEncoding,
        message:
          "\(place(column, isHeader: isHeader)): byte \(offset + 1) of the value "
          + TextCheck.invalidUTF8(value[offset]),
        row: isHeader ? nil : rowCount, column: columnLabel(column))
    }
  }

  private func checkRows() throws(DatasetError) {
    guard rowCount < limits.maxRows else {
      throw DatasetError(
        kind: .tooManyRows,
        message: "The dataset has more than \(limits.maxRows.grouped) rows: send a part or a "
          + "sample.",
        row: rowCount)
    }
    try checkCells(rows: rowCount + 1)
  }

  private func checkCells(rows: Int) throws(DatasetError) {
    guard rows * columns.count > limits.maxCells else { return }
    throw DatasetError(
      kind: .tooManyCells,
      message:
        "The dataset has more than \(limits.maxCells.grouped) cells (rows times columns): send fewer "
        + "rows or columns.",
      row: rowCount)
  }

  private func emptyName(_ index: Int, row: Int? = nil) -> DatasetError {
    DatasetError(
      kind: .emptyColumnName,
      message: "Column \(index + 1) has no name: name it or leave it out "
        + "(in pandas, write with index=False).",
      row: row, column: "#\(index + 1)")
  }

  private func duplicateName(_ index: Int, row: Int? = nil) -> DatasetError {
    DatasetError(
      kind: .duplicateColumnName,
      message: "Two columns are named \"\(columns[index].name)\" (the second is column "
        + "\(index + 1)): rename one.",
      row: row, column: columns[index].name)
  }
}
