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

  /// Linear in rows times columns with missing values.
  init(_ table: Table, _ checkpoint: Checkpoint) throws(AnalysisCancelled) {
    let columns = table.columns.indices.filter { table.columns[$0].missingCount > 0 }
    /// For each row a bit for each of these columns, from the lowest bit of the first byte on.
    let width = (columns.count + 7) / 8
    var bits = [UInt8](repeating: 0, count: table.rowCount * width)
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.8 * Double(step) / Double(columns.count))
      for row in table.columns[index].rowsWithoutValue() {
        bits[row * width + step / 8] |= 1 << UInt8(step % 8)
      }
    }
    /// Numbers patterns in the order of their first rows.
    var patterns = ByteDictionary()
    var rows: [Int] = []
    let patternOfRow = bits.withUnsafeBytes { bits in
      (0..<table.rowCount).map { row in
        let pattern = patterns.insert(
          UnsafeRawBufferPointer(rebasing: bits[(row * width)..<((row + 1) * width)]))
        if Int(pattern) == rows.count { rows.append(0) }
        rows[Int(pattern)] += 1
        return pattern
      }
    }
    let order = rows.indices.sorted { (rows[$1], $0) < (rows[$0], $1) }
    var rank = [UInt32](repeating: 0, count: order.count)
    for (position, pattern) in order.enumerated() { rank[pattern] = UInt32(position) }
    all = order.map { pattern in
      let bits = Array(patterns[pattern])
      let missing = columns.indices.filter { bits[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
      return Pattern(columns: missing.map { columns[$0] }, rows: rows[pattern])
    }
    self.patternOfRow = patternOfRow.map { rank[Int($0)] }
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
