/// Collects one column: decimals and moments packed, each other spelling once and its number for each cell.
struct ColumnBuilder: Sendable {
  var name: String
  private let takesMarks: Bool
  private var cells: [PackedCell] = []
  private var dictionary = ByteDictionary()

  /// - Parameter takesMarks: Whether decimals may have a comma before their fraction, and thousands set off.
  init(name: String, takesMarks: Bool) {
    self.name = name
    self.takesMarks = takesMarks
  }

  mutating func reserve(rows: Int) {
    cells.reserveCapacity(rows)
  }

  /// Adds a cell that was scanned already.
  @inline(__always)
  mutating func append(_ cell: PackedCell) {
    cells.append(cell)
  }

  /// Adds a value that is neither decimal nor moment.
  mutating func append(word: UnsafeRawBufferPointer) {
    cells.append(PackedCell(spelling: dictionary.insert(word)))
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
      let (cell, length) = PackedCell.scan(
        start, value.count, takesGroups: takesMarks, takesCommas: takesMarks),
      length == value.count
    {
      return cell
    }
    return PackedCell(spelling: dictionary.insert(value))
  }

  /// What its decimals show to stand before fractions: at least half of the cells are decimals, and more of
  /// these than may be strays are certain. A "12,5" among texts shows nothing.
  var fractionMarks: [NumberMark] {
    var (decimals, points, commas) = (0, 0, 0)
    for cell in cells where cell.isDecimal {
      decimals += 1
      guard let mark = cell.fractionMark, !cell.isOpen else { continue }
      if mark == .comma { commas += 1 } else { points += 1 }
    }
    guard 2 * decimals >= cells.count else { return [] }
    return [(NumberMark.point, points), (.comma, commas)].filter {
      Double($0.1) > (1 - ColumnCensus.numericShare) * Double(decimals)
    }.map(\.0)
  }

