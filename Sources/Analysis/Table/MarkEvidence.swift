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
  /// Cells by their number of digits, of those with spaces.
  private var spacedDigits: [Int: Int] = [:]
  /// Whether spaces in numbers have been met that only set thousands off.
  private var hasProvenSpaces = false
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
    return true
  }

  mutating func add(_ number: WrittenNumber, cells: Int) {
    if let mark = number.grouping { groups[mark] += cells }
    if let mark = number.fractionMark {
      if number.isOpen { open[mark] += cells } else { fractions[mark] += cells }
    }
    if number.grouping == .space {
      spacedDigits[number.whole.count, default: 0] += cells
      if number.hasNoBreakSpace || number.fractionMark != nil { hasProvenSpaces = true }
    } else if number.grouping == nil, number.fractionMark == nil {
      wholeNumbers += cells
    }
  }

  /// Notes a decimal with a point or without.
  mutating func add(_ cell: PackedCell) {
    if cell.scale == 0 {
      wholeNumbers += 1
    } else if cell.hasOpenPoint {
      open[.point] += 1
    } else {
      fractions[.point] += 1
    }
  }

  /// Notes how a column of numbers was read.
  mutating func add(_ marks: NumberMarks, isWhole: Bool) {
    if isWhole { wholeNumbers += 1 } else { fractions[marks.fraction] += 1 }
    if let grouping = marks.grouping { groups[grouping] += 1 }
  }

  /// Whether spaces set thousands off. Numbers of telephones have as many digits each, and no fraction.
  var hasThousandsBySpaces: Bool {
    let spaced = spacedDigits.values.reduce(0, +)
    let most = spacedDigits.values.max() ?? 0
    return spaced > 0
      && (hasProvenSpaces || wholeNumbers > 0 || fractions[.point] > 0 || fractions[.comma] > 0
        || Double(most) <= ColumnCensus.numericShare * Double(spaced))
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

  /// How the numbers are written, taken together; nil if they contradict each other.
  var marks: NumberMarks? {
    let proven = NumberMark.allCases.filter {
      groups[$0] > 0 && ($0 != .space || hasThousandsBySpaces)
    }
    guard proven.count <= 1, !(fractions[.point] > 0 && fractions[.comma] > 0) else {
      return nil
    }
    let fraction: NumberMark =
      if fractions[.comma] > 0 {
        .comma
      } else if fractions[.point] > 0 || proven == [.comma] {
        .point
      } else {
        open[.comma] > 0 || proven == [.point] ? .comma : .point
      }
    return proven.first == fraction ? nil : NumberMarks(fraction: fraction, grouping: proven.first)
  }
}
