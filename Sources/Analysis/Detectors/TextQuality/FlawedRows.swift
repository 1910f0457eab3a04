/// The flaws of rows, from all columns: of each row the worst few, as a row of thousands of texts may
/// have as many.
struct FlawedRows: Sendable {
  /// Flaws of a row that are told in words.
  private static let shown = 3

  private struct Entry: Sendable {
    var column: Int
    var flaw: FoundFlaw
  }

  private struct Row: Sendable {
    /// By descending score, the first found first, up to ``shown``.
    var worst: [Entry] = []
    var count = 0
    var kinds: Set<TextFlaw> = []
    /// Whether a flaw is one whatever the other texts are like.
    var isSoundly = false

    mutating func add(_ entry: Entry) {
      count += 1
      if entry.flaw.isAbsolute { isSoundly = true }
      worst.insert(entry, at: worst.partitioningIndex { $0.flaw.score < entry.flaw.score })
      if worst.count > FlawedRows.shown { worst.removeLast() }
    }
  }

  private var rows: [Int: Row] = [:]
  /// Rows by flaw, of each column and of all.
  private var countsOfColumn: [Int: [TextFlaw: Int]] = [:]
  private var countsOfAll: [TextFlaw: Int] = [:]

  /// Adds the flaws of a text.
  mutating func add(_ flaws: [FoundFlaw], row: Int, column: Int) {
    for kind in Set(flaws.map(\.flaw)) {
      countsOfColumn[column, default: [:]][kind, default: 0] += 1
      if rows[row, default: Row()].kinds.insert(kind).inserted {
        countsOfAll[kind, default: 0] += 1
      }
    }
    for flaw in flaws { rows[row, default: Row()].add(Entry(column: column, flaw: flaw)) }
  }

  /// Rows with a flaw that is one whatever the other texts are like.
  var soundlyFlawed: [Int] { rows.filter { $0.value.isSoundly }.keys.sorted() }

  /// Rows by flaw, of one column or of all; flaws that no row has are left out.
  func counts(in column: Int? = nil) -> [TextQualityDetails.FlawCount] {
    let counts = column.map { countsOfColumn[$0] ?? [:] } ?? countsOfAll
    return TextFlaw.allCases.compactMap { flaw in
      counts[flaw].map { TextQualityDetails.FlawCount(flaw: flaw, rows: $0) }
    }
  }

  /// The rows with their worst flaws, up to three in words.
  ///
  /// - Parameter names: of the columns.
  func flagged(_ names: [String]) -> FlaggedRows {
    let order = rows.map { row, found in (row: row, score: found.worst[0].flaw.score.reported) }
      .sorted { ($1.score, $0.row) < ($0.score, $1.row) }
      .map { UInt32($0.row) }
    return FlaggedRows(count: order.count) { [rows] index in
      let row = Int(order[index])
      let worst = rows[row]?.worst.first
      return FlaggedRow(
        row: row, score: worst?.flaw.score ?? 0, reason: "", column: worst.map { names[$0.column] })
    } reason: { [rows] index in
      let found = rows[Int(order[index]), default: Row()]
      let shown = found.worst.map { "\(names[$0.column]) \($0.flaw.predicate)" }
        .joined(separator: "; ")
      let rest = found.count - found.worst.count
      return shown + (rest > 0 ? "; and \(rest) more." : ".")
    }
  }
}
