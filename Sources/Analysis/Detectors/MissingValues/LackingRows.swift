/// The rows that lack a value: a cell is missing or a stand-in.
struct LackingRows {
  /// Names of missing columns, and stand-ins, that are told in words: a row may have thousands.
  private static let shown = 3

  private let table: Table
  private let patterns: MissingPatterns
  private let standIns: [StandIns.Suspect]
  /// Row (upper half) and suspect of each stand-in, ascending.
  private let standInCells: [UInt64]

  init(_ table: Table, _ patterns: MissingPatterns, _ standIns: [StandIns.Suspect]) {
    self.table = table
    self.patterns = patterns
    self.standIns = standIns
    standInCells = standIns.enumerated().flatMap { index, suspect in
      suspect.rows.map { UInt64($0) << 32 | UInt64(index) }
    }.sorted()
  }

  /// How many cells are stand-ins.
  var standInCount: Int { standInCells.count }

  /// The rows by descending share of cells that they lack.
  func flagged() -> FlaggedRows {
    let sizes = patterns.all.map { UInt32($0.columns.count) }
    var lacking = patterns.patternOfRow.map { sizes[Int($0)] }
    for cell in standInCells { lacking[Int(cell >> 32)] += 1 }
    let rows = lacking.indices.filter { lacking[$0] > 0 }.map(UInt32.init)
      .sorted { (lacking[Int($1)], $0) < (lacking[Int($0)], $1) }
    return FlaggedRows(count: rows.count) { [lacking] index in
      let row = Int(rows[index])
      let column = missing(row).first ?? standIns(row).first?.column
      return FlaggedRow(
        row: row, score: Double(lacking[row]) / Double(table.columns.count), reason: "",
        column: column.map { table.columns[$0].name })
    } reason: { index in
      reason(Int(rows[index]))
    }
  }

  private func reason(_ row: Int) -> String {
    let (missing, suspects) = (missing(row), standIns(row))
    var reasons: [String] = []
    if !missing.isEmpty {
      let rest = missing.count - Self.shown
      reasons.append(
        "\(missing.count) of \(table.columns.count) values \(missing.count == 1 ? "is" : "are") missing: "
          + missing.prefix(Self.shown).map { table.columns[$0].name }.joined(separator: ", ")
          + (rest > 0 ? " and \(rest) more." : "."))
    }
    for suspect in suspects.prefix(Self.shown) {
      reasons.append(
        "\(table.columns[suspect.column].name) is \(suspect.value), \(suspect.reason).")
    }
    if suspects.count > Self.shown {
      let more = (suspects.count - Self.shown).counted("more value seems", "more values seem")
      reasons.append("And \(more) to stand for missing ones.")
    }
    return reasons.joined(separator: " ")
  }

  private func missing(_ row: Int) -> [Int] {
    patterns.all[Int(patterns.patternOfRow[row])].columns
  }

  private func standIns(_ row: Int) -> [StandIns.Suspect] {
    standInCells[standInCells.partitioningIndex { $0 >> 32 >= row }...]
      .prefix { $0 >> 32 == row }.map { standIns[Int($0 & 0xFFFF_FFFF)] }
  }
}
