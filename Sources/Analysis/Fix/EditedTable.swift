/// A table as it will be once the changes of cells that are planned so far are made.
struct EditedTable {
  /// A column with changed cells.
  private struct EditedColumn {
    /// As in ``ColumnLevels``, with levels added for values that the column did not have.
    var levelOfRow: [UInt32]
    /// The level of each value, by one of its spellings.
    var levelOfText: [String: UInt32] = [:]
    /// In columns of numbers the level of each number that a double can tell from others.
    var levelOfNumber: [Double: UInt32] = [:]
    /// How the first changed cell of each level is written.
    var texts: [UInt32: String] = [:]
    var levelCount: UInt32
    var changedRows: Set<Int> = []
  }

  private let table: Table
  private let checkpoint: Checkpoint
  private var levels: [Int: ColumnLevels] = [:]
  private var edited: [Int: EditedColumn] = [:]

  init(_ table: Table, _ checkpoint: Checkpoint) {
    self.table = table
    self.checkpoint = checkpoint
  }

  /// Plans what a cell will hold.
  ///
  /// - Returns: False if that was planned before: then it stays so.
  mutating func set(
    _ text: String, row: Int, column: Int
  ) throws(AnalysisCancelled) -> Bool {
    let known = edited.removeValue(forKey: column)
    var changed = if let known { known } else { try begin(column) }
    defer { edited[column] = changed }
    guard changed.changedRows.insert(row).inserted else { return false }
    let level = Self.level(of: text, in: &changed, table.columns[column])
    changed.levelOfRow[row] = level
    if changed.texts[level] == nil { changed.texts[level] = text }
    return true
  }

  private mutating func levels(of column: Int) throws(AnalysisCancelled) -> ColumnLevels {
    try checkpoint.reached(0)
    if let known = levels[column] { return known }
    let made = table.columns[column].levels()
    levels[column] = made
    return made
  }

  private mutating func begin(_ index: Int) throws(AnalysisCancelled) -> EditedColumn {
    let levels = try levels(of: index)
    let column = table.columns[index]
    var begun = EditedColumn(
      levelOfRow: levels.levelOfRow, levelCount: UInt32(levels.counts.count))
    for level in 1..<max(1, levels.counts.count) {
      if level & 0xFFF == 0 { try checkpoint.reached(0) }
      let row = Int(levels.firstRow[level])
      let text = column.text(row)
      begun.levelOfText[text] = UInt32(level)
      if let number = Self.number(text, in: column) { begun.levelOfNumber[number] = UInt32(level) }
    }
    return begun
  }

  private static func level(
    of text: String, in changed: inout EditedColumn, _ column: Column
  ) -> UInt32 {
    if MissingTokens.contains(Array(text.utf8)[...]) { return 0 }
    let number = number(text, in: column)
    if let known = changed.levelOfText[text] ?? number.flatMap({ changed.levelOfNumber[$0] }) {
      return known
    }
    let level = changed.levelCount
    changed.levelCount += 1
    changed.levelOfText[text] = level
    if let number { changed.levelOfNumber[number] = level }
    return level
  }

  /// The number that a text in a column of numbers is equal to others by.
  private static func number(_ text: String, in column: Column) -> Double? {
    guard column.type.isNumeric, text.utf8.count <= 15 else { return nil }
    return column.marks.parse(Array(text.utf8)[...])?.value
  }

  // MARK: Typical values

  /// The value that stands for a column: of numbers the lower median, otherwise the most frequent
  /// one, and the first seen of several; spelled as it will be in the first row that has it. Nil if there
  /// is none, or if it is an array or object of JSON.
  mutating func typicalValue(
    of index: Int, in rows: [Int]
  ) throws(AnalysisCancelled) -> (text: String, row: Int)? {
    let column = table.columns[index]
    if column.type.isNumeric {
      try checkpoint.reached(0)
      let numbers = column.numericValues()
      let sorted = NumberOrder.ascending(numbers, among: rows)
      guard !sorted.isEmpty else { return nil }
      let median = numbers[Int(sorted[(sorted.count - 1) / 2])]
      guard let row = sorted.first(where: { numbers[Int($0)] == median }).map(Int.init) else {
        return nil
      }
      let changed = edited[index].flatMap { edited in
        edited.changedRows.contains(row) ? edited.texts[edited.levelOfRow[row]] : nil
      }
      return (changed ?? column.text(row), row)
    }
    let known = try levels(of: index)
    let levelOfRow = edited[index]?.levelOfRow ?? known.levelOfRow
    let texts = edited[index]?.texts ?? [:]
    var counts: [UInt32: Int] = [:]
    var firstRow: [UInt32: Int] = [:]
    for row in rows where levelOfRow[row] != 0 {
      counts[levelOfRow[row], default: 0] += 1
      if firstRow[levelOfRow[row]] == nil { firstRow[levelOfRow[row]] = row }
    }
    guard
      let mode = counts.max(by: {
        ($0.value, firstRow[$1.key] ?? 0) < ($1.value, firstRow[$0.key] ?? 0)
      })?.key, let row = firstRow[mode]
    else { return nil }
    let text = texts[mode] ?? column.text(Int(known.firstRow[Int(mode)]))
    guard text.first != "{", text.first != "[" else { return nil }
    return (text, row)
  }

  // MARK: Equal rows

  /// Groups of at least two rows that will be equal in all columns, each in ascending order, ordered
  /// by their first rows.
  func equalRows(among candidates: [Int]) throws(AnalysisCancelled) -> [[Int]] {
    var partition = RowPartition(candidates)
    for column in table.byDistinctValues(table.columns.indices) {
      if partition.isEmpty { break }
      try checkpoint.reached(0)
      // Levels are not kept: this is the last look at them.
      partition.refine(
        by: edited[column]?.levelOfRow
          ?? (levels[column] ?? table.columns[column].levels()).levelOfRow)
    }
    return partition.groups
  }
}
