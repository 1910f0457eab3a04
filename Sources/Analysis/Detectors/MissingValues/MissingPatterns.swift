/// Which columns are missing together: for each row the set of columns that it misses.
struct MissingPatterns {
  /// Rows that miss the same columns.
  struct Pattern: Equatable {
    /// The missing columns in ascending order; none for complete rows.
    var columns: [Int]
    var rows: Int
  }

  /// Patterns that occur, by descending number of rows, then in the order of their first rows.
  let all: [Pattern]
  /// For each row the index of its pattern.
  let patternOfRow: [UInt32]
  /// Groups of columns that are missing in the same rows, up to ``togetherShare`` of them.
  let together: [[Int]]

  /// Columns are missing together if the rows that miss all of them are at least this share of those
  /// that miss any, by pairs with the group's first.
  static let togetherShare = 0.95
  /// So many columns are compared with each other.
  private static let comparedColumns = 200

  /// Columns are added one by one: a row that misses the next one moves from its pattern to that
  /// pattern's child. Linear in rows times columns with missing values.
  init(_ table: Table, _ checkpoint: Checkpoint) throws(AnalysisCancelled) {
    /// The pattern without its last column, and that column; the root misses none.
    var parents: [(pattern: UInt32, column: Int)] = [(0, -1)]
    var current = [UInt32](repeating: 0, count: table.rowCount)
    let columns = table.columns.indices.filter { table.columns[$0].missingCount > 0 }
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.8 * Double(step) / Double(columns.count))
      let column = table.columns[index]
      var child = [UInt32](repeating: 0, count: parents.count)
      for row in 0..<table.rowCount where column.isMissing(row) {
        let parent = current[row]
        if child[Int(parent)] == 0 {
          child[Int(parent)] = UInt32(parents.count)
          parents.append((parent, index))
        }
        current[row] = child[Int(parent)]
      }
    }

    var rows = [Int](repeating: 0, count: parents.count)
    var first = [Int](repeating: table.rowCount, count: parents.count)
    for (row, pattern) in current.enumerated() {
      rows[Int(pattern)] += 1
      first[Int(pattern)] = min(first[Int(pattern)], row)
    }
    let order = rows.indices.filter { rows[$0] > 0 }
      .sorted { (rows[$1], first[$0]) < (rows[$0], first[$1]) }
    var rank = [UInt32](repeating: 0, count: parents.count)
    for (position, pattern) in order.enumerated() { rank[pattern] = UInt32(position) }
    all = order.map { pattern in
      var columns: [Int] = []
      var step = parents[pattern]
      while step.column >= 0 {
        columns.append(step.column)
        step = parents[Int(step.pattern)]
      }
      return Pattern(columns: columns.reversed(), rows: rows[pattern])
    }
    patternOfRow = current.map { rank[Int($0)] }
    together = try Self.together(
      table, columns: Array(columns.prefix(Self.comparedColumns)),
      checkpoint.part(from: 0.8, to: 1))
  }

  private static func together(
    _ table: Table, columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [[Int]] {
    /// A bit for each row of each column.
    var bits: [[UInt64]] = []
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.5 * Double(step) / Double(columns.count))
      var words = [UInt64](repeating: 0, count: (table.rowCount + 63) / 64)
      for row in 0..<table.rowCount where table.columns[index].isMissing(row) {
        words[row / 64] |= 1 << UInt64(row % 64)
      }
      bits.append(words)
    }
    var groups: [[Int]] = []
    var isGrouped = [Bool](repeating: false, count: columns.count)
    for first in columns.indices where !isGrouped[first] {
      try checkpoint.reached(0.5 + 0.5 * Double(first) / Double(columns.count))
      let missing = table.columns[columns[first]].missingCount
      var group = [columns[first]]
      for second in columns.indices.dropFirst(first + 1) where !isGrouped[second] {
        let others = table.columns[columns[second]].missingCount
        guard Double(min(missing, others)) >= togetherShare * Double(max(missing, others)) else {
          continue
        }
        let both = zip(bits[first], bits[second]).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
        guard Double(both) >= togetherShare * Double(missing + others - both) else { continue }
        isGrouped[second] = true
        group.append(columns[second])
      }
      if group.count > 1 { groups.append(group) }
    }
    return groups
  }
}
