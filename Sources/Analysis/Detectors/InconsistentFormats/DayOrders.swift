/// Finds dates that contradict each other: `13/02/2024` has the day first, and `02/13/2024` the month.
///
/// A column that has both is not read as one of dates, unless all but a few agree. The commoner order is
/// the column's, months first of equally common ones; a date that only the other one gives a day is
/// written the other way round. What could be either is left alone.
struct DayOrders {
  private let column: Column
  private let levels: ColumnLevels
  private var dayFirst: [Int] = []
  private var monthFirst: [Int] = []
  /// What is no date.
  private var others: [Int] = []

  /// Nil if fewer than the given share of the values are dates, or they agree.
  init?(_ column: Column, _ levels: ColumnLevels, mainShare: Double) {
    self.column = column
    self.levels = levels
    let present = levels.counts.dropFirst().reduce(0, +)
    // In a few values what is no date is no stray.
    let strays =
      present >= ColumnFormatRules.minimumCount ? Int((1 - mainShare) * Double(present)) : 0
    var otherCells = 0
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let date = WrittenDate(column.bytes(Int(levels.firstRow[level])))
      switch (date?.seconds(.dayFirst), date?.seconds(.monthFirst)) {
      case (.some, nil): dayFirst.append(level)
      case (nil, .some): monthFirst.append(level)
      case (.some, .some): break
      case (nil, nil):
        others.append(level)
        otherCells += levels.counts[level]
        if otherCells > strays { return nil }
      }
    }
    guard !dayFirst.isEmpty, !monthFirst.isEmpty else { return nil }
  }

  func find(_ issues: inout ColumnIssues) {
    let dayIsRare = cells(dayFirst) <= cells(monthFirst)
    for level in dayIsRare ? dayFirst : monthFirst {
      let text = column.bytes(Int(levels.firstRow[level]))
      issues.add(
        FormatIssue(
          kind: .dateFormat,
          reason: "a date written the other way round (\(dayIsRare ? "day" : "month") first) than "
            + "most others that tell", suggestion: Self.turned(text)), level: level)
    }
    for level in others {
      issues.add(WrittenDates.stray(column.bytes(Int(levels.firstRow[level]))), level: level)
    }
  }

  private func cells(_ found: [Int]) -> Int { found.reduce(0) { $0 + levels.counts[$1] } }

  /// A date with its first two numbers exchanged, as `03/31/2024` for `31/03/2024`: the same day where
  /// months and days come in the other order.
  static func turned(_ bytes: ArraySlice<UInt8>) -> String? {
    let text = bytes.trimmingSpaces()
    let first = text.prefix(while: \.isASCIIDigit)
    let second = text.dropFirst(first.count + 1).prefix(while: \.isASCIIDigit)
    guard (1...2).contains(first.count), (1...2).contains(second.count) else { return nil }
    let mark = text[first.endIndex..<second.startIndex]
    return String(decoding: second + mark + first + text[second.endIndex...], as: UTF8.self)
  }
}
