/// What the values of a column tell of the marks in its numbers.
///
/// A mark before other than three digits, or after another mark, stands before a fraction; one that
/// comes twice, or before another, sets thousands off. What one value leaves open the others decide, and
/// where they do not, it stays open: nothing is guessed by a factor of 1,000.
struct MarkEvidence {
  /// What an open mark means.
  enum Meaning { case fraction, thousands, unknown }

  /// Cells in which each mark stands before a fraction, sets thousands off, or may do either.
  private var fractions = MarkCounts()
  private var groups = MarkCounts()
  private var open = MarkCounts()
  private var wholeNumbers = 0
  /// Cells by their number of digits, of those with neither a fraction nor an open mark.
  private var digits = [Int](repeating: 0, count: WrittenNumber.longest + 1)
  /// Whether the rest of the column is known to be numbers, or marks have been met that only set thousands
  /// off.
  private var hasProof = false
  private var cellCount = 0
  /// Whether a number was met that says by itself that its mark sets thousands off: at most two digits stand
  /// before it. Numbers of three digits each may be a list.
  private var hasShortGroup = false
  private let file: FileMarks?
  private let hasSemicolons: Bool

  /// Cells by mark.
  private struct MarkCounts {
    private var (points, commas, apostrophes, spaces) = (0, 0, 0, 0)

    subscript(_ mark: NumberMark) -> Int {
      get {
        switch mark {
        case .point: points
        case .comma: commas
        case .apostrophe: apostrophes
        case .space: spaces
        }
      }
      set {
        switch mark {
        case .point: points = newValue
        case .comma: commas = newValue
        case .apostrophe: apostrophes = newValue
        case .space: spaces = newValue
        }
      }
    }
  }

  /// - Parameter file: What the column's file tells; nil if nothing is known of it.
  init(_ file: FileMarks? = nil) {
    self.file = file
    hasSemicolons = file?.hasSemicolons == true
  }

  /// Notes how a value is written that some cells have.
  ///
  /// - Returns: Whether it is a number.
  mutating func add(_ bytes: ArraySlice<UInt8>, cells: Int) -> Bool {
    guard bytes.count <= WrittenNumber.longest, bytes.contains(where: \.isASCIIDigit) else {
      return false
    }
    if let number = WrittenNumber(bytes) {
      add(number, cells: cells)
      return !number.mayBeAddress
    }
    // With an exponent, or no digit before the fraction.
    var isNumber = false
    for mark in [NumberMark.point, .comma] where NumberParser.parse(bytes, point: mark.byte) != nil
    {
      isNumber = true
      if bytes.contains(mark.byte) { fractions[mark] += cells }
    }
    return isNumber
  }

  /// Notes how a number is written that some cells have. One that may be an address tells nothing.
  mutating func add(_ number: WrittenNumber, cells: Int) {
    if number.mayBeAddress { return }
    if let mark = number.grouping { groups[mark] += cells }
    if let mark = number.fractionMark {
      if number.isOpen { open[mark] += cells } else { fractions[mark] += cells }
    }
    if number.grouping != nil, number.fractionMark != nil || number.hasNoBreakSpace {
      hasProof = true
    }
    if number.grouping != nil
      ? number.wholeDigits % 3 != 0 : number.isOpen && number.wholeDigits < 3
    {
      hasShortGroup = true
    }
    if number.grouping == nil, number.fractionMark == nil { wholeNumbers += cells }
    if number.fractionMark == nil {
      digits[number.wholeDigits] += cells
    }
    cellCount += cells
  }

  /// Notes a decimal.
  mutating func add(_ cell: PackedCell) {
    cellCount += 1
    if let grouping = cell.grouping {
      groups[grouping.mark] += 1
      if cell.scale > 0 || grouping.isNoBreakSpace { hasProof = true }
    }
    // With semicolons nobody asks.
    if !hasShortGroup, !hasSemicolons {
      hasShortGroup =
        cell.isGrouped ? cell.digitCount % 3 != 0 : cell.isOpen && cell.digitCount < 3
    }
    if let mark = cell.fractionMark {
      if cell.isOpen { open[mark] += 1 } else { fractions[mark] += 1 }
    } else {
      if !cell.isGrouped { wholeNumbers += 1 }
      digits[cell.digitCount] += 1
    }
  }

