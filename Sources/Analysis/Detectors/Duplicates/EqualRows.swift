/// Groups of rows that are equal in some columns.
///
/// Values are compared, not spellings: `1` equals `1.0`, and all spellings of "missing" are equal.
/// Groups come from refining a partition column by column (as in Hopcroft 1971), so no hash of a
/// row can collide. Columns of many values come first: after one or two of them most rows stand
/// alone and take no further part, so that data without duplicates cost about one column's work.
struct EqualRows: Sendable {
  /// The groups of at least two rows, each in ascending order, ordered by their first rows.
  let groups: [[Int]]

  init(
    _ subject: AnalysisSubject, columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let table = subject.table
    let ordered = columns.sorted {
      (table.columns[$1].distinctCount, $0) < (table.columns[$0].distinctCount, $1)
    }
    var rows = (0..<UInt32(table.rowCount)).map { $0 }
    /// The group of each entry of `rows`.
    var group = [UInt32](repeating: 0, count: rows.count)
    for (step, index) in ordered.enumerated() {
      try checkpoint.reached(Double(step) / Double(ordered.count))
      if rows.isEmpty { break }
      let levels = subject.levels(of: index)
      let sizes = Self.refine(&group, by: levels, rows: rows, isFirst: step == 0)
      // Rows alone in their group can only stay alone.
      var kept = 0
      for position in rows.indices where sizes[Int(group[position])] > 1 {
        rows[kept] = rows[position]
        group[kept] = group[position]
        kept += 1
      }
      rows.removeLast(rows.count - kept)
      group.removeLast(group.count - kept)
    }
    var order: [UInt32: Int] = [:]
    var groups: [[Int]] = []
    for (position, row) in rows.enumerated() {
      if let known = order[group[position]] {
        groups[known].append(Int(row))
      } else {
        order[group[position]] = groups.count
        groups.append([Int(row)])
      }
    }
    self.groups = columns.isEmpty ? [] : groups
  }

  /// Splits groups by the levels of a column and returns the sizes of the new ones.
  private static func refine(
    _ group: inout [UInt32], by levels: ColumnLevels, rows: [UInt32], isFirst: Bool
  ) -> [UInt32] {
    if isFirst {
      group = levels.levelOfRow
      return levels.counts.map(UInt32.init)
    }
    var refined: [UInt64: UInt32] = [:]
    var sizes: [UInt32] = []
    for position in rows.indices {
      let value = levels.levelOfRow[Int(rows[position])]
      let key = UInt64(group[position]) << 32 | UInt64(value)
      let next = refined[key] ?? UInt32(sizes.count)
      if Int(next) == sizes.count {
        refined[key] = next
        sizes.append(0)
      }
      sizes[Int(next)] += 1
      group[position] = next
    }
    return sizes
  }
}
