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
      // Numbers and a few words may be 0, 1, yes and no.
      if !column.rowsWithoutNumber().allSatisfy(column.isMissing),
        let mixed = MixedBooleans(column, subject.levels(of: index))
      {
        mixed.find(&issues)
      } else {
        findStrays(among: index, &issues)
        try findMarks(in: column, &issues, checkpoint)
      }
    case .identifier where column.marks != .plain:
      try findMarks(in: column, &issues, checkpoint)
    case .dateTime:
      let dates = WrittenDates(column, rowCount: subject.table.rowCount)
      try dates.find(subject.order(of: index), &issues, checkpoint)
    case .boolean, .category:
      let levels = subject.levels(of: index)
      if let orders = DayOrders(column, levels, mainShare: mainShare) {
        orders.find(&issues)
      } else if try !findMixture(column, levels, &issues, checkpoint.part(from: 0, to: 0.5)) {
        MixedBooleans(column, levels)?.find(&issues)
        try SpellingVariants(column, levels, typoRatio: typoRatio).find(&issues, checkpoint)
      }
    case .text, .identifier:
      let levels = subject.levels(of: index)
      if let orders = DayOrders(column, levels, mainShare: mainShare) {
        orders.find(&issues)
      } else if try !findMixture(column, levels, &issues, checkpoint.part(from: 0, to: 0.5)) {
        try findDamage(column, levels, trims: !isProse(column, levels), &issues, checkpoint)
      }
    }
    return issues
  }

  /// Values of a column of numbers that are none.
  private func findStrays(among index: Int, _ issues: inout ColumnIssues) {
    let column = subject.table.columns[index]
    let rows = column.rowsWithoutNumber().filter { !column.isMissing($0) }
    guard !rows.isEmpty else { return }
    let order = subject.order(of: index)
    let range = order.first.map {
      column.number(Int($0))...column.number(Int(order[order.count - 1]))
    }
    var evidence = MarkEvidence()
    evidence.add(column.marks, isWhole: column.type == .integer)
    for row in rows { DecoratedNumber.digits(column.bytes(row)).map { evidence.add($0, cells: 1) } }
    for row in rows {
      let number = DecoratedNumber(column.bytes(row), evidence, mark: column.marks.fraction)
      issues.add(
        Self.stray(number, among: range, isReal: column.type == .real), row: row)
    }
  }

  /// Numbers that other programs will not read. Beside semicolons other marks are usual.
  private func findMarks(
    in column: Column, _ issues: inout ColumnIssues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    guard !subject.table.layout.hasSemicolons, column.marks != .plain else { return }
    var evidence = MarkEvidence()
    evidence.add(column.marks, isWhole: column.type != .real)
    var rows: [Int] = []
    var plainRows = 0
    var reading = PacedCheckpoint(checkpoint.part(from: 0, to: 0.3))
    for row in 0..<column.count where !column.number(row).isNaN {
      let bytes = column.bytes(row)
      try reading.passed(bytes.count, at: Double(row) / Double(column.count))
      if Self.plainNumber(bytes, evidence, .point) != nil {
        plainRows += 1
      } else {
        rows.append(row)
      }
    }
    reading = PacedCheckpoint(checkpoint.part(from: 0.3, to: 1))
    for (step, row) in rows.enumerated() {
      let bytes = column.bytes(row)
      try reading.passed(bytes.count, at: Double(step) / Double(rows.count))
      guard let number = DecoratedNumber(bytes, evidence) else { continue }
      let issue =
        if plainRows > rows.count {
          Self.rare(number, suggestion: number.plain)
        } else {
          FormatIssue(
            kind: .numberAsText,
            reason: "a number that other programs take for text because of \(number.decoration)",
            suggestion: number.plain)
        }
      issues.add(issue, row: row)
    }
  }

  /// A decorated number where most are plain.
  private static func rare(_ number: DecoratedNumber, suggestion: String?) -> FormatIssue {
    FormatIssue(
      kind: .mixedType, reason: "a number with \(number.decoration), which most others lack",
      suggestion: suggestion)
  }

  private static let noNumber = FormatIssue(
    kind: .mixedType, reason: "where most values of the column are numbers", suggestion: nil)

  /// - Parameter range: That of the column's numbers. What has a unit and lies beyond is of another scale.
  private static func stray(
    _ number: DecoratedNumber?, among range: ClosedRange<Double>?, isReal: Bool
  ) -> FormatIssue {
    guard let number else { return noNumber }
    return FormatIssue(
      kind: .mixedType, reason: "a number with \(number.decoration), which the others lack",
      suggestion: plain(number, among: range, isReal: isReal))
  }

  /// The number as the others are written, if it says the same among plain numbers of that range: a
  /// unit may be of another scale, and what may be a fraction or thousands be the other.
  private static func plain(
    _ number: DecoratedNumber, among range: ClosedRange<Double>?, isReal: Bool
  ) -> String? {
    guard number.isCertain else { return nil }
    let mayBeOther = !number.unit.isEmpty || (number.isOpen && isReal)
    return !mayBeOther || range?.contains(number.value) == true ? number.plain : nil
  }

  // MARK: Mixtures

  /// Notes numbers that are written as text, or what is neither number nor date in a column that
  /// mostly is. False if the column is something else.
  private func findMixture(
    _ column: Column, _ levels: ColumnLevels, _ issues: inout ColumnIssues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Bool {
    let present = levels.counts.dropFirst().reduce(0, +)
    guard column.type != .boolean, present >= Self.minimumCount,
      levels.valueCount >= Self.minimumNumbers
    else { return false }
    var evidence = MarkEvidence(FileMarks(hasSemicolons: subject.table.layout.hasSemicolons))
    var numbers: [Int] = []
    var dates: [Int] = []
    var others: [Int] = []
    var otherCells = 0
    var reading = PacedCheckpoint(checkpoint.part(from: 0, to: 0.5))
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let bytes = column.bytes(Int(levels.firstRow[level]))
      try reading.passed(bytes.count, at: Double(level) / Double(levels.counts.count))
      if let number = DecoratedNumber.digits(bytes) {
        evidence.add(number, cells: levels.counts[level])
        numbers.append(level)
      } else if NumberParser.parse(bytes) != nil {
        numbers.append(level)
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
    let mark: NumberMark = evidence.hasDecimalCommas ? .comma : .point
    var plain: [Int] = []
    var range: ClosedRange<Double>?
    var hasFractions = false
    var decorated: [(level: Int, number: DecoratedNumber)] = []
    reading = PacedCheckpoint(checkpoint.part(from: 0.5, to: 1))
    for (step, level) in numbers.enumerated() {
      try reading.passed(1 << 4, at: Double(step) / Double(numbers.count))
      let bytes = column.bytes(Int(levels.firstRow[level]))
      if let number = Self.plainNumber(bytes, evidence, mark) {
        plain.append(level)
        if !number.isInteger { hasFractions = true }
        range =
          min(
            range?.lowerBound ?? number.value, number.value)...max(
            range?.upperBound ?? number.value, number.value)
      } else if let number = DecoratedNumber(bytes, evidence, mark: mark) {
        decorated.append((level, number))
      } else {
        others.append(level)
      }
    }
    func cells(_ levels: [Int], _ all: ColumnLevels) -> Double {
      Double(levels.reduce(0) { $0 + all.counts[$1] })
    }
    let (plainCells, dateCells) = (cells(plain, levels), cells(dates, levels))
    let decoratedCells = cells(decorated.map(\.level), levels)
    let unit = commonUnit(decorated, levels)
    if dateCells >= mainShare * Double(present), plainCells + decoratedCells == 0 {
      for level in others {
        issues.add(
          WrittenDates.stray(column.bytes(Int(levels.firstRow[level]))), level: level)
      }
      return true
    }
    // Several units are names with a number in them, such as "3rd" and "4th", unless they are known.
    guard
      unit != nil || plainCells > 10 * decoratedCells
        || (plainCells > decoratedCells && decorated.allSatisfy(\.number.isCertain)),
      plainCells + decoratedCells >= mainShare * Double(present), dateCells == 0,
      plain.count + decorated.count >= Self.minimumNumbers
    else { return false }
    let isMainlyPlain = plainCells > decoratedCells
    for (level, number) in decorated {
      let issue =
        if isMainlyPlain {
          Self.rare(
            number, suggestion: Self.plain(number, among: range, isReal: hasFractions))
        } else if let unit, number.unit.lowercased() != unit {
          FormatIssue(
            kind: .mixedType,
            reason: "a number with \(number.decoration), where most others have \"\(unit)\"",
            suggestion: nil)
        } else {
          FormatIssue(
            kind: .numberAsText, reason: "a number that is text because of \(number.decoration)",
            suggestion: number.isCertain ? number.plain : nil)
        }
      issues.add(issue, level: level)
    }
    for level in others {
      issues.add(Self.noNumber, level: level)
    }
    return true
  }

  /// The number if it is one without decoration.
  private static func plainNumber(
    _ bytes: ArraySlice<UInt8>, _ evidence: MarkEvidence, _ mark: NumberMark
  ) -> NumberParser.Parsed? {
    guard let number = NumberParser.parse(bytes, point: mark.byte) else { return nil }
    guard evidence.meaning(ofOpen: mark) == .thousands, WrittenNumber(bytes)?.isOpen == true else {
      return number
    }
    return nil
  }

  /// The unit that all numbers have, in small letters, or most of them if it is a known one: then the
  /// others are odd. Empty if none has one; nil if there is no such unit.
  private func commonUnit(
    _ decorated: [(level: Int, number: DecoratedNumber)], _ levels: ColumnLevels
  ) -> String? {
    var cells: [String: Int] = [:]
    var all = 0
    for (level, number) in decorated {
      cells[number.unit.lowercased(), default: 0] += levels.counts[level]
      all += levels.counts[level]
    }
    guard let (unit, most) = cells.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
      return ""
    }
    if most == all { return unit }
    let isKnown = decorated.contains { $0.number.unit.lowercased() == unit && $0.number.isCertain }
    return !unit.isEmpty && isKnown && Double(most) >= mainShare * Double(all) ? unit : nil
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
