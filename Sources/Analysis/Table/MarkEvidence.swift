/// What the values of a column tell of the marks in its numbers.
///
/// A mark before other than three digits, or after another mark, stands before a fraction; one that
/// comes twice, or before another, sets thousands off. What one value leaves open the others decide, and
/// where they do not, it stays open: nothing is guessed by a factor of 1,000.
struct MarkEvidence: Equatable {
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
  private let hasSemicolons: Bool

  /// Cells by mark.
  private struct MarkCounts: Equatable {
    private var counts = [Int](repeating: 0, count: NumberMark.allCases.count)

    subscript(_ mark: NumberMark) -> Int {
      get { counts[mark.rawValue] }
      set { counts[mark.rawValue] = newValue }
    }
  }

  /// - Parameter hasSemicolons: Whether semicolons separate values, which programs write where a comma
  ///   stands before fractions.
  init(hasSemicolons: Bool = false) {
    self.hasSemicolons = hasSemicolons
  }

  /// Notes how a value is written that some cells have.
  ///
  /// - Returns: Whether it is a number.
  mutating func add(_ bytes: ArraySlice<UInt8>, cells: Int) -> Bool {
    guard bytes.count <= WrittenNumber.longest, bytes.contains(where: \.isASCIIDigit) else {
      return false
    }
    if addSimple(bytes, cells: cells) { return true }
    if let number = WrittenNumber(bytes) {
      add(number, cells: cells)
      return true
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

  /// The same as ``WrittenNumber`` says of digits with at most one point or comma, which most are, without
  /// taking them apart. False for all else.
  private mutating func addSimple(_ bytes: ArraySlice<UInt8>, cells: Int) -> Bool {
    let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
    let whole = digits.prefix(while: \.isASCIIDigit)
    let rest = digits.dropFirst(whole.count)
    guard let first = whole.first else { return false }
    guard let byte = rest.first else {
      wholeNumbers += cells
      note(digits: whole.count, cells: cells)
      return true
    }
    let fraction = rest.dropFirst()
    guard byte == NumberMark.point.byte || byte == NumberMark.comma.byte, !fraction.isEmpty,
      fraction.allSatisfy(\.isASCIIDigit)
    else { return false }
    let mark: NumberMark = byte == NumberMark.point.byte ? .point : .comma
    if fraction.count == 3, whole.count <= 3, first != UInt8(ascii: "0") {
      open[mark] += cells
    } else {
      fractions[mark] += cells
    }
    cellCount += cells
    return true
  }

  mutating func add(_ number: WrittenNumber, cells: Int) {
    if let mark = number.grouping { groups[mark] += cells }
    if let mark = number.fractionMark {
      if number.isOpen { open[mark] += cells } else { fractions[mark] += cells }
    }
    if number.grouping != nil, number.fractionMark != nil || number.hasNoBreakSpace {
      hasProof = true
    }
    if number.grouping == nil, number.fractionMark == nil { wholeNumbers += cells }
    if number.fractionMark == nil {
      note(digits: number.whole.count, cells: cells)
    } else {
      cellCount += cells
    }
  }

  private mutating func note(digits count: Int, cells: Int) {
    digits[min(count, WrittenNumber.longest)] += cells
    cellCount += cells
  }

  /// Notes a decimal with a point or without.
  mutating func add(_ cell: PackedCell) {
    cellCount += 1
    if cell.scale == 0 {
      wholeNumbers += 1
      digits[min(cell.text.count, WrittenNumber.longest)] += 1
    } else if cell.hasOpenPoint {
      open[.point] += 1
    } else {
      fractions[.point] += 1
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
    let other: NumberMark = mark == .point ? .comma : .point
    switch (fractions[mark] > 0, groups[mark] > 0) {
    case (true, true): return .unknown
    case (true, false): return .fraction
    case (false, true): return .thousands
    case (false, false): break
    }
    if mark == .point { return .unknown }
    if fractions[other] > 0 { return .thousands }
    if hasSemicolons { return .fraction }
    return wholeNumbers > 0 ? .thousands : .unknown
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

  /// How the numbers are written, but for strays; nil if they contradict each other.
  var marks: NumberMarks? {
    // Where strays are tolerated, one cell is no proof of what the others leave open.
    let isProof = cellCount < ColumnCensus.significantCount
    let proven = NumberMark.allCases.filter {
      setsThousandsOff($0) && (isProof || groups[$0] > 1 || open[$0] == 0)
    }
    let fractionMarks = [NumberMark.point, .comma].filter { fractions[$0] > 0 }
    guard let groupings = commonest(groups, of: proven),
      let meant = commonest(fractions, of: fractionMarks)
    else { return nil }
    let fraction: NumberMark =
      if let mark = meant.first {
        mark
      } else if groupings == [.comma] {
        .point
      } else {
        open[.comma] > 0 || groupings == [.point] ? .comma : .point
      }
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