  /// Infers the type from all cells; values that do not fit a column of numbers or dates become
  /// problems.
  ///
  /// - Parameter file: What the file tells of the marks in numbers; nil where they are JSON's.
  mutating func finish(
    _ file: FileMarks?, problems: inout FormatProblemLog, isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> Column {
    let (cells, spellings, marks) = try settle(file, isCancelled)
    let census = ColumnCensus(
      name: name, cells: cells, spellings: spellings, marks: marks,
      tellsMarks: file?.hasSemicolons == true || marks != .plain)
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

  /// Decides how numbers are read, and how the cells are held: packed if all values but strays are moments, or
  /// at least half of them decimals whose fraction is written as the column's are.
  private mutating func settle(
    _ file: FileMarks?, _ isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> (ColumnCells, Spellings, NumberMarks) {
    var tally = Tally(dictionary)
    for cell in cells { tally.add(cell) }
    if tally.moments > 0 {
      let areMoments = ColumnCensus.suffices(tally.moments, of: tally.present)
      for row in cells.indices where areMoments ? cells[row].isDecimal : cells[row].isMoment {
        cells[row] = tally.spell(cells[row], &dictionary)
      }
      if areMoments { return (.packed(cells), try spellings(tally, isCancelled), .plain) }
    }
    let marks = file.map { self.marks(tally, $0) } ?? NumberMarks.plain
    if tally.marked > 0 || marks != .plain {
      for row in cells.indices where cells[row].isDecimal {
        if !marks.read(cells[row]) {
          cells[row] = tally.spell(cells[row], &dictionary)
        } else if let mark = cells[row].fractionMark, mark == marks.grouping {
          cells[row] = cells[row].asThousands
        }
      }
    }
    if tally.decimals > 0, tally.decimals >= tally.words {
      return (.packed(cells), try spellings(tally, isCancelled), marks)
    }
    let codes = [UInt32](unsafeUninitializedCapacity: cells.count) { codes, count in
      for (row, cell) in cells.enumerated() {
        let cell = cell.isDecimal ? tally.spell(cell, &dictionary) : cell
        codes.initializeElement(at: row, to: UInt32(cell.spelling))
      }
      count = cells.count
    }
    return (.coded(codes), try spellings(tally, isCancelled), marks)
  }

  /// How the numbers are written, if that reads more of them than a point before fractions does and
  /// what is left are strays.
  private func marks(_ tally: Tally, _ file: FileMarks) -> NumberMarks {
    let mayHaveMarks = tally.marked > 0 || file.fraction == .comma
    guard tally.words > 0 || mayHaveMarks else { return .plain }
    var evidence = MarkEvidence(file)
    let words = tally.frequencies.indices.filter {
      tally.frequencies[$0] > 0 && !tally.isMissing[$0] && !tally.standIns.contains($0)
    }
    if !mayHaveMarks, words.allSatisfy({ NumberMarks.plain.parse(dictionary[$0]) != nil }) {
      return .plain
    }
    let present = words.reduce(tally.decimals) { $0 + tally.frequencies[$1] }
    // Most columns are no numbers: the first values show it.
    var strays = 0
    for word in words {
      if !evidence.add(dictionary[word], cells: tally.frequencies[word]) {
        strays += tally.frequencies[word]
        if !ColumnCensus.suffices(present - strays, of: present) { return .plain }
      }
    }
    guard evidence.hasMarks || mayHaveMarks else { return .plain }
    for cell in cells where cell.isDecimal { evidence.add(cell) }
    guard let marks = evidence.marks, marks != .plain else { return .plain }
    var (read, plain) = (0, 0)
    for cell in cells where cell.isDecimal {
      if marks.read(cell) { read += 1 }
      if NumberMarks.plain.read(cell) { plain += 1 }
    }
    for word in words {
      if marks.parse(dictionary[word]) != nil { read += tally.frequencies[word] }
      if NumberMarks.plain.parse(dictionary[word]) != nil { plain += tally.frequencies[word] }
    }
    guard ColumnCensus.suffices(read, of: present) else { return .plain }
    if evidence.areThousands(open: .point) { return read >= plain ? marks : .plain }
    let isBetter = evidence.isCertain || !ColumnCensus.suffices(plain, of: present)
    return read > plain && isBetter ? marks : .plain
  }

  /// The dictionary as it is now, without numbers.
  private mutating func spellings(
    _ tally: Tally, _ isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> Spellings {
    dictionary.freeze()
    return Spellings(
      dictionary: dictionary, frequencies: tally.frequencies, isMissing: tally.isMissing,
      standIns: tally.standIns,
      firstOfEqual: try JSONCanonical.firstOfEqual(dictionary, isCancelled: isCancelled),
      numbers: [Double](repeating: .nan, count: dictionary.count))
  }
}

/// How many cells of a column are decimals or moments, and how many have each other spelling.
private struct Tally {
  private(set) var decimals = 0
  private(set) var moments = 0
  /// Decimals with a comma before the fraction, or with thousands set off.
  private(set) var marked = 0
  /// Cells with another value.
  private(set) var words = 0
  private(set) var frequencies: [Int]
  private(set) var isMissing: [Bool]
  /// Spellings that may stand for "missing", few of all.
  let standIns: Set<Int>

  /// Cells with a value.
  var present: Int { decimals + moments + words }

  init(_ dictionary: ByteDictionary) {
    frequencies = [Int](repeating: 0, count: dictionary.count)
    var standIns: Set<Int> = []
    isMissing = (0..<dictionary.count).map { entry in
      let meaning = MissingTokens.meaning(of: dictionary[entry])
      if meaning == .standIn { standIns.insert(entry) }
      return meaning == .missing
    }
    self.standIns = standIns
  }

  mutating func add(_ cell: PackedCell) {
    if cell.isDecimal {
      decimals += 1
      if cell.isGrouped || cell.fractionMark == .comma { marked += 1 }
    } else if cell.isMoment {
      moments += 1
    } else {
      frequencies[cell.spelling] += 1
      if !isMissing[cell.spelling] { words += 1 }
    }
  }

  /// Makes a decimal or a moment a spelling.
  mutating func spell(_ cell: PackedCell, _ dictionary: inout ByteDictionary) -> PackedCell {
    let code = cell.text.withUnsafeBytes { dictionary.insert($0) }
    if Int(code) == frequencies.count {
      frequencies.append(0)
      isMissing.append(false)
    }
    frequencies[Int(code)] += 1
    words += 1
    if cell.isDecimal { decimals -= 1 } else { moments -= 1 }
    return PackedCell(spelling: code)
  }
}