  /// Notes how a column of numbers was read.
  mutating func add(_ marks: NumberMarks, isWhole: Bool) {
    hasProof = true
    if isWhole { wholeNumbers += 1 } else { fractions[marks.fraction] += 1 }
    if let grouping = marks.grouping { groups[grouping] += 1 }
  }

  /// Whether a mark sets thousands off. Numbers of telephones and of companies have spaces or points, as
  /// many digits each, and no fraction.
  func setsThousandsOff(_ mark: NumberMark) -> Bool {
    guard groups[mark] > 0 else { return false }
    if mark == .comma || mark == .apostrophe || hasProof { return true }
    let all = digits.reduce(open[mark], +)
    return fractions[.point] > 0 || fractions[.comma] > 0
      || Double(digits.max() ?? 0) <= ColumnCensus.numericShare * Double(all)
  }

  /// What a single point or comma before three digits means.
  func meaning(ofOpen mark: NumberMark) -> Meaning {
    switch (fractions[mark] > 0, groups[mark] > 0) {
    case (true, true): return .unknown
    case (true, false): return .fraction
    case (false, true): return .thousands
    case (false, false): break
    }
    let other: NumberMark = mark == .point ? .comma : .point
    if file?.fraction == other { return hasPlainThousands ? .unknown : .thousands }
    if mark == .point { return .unknown }
    if fractions[other] > 0 { return .thousands }
    if hasSemicolons { return .fraction }
    return wholeNumbers > 0 ? .thousands : .unknown
  }

  /// Whether a number is written without marks that would have them if they set thousands off.
  private var hasPlainThousands: Bool { digits[4...].contains { $0 > 0 } }

  /// Whether marks of which none is certain set thousands off: the file's other columns have fractions after
  /// the other mark, or the column other numbers that need none.
  func areThousands(open mark: NumberMark) -> Bool {
    guard let file, open[mark] > 0, groups[mark] == 0, meaning(ofOpen: mark) == .thousands else {
      return false
    }
    return hasSemicolons
      ? file.fraction != mark && file.fraction != nil : !hasPlainThousands
  }

  /// Whether more fractions follow a comma than a point, where values are separated by semicolons.
  var hasDecimalCommas: Bool {
    let points = fractions[.point]
    let commas = fractions[.comma]
    if points + commas > 0 { return hasSemicolons && commas > points }
    return hasSemicolons && open[.comma] > open[.point]
  }

  /// Whether there is a mark that plain numbers have not.
  var hasMarks: Bool { isCertain || open[.comma] > 0 }

  /// Whether some mark is certain to be none of plain numbers.
  var isCertain: Bool { fractions[.comma] > 0 || NumberMark.allCases.contains { groups[$0] > 0 } }

  /// How the numbers are written, but for strays; nil if they contradict each other, or where no semicolons
  /// separate values, if they may be lists.
  var marks: NumberMarks? {
    // Where strays are tolerated, one cell is no proof of what the others leave open.
    let isProof = cellCount < ColumnCensus.significantCount
    let proven = NumberMark.allCases.filter {
      areThousands(open: $0)
        || (setsThousandsOff($0) && (isProof || groups[$0] > 1 || open[$0] == 0))
    }
    let fractionMarks = [NumberMark.point, .comma].filter { fractions[$0] > 0 }
    var grouped = groups
    for mark in [NumberMark.point, .comma] where areThousands(open: mark) {
      grouped[mark] = open[mark]
    }
    guard let groupings = commonest(grouped, of: proven),
      let meant = commonest(fractions, of: fractionMarks)
    else { return nil }
    let fraction: NumberMark =
      if let mark = meant.first {
        mark
      } else if let grouping = groupings.first, grouping == .comma || grouping == .point {
        grouping == .comma ? .point : .comma
      } else {
        file?.fraction ?? (hasSemicolons && open[.comma] > 0 ? .comma : .point)
      }
    if !hasSemicolons, fraction == .comma ? !hasProof : !hasProof && !hasShortGroup { return nil }
    return groupings.first == fraction
      ? nil : NumberMarks(fraction: fraction, grouping: groupings.first)
  }

  /// The mark of most cells, if there is one; nil if more of the others are than may be strays.
  private func commonest(_ counts: MarkCounts, of marks: [NumberMark]) -> [NumberMark]? {
    guard let most = marks.max(by: { counts[$0] < counts[$1] }) else { return [] }
    let others = marks.reduce(-counts[most]) { $0 + counts[$1] }
    return ColumnCensus.suffices(cellCount - others, of: cellCount) ? [most] : nil
  }
}
