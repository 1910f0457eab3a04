/// The flaws of rows, from all columns.
struct FlawedRows {
  private struct Entry {
    var column: Int
    var flaw: FoundFlaw
  }

  /// By row.
  private var entries: [Int: [Entry]] = [:]
  private let rowCount: Int

  init(_ rowCount: Int) {
    self.rowCount = rowCount
  }

  mutating func add(_ flaws: [FoundFlaw], row: Int, column: Int) {
    entries[row, default: []] += flaws.map { Entry(column: column, flaw: $0) }
  }

  /// Rows with a flaw that is one whatever the other texts are like.
  var soundlyFlawed: Int { entries.values.count { $0.contains { $0.flaw.isAbsolute } } }

  /// Rows by flaw, of one column or of all; flaws that no row has are left out.
  func counts(in column: Int? = nil) -> [TextQualityDetails.FlawCount] {
    var counts: [TextFlaw: Int] = [:]
    for row in entries.values {
      var seen: Set<TextFlaw> = []
      for entry in row where column == nil || entry.column == column {
        if seen.insert(entry.flaw.flaw).inserted { counts[entry.flaw.flaw, default: 0] += 1 }
      }
    }
    return TextFlaw.allCases.compactMap { flaw in
      counts[flaw].map { TextQualityDetails.FlawCount(flaw: flaw, rows: $0) }
    }
  }

  /// The rows with their worst flaws, up to three in words.
  func flagged(_ name: (Int) -> String) -> [FlaggedRow] {
    entries.map { row, found in
      let sorted = found.enumerated()
        .sorted { ($1.element.flaw.score, $0.offset) < ($0.element.flaw.score, $1.offset) }
        .map(\.element)
      let shown = sorted.prefix(3).map { "\(name($0.column)) \($0.flaw.predicate)" }
        .joined(separator: "; ")
      return FlaggedRow(
        row: row, score: sorted[0].flaw.score,
        reason: shown + (sorted.count > 3 ? "; and \(sorted.count - 3) more." : "."),
        column: name(sorted[0].column))
    }.sortedByScore()
  }
}
