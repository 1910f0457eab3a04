/// Counts what a column's cells look like and infers its type from all of them.
struct ColumnCensus {
  /// Share of the values that must be numbers for a column of numbers, and dates for one of dates;
  /// the rest are strays.
  static let numericShare = 0.95
  /// Columns shorter than this are never taken for identifiers by their values alone, nor are strays
  /// tolerated: in a few rows all values differ by chance.
  static let significantCount = 20

  let name: String
  private(set) var cells: ColumnCells
  private(set) var spellings: Spellings
  /// How its numbers are written.
  let marks: NumberMarks
  private(set) var missingCount: Int
  private(set) var type = ColumnType.empty
  private(set) var distinctCount = 0
  /// What a person should know of how the column was read.
  private(set) var note: String?
  /// Whether it only counts rows: see ``IdentifierEvidence``.
  private(set) var numbersRows = false

  private var present: Int { cells.count - missingCount }
  private var numericCells = 0
  private var integerCells = 0
  /// Cells that are packed moments. There are none where the other values are more than strays.
  private var momentCells = 0
  /// Whether all decimals are written 0 or 1.
  private var isZeroOrOne = true

  /// - Parameter tellsMarks: Whether a person should know how the marks in numbers were read.
  init(
    name: String, cells: ColumnCells, spellings: Spellings, marks: NumberMarks, tellsMarks: Bool
  ) {
    self.name = name
    self.cells = cells
    self.spellings = spellings
    self.marks = marks
    missingCount = spellings.indices.reduce(0) {
      spellings.isMissing[$1] ? $0 + spellings.frequencies[$1] : $0
    }
    countNumbers()
    type = inferType()
    if !standIns.isEmpty { dismissStandIns() }
    if type.isNumeric, tellsMarks { noteMarks() }
    if type == .category { admitNone() }
    if type.isOrdered || type == .boolean { distinctCount = ValueKeys(self).distinctCount }
    let evidence = IdentifierEvidence(self)
    if let reason = evidence.reason {
      type = .identifier
      note = reason + " It is never used as a feature."
    }
    numbersRows = evidence.numbersRows
  }

  private mutating func countNumbers() {
    if case .packed(let cells) = cells {
      for cell in cells where cell.isDecimal {
        numericCells += 1
        if cell.scale == 0 { integerCells += 1 }
        if !cell.isZeroOrOne { isZeroOrOne = false }
      }
      momentCells = cells.count(where: \.isMoment)
    }
    for entry in spellings.values {
      guard let parsed = marks.parse(spellings[entry]) else { continue }
      spellings.numbers[entry] = parsed.value
      numericCells += spellings.frequencies[entry]
      if parsed.isInteger { integerCells += spellings.frequencies[entry] }
    }
  }

  /// Tells of numbers that are not written plainly, or might mean others.
  private mutating func noteMarks() {
    var notes = [marks.note(isWhole: type == .integer), note].compactMap(\.self)
    let mark = openMark()
    if mark == marks.fraction {
      notes.append(
        "Each \(marks.fraction.word) stands before three digits and is read as that of a fraction: if it "
          + "sets thousands off, write the numbers without it.")
    } else if let mark, mark == marks.grouping {
      notes.append(
        "Each \(mark.word) stands before three digits, and other columns have \(marks.fraction.words) "
          + "before fractions.")
    }
    note = notes.isEmpty ? nil : notes.joined(separator: " ")
  }

  /// The mark that may stand before fractions or set thousands off wherever it is; nil if there is none, or
  /// numbers show which it is.
  private func openMark() -> NumberMark? {
    var found: NumberMark?
    if case .packed(let cells) = cells {
      for cell in cells where cell.isDecimal {
        guard let mark = cell.fractionMark ?? cell.grouping?.mark else { continue }
        guard cell.isOpen || cell.isOpenGroup, found ?? mark == mark else { return nil }
        found = mark
      }
    }
    for entry in spellings.values where !spellings.numbers[entry].isNaN {
      guard let number = WrittenNumber(spellings[entry]), number.grouping == nil else { return nil }
      guard let mark = number.fractionMark else { continue }
      guard number.isOpen, found ?? mark == mark else { return nil }
      found = mark
    }
    return found
  }

  private mutating func inferType() -> ColumnType {
    if present == 0 { return .empty }
    if isBoolean() { return .boolean }
    if suffices(numericCells), !isCode() {
      return integerCells < numericCells ? .real : .integer
    }
    if isDates() { return .dateTime }
    distinctCount = ValueKeys(self).distinctCount
    return distinctCount > Self.significantCount && distinctCount * 2 > present ? .text : .category
  }

  private func suffices(_ cells: Int) -> Bool { Self.suffices(cells, of: present) }

  /// Whether the rest of the values are strays, if there is a rest.
  static func suffices(_ cells: Int, of present: Int) -> Bool {
    cells == present
      || (present >= significantCount && Double(cells) >= numericShare * Double(present))
  }

