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
  mutating func finish(
    hasSemicolons: Bool, problems: inout FormatProblemLog, isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> Column {
    let (cells, spellings, marks) = try settle(hasSemicolons: hasSemicolons, isCancelled)
    let census = ColumnCensus(
      name: name, cells: cells, spellings: spellings, marks: marks, hasSemicolons: hasSemicolons)
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

  /// Decides how numbers are read, and how the cells are held: packed if at least half of the values
  /// are decimals, which have a point before the fraction.
  private mutating func settle(
    hasSemicolons: Bool, _ isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> (ColumnCells, Spellings, NumberMarks) {
    var frequencies = [Int](repeating: 0, count: dictionary.count)
    var decimals = 0
    for cell in cells {
      if cell.isDecimal { decimals += 1 } else { frequencies[cell.spelling] += 1 }
    }
    var isMissing = (0..<dictionary.count).map { MissingTokens.contains(dictionary[$0]) }
    let words = zip(frequencies, isMissing).reduce(0) { $1.1 ? $0 : $0 + $1.0 }
    let marks =
      hasSemicolons && words > 0 ? marks(frequencies, isMissing, decimals: decimals) : .plain
    let arePacked =
      marks.fraction == .point || !cells.contains { $0.isDecimal && $0.scale > 0 }
    if decimals > 0, decimals >= words, arePacked {
      return (.packed(cells), try spellings(frequencies, isMissing, isCancelled), marks)
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
    return (.coded(codes), try spellings(frequencies, isMissing, isCancelled), marks)
  }

  /// How the numbers are written, if that reads more of them than a point before fractions does and
  /// what is left are strays.
  private func marks(
    _ frequencies: [Int], _ isMissing: [Bool], decimals: Int
  ) -> NumberMarks {
    var evidence = MarkEvidence(hasSemicolons: true)
    let words = frequencies.indices.filter {
      frequencies[$0] > 0 && !isMissing[$0] && !MissingTokens.standsIn(dictionary[$0])
    }
    let present = words.reduce(decimals) { $0 + frequencies[$1] }
    // Most columns are no numbers: the first values show it.
    var strays = 0
    for word in words {
      if !evidence.add(dictionary[word], cells: frequencies[word]) {
        strays += frequencies[word]
        if !ColumnCensus.suffices(present - strays, of: present) { return .plain }
      }
    }
    guard evidence.hasMarks else { return .plain }
    var (points, openPoints) = (0, 0)
    for cell in cells where cell.isDecimal {
      evidence.add(cell)
      if cell.scale > 0 { points += 1 }
      if cell.hasOpenPoint { openPoints += 1 }
    }
    guard let marks = evidence.marks, marks != .plain else { return .plain }
    var (read, plain) = (decimals, decimals)
    if marks.fraction == .comma { read -= marks.grouping == .point ? points - openPoints : points }
    for word in words {
      if marks.parse(dictionary[word]) != nil { read += frequencies[word] }
      if NumberMarks.plain.parse(dictionary[word]) != nil { plain += frequencies[word] }
    }
    let isBetter = evidence.isCertain || !ColumnCensus.suffices(plain, of: present)
    return read > plain && isBetter && ColumnCensus.suffices(read, of: present) ? marks : .plain
  }

  /// The dictionary as it is now, without numbers.
  private mutating func spellings(
    _ frequencies: [Int], _ isMissing: [Bool], _ isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> Spellings {
    dictionary.freeze()
    return Spellings(
      dictionary: dictionary, frequencies: frequencies, isMissing: isMissing,
      firstOfEqual: try JSONCanonical.firstOfEqual(dictionary, isCancelled: isCancelled),
      numbers: [Double](repeating: .nan, count: dictionary.count))
  }
}
