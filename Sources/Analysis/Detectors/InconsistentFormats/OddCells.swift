/// The cells of a table that are written differently from the rest of their column: eight bytes each,
/// besides an entry for each value or row that ``ColumnIssues`` name.
struct OddCells {
  private typealias Kind = InconsistentFormatsDetails.Kind

  private static let shownExamples = 5
  /// What cells can be doubted, the most first.
  private static let scores = Set(Kind.allCases.map(\.score)).sorted(by: >)

  /// A column, and where its entries begin among those of all.
  private struct Part {
    var column: Int
    var issues: ColumnIssues
    var start: Int
  }

  private let table: Table
  private var parts: [Part] = []
  private var entries: [ColumnIssues.Entry] = []
  /// Row (upper half) and entry of each cell, by score.
  private var cells = [[UInt64]](repeating: [], count: scores.count)
  private var isOdd: [Bool]

  /// The flaws of each column.
  private(set) var flaws: [InconsistentFormatsDetails.ColumnFlaw] = []

  init(_ table: Table) {
    self.table = table
    isOdd = [Bool](repeating: false, count: table.rowCount)
  }

  /// Rows that have such a cell.
  var rows: [Int] { isOdd.indices.filter { isOdd[$0] } }

  /// Adds a column.
  ///
  /// - Parameter levels: The column's, if it has issues of levels.
  mutating func add(
    _ issues: ColumnIssues, of column: Int, levels: ColumnLevels?, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let part = Part(column: column, issues: issues, start: entries.count)
    var found: [Kind: InconsistentFormatsDetails.ColumnFlaw] = [:]
    if let levels {
      try addLevels(issues.ofLevels, levels, part, &found, checkpoint)
    }
    try addRows(issues.ofRows, part, &found, checkpoint)
    parts.append(part)
    flaws += Kind.allCases.compactMap { found[$0] }
  }

  private mutating func addLevels(
    _ new: [ColumnIssues.Entry], _ levels: ColumnLevels, _ part: Part,
    _ found: inout [Kind: InconsistentFormatsDetails.ColumnFlaw], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    var entryOfLevel = [UInt32](repeating: .max, count: levels.counts.count)
    var list = [Int](repeating: 0, count: new.count)
    for (step, entry) in new.enumerated() {
      if step & 0xFFFF == 0 { try checkpoint.reached(0) }
      let level = Int(entry.place)
      entryOfLevel[level] = UInt32(step)
      list[step] = Self.list(part.issues.kind(entry))
      // Levels are numbered by their first rows.
      note(entry, at: Int(levels.firstRow[level]), rows: levels.counts[level], part, &found)
    }
    for (row, level) in levels.levelOfRow.enumerated() {
      if row & 0xFFFF == 0 { try checkpoint.reached(Double(row) / Double(table.rowCount)) }
      let entry = entryOfLevel[Int(level)]
      guard entry < .max else { continue }
      isOdd[row] = true
      cells[list[Int(entry)]].append(Self.cell(row, part.start + Int(entry)))
    }
    entries += new
  }

  private mutating func addRows(
    _ new: [ColumnIssues.Entry], _ part: Part,
    _ found: inout [Kind: InconsistentFormatsDetails.ColumnFlaw], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    for (step, entry) in new.enumerated() {
      if step & 0xFFFF == 0 { try checkpoint.reached(Double(step) / Double(new.count)) }
      let row = Int(entry.place)
      isOdd[row] = true
      cells[Self.list(part.issues.kind(entry))].append(Self.cell(row, entries.count))
      note(entry, at: row, rows: 1, part, &found)
      entries.append(entry)
    }
  }

  private static func list(_ kind: Kind) -> Int { scores.firstIndex(of: kind.score) ?? 0 }

  private static func cell(_ row: Int, _ entry: Int) -> UInt64 { UInt64(row) << 32 | UInt64(entry) }

  /// Counts cells of a value, and keeps it as an example if it is one of the first.
  private func note(
    _ entry: ColumnIssues.Entry, at row: Int, rows: Int, _ part: Part,
    _ found: inout [Kind: InconsistentFormatsDetails.ColumnFlaw]
  ) {
    let column = table.columns[part.column]
    let kind = part.issues.kind(entry)
    var flaw =
      found.removeValue(forKey: kind)
      ?? InconsistentFormatsDetails.ColumnFlaw(
        column: column.name, kind: kind, cells: 0, examples: [])
    flaw.cells += rows
    let value = TextCheck.excerpt(column.bytes(row))
    if let known = flaw.examples.firstIndex(where: { $0.value == value }) {
      flaw.examples[known].rows += rows
    } else if flaw.examples.count < Self.shownExamples {
      flaw.examples.append(
        InconsistentFormatsDetails.Example(value: value, suggestion: entry.suggestion, rows: rows))
    }
    found[kind] = flaw
  }

  /// The cells by descending score, ascending row and column.
  func flagged() -> FlaggedRows {
    let cells = self.cells.flatMap { $0.sorted() }
    let (table, parts, entries) = (table, parts, entries)
    @Sendable func cell(_ index: Int) -> (row: Int, part: Part, entry: ColumnIssues.Entry) {
      let (row, number) = (Int(cells[index] >> 32), Int(cells[index] & 0xFFFF_FFFF))
      let part = parts[parts.partitioningIndex { $0.start > number } - 1]
      return (row, part, entries[number])
    }
    return FlaggedRows(count: cells.count) { index in
      let (row, part, entry) = cell(index)
      return FlaggedRow(
        row: row, score: part.issues.kind(entry).score, reason: "",
        column: table.columns[part.column].name, suggestedValue: entry.suggestion)
    } reason: { index in
      let (row, part, entry) = cell(index)
      let column = table.columns[part.column]
      let value = TextCheck.excerpt(column.bytes(row))
      return "\(column.name) is \"\(value)\", \(part.issues.reason(entry))."
    }
  }
}