  /// Takes `none` for a value where the others are words: programs write missing ones as nothing,
  /// `NA` or `null`, and a category may well be called "None".
  private mutating func admitNone() {
    for entry in spellings.indices where spellings.isMissing[entry] {
      let text = spellings[entry].trimmingSpaces()
      let frequency = spellings.frequencies[entry]
      guard frequency > 0, String(decoding: text, as: UTF8.self).lowercased() == "none" else {
        continue
      }
      spellings.isMissing[entry] = false
      missingCount -= frequency
      distinctCount += 1
      note = "\"None\" is taken for one of its values."
    }
  }

  /// Words such as `unknown` and `.`, which statistics programs write for missing numbers.
  private var standIns: [Int] { spellings.standIns.filter(spellings.isValue).sorted() }

  /// Takes such words for missing where without them the column is one of numbers or dates.
  private mutating func dismissStandIns() {
    var other = self
    let words = standIns
    for entry in words {
      other.spellings.isMissing[entry] = true
      other.missingCount += spellings.frequencies[entry]
    }
    other.type = other.inferType()
    guard other.present > 0, other.type.isOrdered || other.type == .boolean,
      other.type != .boolean || other.numericCells > 0
    else { return }
    other.note =
      "\"\(TextCheck.excerpt(spellings[words[0]].trimmingSpaces()))\" is taken for a missing value."
      + (other.note.map { " \($0)" } ?? "")
    self = other
  }

  /// Whether its numbers are words of digits, all of one length, of which some begin with zero, such as
  /// postal codes and the numbers of states: as numbers they would lose it.
  private func isCode() -> Bool {
    func isDigits(_ text: some Sequence<UInt8>) -> Bool { text.allSatisfy(\.isASCIIDigit) }
    let padded = spellings.values.first {
      spellings[$0].count > 1 && spellings[$0].first == 0x30 && isDigits(spellings[$0])
    }
    guard let padded else { return false }
    let length = spellings[padded].count
    var codes = spellings.values.reduce(0) { sum, entry in
      spellings[entry].count == length && isDigits(spellings[entry])
        ? sum + spellings.frequencies[entry] : sum
    }
    if case .packed(let cells) = cells {
      codes += cells.count { $0.isDecimal && $0.text.count == length && isDigits($0.text) }
    }
    return suffices(codes)
  }

  // MARK: Two values

  private func isBoolean() -> Bool {
    guard momentCells == 0 else { return false }
    var words: Set<String> = []
    if case .packed(let cells) = cells {
      guard isZeroOrOne else { return false }
      for cell in cells where cell.isDecimal {
        words.insert(cell.mantissa == 0 ? "0" : "1")
        if words.count == 2 { break }
      }
    }
    for entry in spellings.values {
      let text = spellings[entry].trimmingSpaces()
      guard text.count <= 5 else { return false }
      words.insert(String(decoding: text, as: UTF8.self).lowercased())
      guard words.count <= 2 else { return false }
    }
    return BooleanWords.pairs.contains { words == Set($0) }
  }

  // MARK: Dates

  /// Reads the values as dates if they are. The order of days and months that suits more cells
  /// counts, and months come first where both suit equally.
  private mutating func isDates() -> Bool {
    if momentCells == 0, case .packed = cells { return false }
    var (dayFirst, monthFirst, either, strays) = (momentCells, momentCells, momentCells, 0)
    var isAmbiguous = false
    var seconds: [(dayFirst: Double, monthFirst: Double)] = []
    for entry in spellings.values {
      let frequency = spellings.frequencies[entry]
      guard let date = WrittenDate(spellings[entry]) else {
        strays += frequency
        // Most columns are no dates: the first values show it.
        if !suffices(present - strays) { return false }
        seconds.append((.nan, .nan))
        continue
      }
      let found = (dayFirst: date.seconds(.dayFirst), monthFirst: date.seconds(.monthFirst))
      if found.dayFirst != nil { dayFirst += frequency }
      if found.monthFirst != nil { monthFirst += frequency }
      if let first = found.dayFirst, let second = found.monthFirst {
        either += frequency
        if first != second { isAmbiguous = true }
      }
      seconds.append((found.dayFirst ?? .nan, found.monthFirst ?? .nan))
    }
    let order = dayFirst > monthFirst ? DayOrder.dayFirst : .monthFirst
    let contradict = dayFirst > either && monthFirst > either
    guard suffices(max(dayFirst, monthFirst)) else {
      if contradict, suffices(dayFirst + monthFirst - either) {
        note =
          "Its dates contradict each other: some have the day first and some the month, so they were not "
          + "read as dates."
      }
      return false
    }
    if contradict {
      note =
        "Some dates have the day first and some the month; what may be either was read "
        + "\(order == .dayFirst ? "day" : "month") first."
    } else if isAmbiguous, dayFirst == monthFirst {
      note =
        "No date tells whether the day or the month comes first; they were read month first."
    }
    for (entry, seconds) in zip(spellings.values, seconds) {
      spellings.numbers[entry] = order == .dayFirst ? seconds.dayFirst : seconds.monthFirst
    }
    return true
  }
}
