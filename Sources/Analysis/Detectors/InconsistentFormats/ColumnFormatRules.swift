/// Applies to each column the rules that suit its type.
struct ColumnFormatRules {
  let subject: AnalysisSubject
  let mainShare: Double
  let typoRatio: Double

  /// Columns with fewer values than this are not said to be mostly of one kind.
  static let minimumCount = 20
  /// Numbers of fewer different values are codes.
  static let minimumNumbers = 10
  /// Texts with more spaces than this, on average, are sentences: spaces around them do no harm.
  private static let wordSpaces = 3.0

  func issues(of index: Int, _ checkpoint: Checkpoint) throws(AnalysisCancelled) -> ColumnIssues {
    let column = subject.table.columns[index]
    try checkpoint.reached(0)
    var issues = ColumnIssues()
    switch column.type {
    case .empty: break
    case .integer, .real:
      findStrays(among: column, &issues)
    case .dateTime:
      let dates = WrittenDates(column, rowCount: subject.table.rowCount)
      try dates.find(subject.order(of: index), &issues, checkpoint)
    case .boolean, .category:
      let levels = subject.levels(of: index)
      if !findMixture(column, levels, &issues) {
        try SpellingVariants(column, levels, typoRatio: typoRatio).find(&issues, checkpoint)
      }
    case .text, .identifier:
      let levels = subject.levels(of: index)
      if !findMixture(column, levels, &issues) {
        try findDamage(column, levels, trims: !isProse(column, levels), &issues, checkpoint)
      }
    }
    return issues
  }

  /// Values of a column of numbers that are none.
  private func findStrays(among column: Column, _ issues: inout ColumnIssues) {
    for row in column.rowsWithoutNumber() where !column.isMissing(row) {
      issues.add(Self.stray(column.bytes(row)), row: row)
    }
  }

  private static func stray(_ bytes: ArraySlice<UInt8>) -> FormatIssue {
    guard let number = DecoratedNumber(bytes) else {
      return FormatIssue(
        kind: .mixedType, reason: "where most values of the column are numbers", suggestion: nil)
    }
    return FormatIssue(
      kind: .mixedType, reason: "a number with \(number.decoration), which the others lack",
      suggestion: number.isCertain ? number.plain : nil)
  }

  // MARK: Mixtures

  /// Notes numbers that are written as text, or what is neither number nor date in a column that
  /// mostly is. False if the column is something else.
  private func findMixture(
    _ column: Column, _ levels: ColumnLevels, _ issues: inout ColumnIssues
  ) -> Bool {
    let present = levels.counts.dropFirst().reduce(0, +)
    guard column.type != .boolean, present >= Self.minimumCount,
      levels.valueCount >= Self.minimumNumbers
    else { return false }
    var plain: [Int] = []
    var decorated: [(level: Int, number: DecoratedNumber)] = []
    var dates: [Int] = []
    var others: [Int] = []
    var otherCells = 0
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let bytes = column.bytes(Int(levels.firstRow[level]))
      if NumberParser.parse(bytes) != nil {
        plain.append(level)
      } else if let number = DecoratedNumber(bytes) {
        decorated.append((level, number))
      } else if let date = WrittenDate(bytes),
        (date.seconds(.dayFirst) ?? date.seconds(.monthFirst)) != nil
      {
        dates.append(level)
      } else {
        others.append(level)
        otherCells += levels.counts[level]
        // Most columns are neither: the first values show it.
        if Double(otherCells) > (1 - mainShare) * Double(present) { return false }
      }
    }
    func cells(_ levels: [Int], _ all: ColumnLevels) -> Double {
      Double(levels.reduce(0) { $0 + all.counts[$1] })
    }
    let (plainCells, dateCells) = (cells(plain, levels), cells(dates, levels))
    let decoratedCells = cells(decorated.map(\.level), levels)
    let units = Set(decorated.map(\.number.unit))
    if dateCells >= mainShare * Double(present), plainCells + decoratedCells == 0 {
      for level in others {
        issues.add(
          WrittenDates.stray(column.bytes(Int(levels.firstRow[level]))), level: level)
      }
      return true
    }
    // Several units are names with a number in them, such as "3rd" and "4th", unless they are known.
    guard
      units.count <= 1 || plainCells > 10 * decoratedCells
        || (plainCells > decoratedCells && decorated.allSatisfy(\.number.isCertain)),
      plainCells + decoratedCells >= mainShare * Double(present), dateCells == 0,
      plain.count + decorated.count >= Self.minimumNumbers
    else { return false }
    let isMainlyPlain = plainCells > decoratedCells
    for (level, number) in decorated {
      issues.add(
        FormatIssue(
          kind: isMainlyPlain ? .mixedType : .numberAsText,
          reason: isMainlyPlain
            ? "a number with \(number.decoration), which most others lack"
            : "a number that is text for its \(number.decoration)",
          suggestion: number.isCertain ? number.plain : nil), level: level)
    }
    for level in others {
      issues.add(Self.stray(column.bytes(Int(levels.firstRow[level]))), level: level)
    }
    return true
  }

  // MARK: Text

  /// Notes damaged characters and, if asked for, spaces around values, which do harm in names.
  private func findDamage(
    _ column: Column, _ levels: ColumnLevels, trims: Bool, _ issues: inout ColumnIssues,
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    var spaced = trims ? SpacedValues(column, levels) : nil
    if spaced?.isCustomary == true { spaced = nil }
    var reading = PacedCheckpoint(checkpoint)
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let bytes = column.bytes(Int(levels.firstRow[level]))
      try reading.passed(bytes.count, at: Double(level) / Double(levels.counts.count))
      if let issue = TextDamage.issue(bytes) {
        issues.add(issue, level: level)
      } else if spaced?.levels.contains(level) == true {
        issues.add(
          FormatIssue(
            kind: .surroundingSpace, reason: "with spaces around it",
            suggestion: String(decoding: bytes, as: UTF8.self).trimmed), level: level)
      }
    }
  }

  private func isProse(_ column: Column, _ levels: ColumnLevels) -> Bool {
    var (values, spaces) = (0, 0)
    for level in levels.firstRow.indices.dropFirst().prefix(1_000) {
      values += 1
      spaces += column.bytes(Int(levels.firstRow[level])).count { $0 == 0x20 }
    }
    return Double(spaces) > Self.wordSpaces * Double(values)
  }
}
