/// How the numbers of a column are written: what stands before fractions, and what sets thousands off.
struct NumberMarks: Equatable, Sendable {
  /// A point before fractions, and nothing between thousands.
  static let plain = NumberMarks(fraction: .point, grouping: nil)

  let fraction: NumberMark
  let grouping: NumberMark?

  /// The number that is written so; nil if it is none.
  func parse(_ bytes: ArraySlice<UInt8>) -> NumberParser.Parsed? {
    guard let grouping, let number = WrittenNumber(bytes) else {
      return NumberParser.parse(bytes, point: fraction.byte)
    }
    let isThousands = number.isOpen && number.fractionMark == grouping
    guard (number.grouping ?? grouping) == grouping,
      isThousands || (number.fractionMark ?? fraction) == fraction
    else { return nil }
    return NumberParser.parse(number.plain(isThousands: isThousands)[...])
  }

  /// Whether a decimal is a number that is written so.
  @inline(__always)
  func read(_ cell: PackedCell) -> Bool {
    if let mark = cell.grouping?.mark, mark != grouping { return false }
    guard let mark = cell.fractionMark, mark != fraction else { return true }
    return mark == grouping && cell.isOpen
  }

  /// What a person should know of it; nil of plain numbers.
  ///
  /// - Parameter isWhole: Whether no number has a fraction.
  func note(isWhole: Bool) -> String? {
    let comma = fraction == .comma && !isWhole ? "A comma stands before the fraction" : nil
    guard let grouping else { return comma.map { $0 + "." } }
    return comma.map { "\($0), and \(grouping.words) set thousands off." }
      ?? "\(grouping.words.capitalized) set thousands off."
  }
}

/// What a file tells of the marks in its numbers, for columns that leave it open.
struct FileMarks {
  /// Whether semicolons separate values. In other files `3,5` may be a list, and columns have to show by
  /// themselves that they are numbers.
  let hasSemicolons: Bool
  /// With semicolons, what stands before fractions wherever one can see it; nil if that differs, or there are
  /// none.
  let fraction: NumberMark?

  init(_ columns: [ColumnBuilder] = [], hasSemicolons: Bool) {
    self.hasSemicolons = hasSemicolons
    let marks = hasSemicolons ? Set(columns.flatMap(\.fractionMarks)) : []
    fraction = marks.count == 1 ? marks.first : nil
  }
}
