/// What rows must agree in, whatever their numbers are, to be nearly equal: their categories and
/// texts, but for case, punctuation and white space, and where a value is missing.
///
/// A key is a 64-bit hash; that two of a million rows agree by chance is as likely as one in forty
/// million.
struct RowKeys {
  /// One for each row of the table.
  private(set) var keys: [UInt64]

  init(
    _ subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let table = subject.table
    keys = [UInt64](repeating: 0, count: table.rowCount)
    let columns = subject.learnableColumns
    let measured = Set(subject.measuredColumns)
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(Double(step) / Double(columns.count))
      let column = table.columns[index]
      switch column.type {
      case .integer, .real, .dateTime:
        guard measured.contains(index) else {
          // Numbers of things are the same or others, however close.
          for (row, number) in column.numericValues().enumerated() {
            combine(row, number.isNaN ? 1 : (number + 0).bitPattern)
          }
          continue
        }
        // Strays in a column of numbers have none.
        for row in column.rowsWithoutNumber() { combine(row, UInt64(index) + 1) }
      case .boolean, .category:
        let levels = subject.levels(of: index)
        let hashes = levels.firstRow.indices.map { level in
          level == 0
            ? 0 : StableHash.of(NormalizedText.folded(column.bytes(Int(levels.firstRow[level]))))
        }
        for (row, level) in levels.levelOfRow.enumerated() { combine(row, hashes[Int(level)]) }
      case .text:
        for row in 0..<table.rowCount {
          if row & 0xFFF == 0 { try checkpoint.reached(Double(step) / Double(columns.count)) }
          combine(
            row,
            column.isMissing(row) ? 0 : StableHash.of(NormalizedText.folded(column.bytes(row))))
        }
      case .identifier, .empty: continue
      }
    }
  }

  private mutating func combine(_ row: Int, _ value: UInt64) {
    keys[row] = StableHash.mix(keys[row] &* 0x9E37_79B9_7F4A_7C15 &+ value)
  }

  /// Groups of at least two of the given rows, which ascend, with equal keys, in an order that is the
  /// same each time.
  func blocks(of rows: [Int]) -> [[UInt32]] {
    let ordered = NumberOrder.ascending(rows.map { (keys[$0], UInt32($0)) })
    var blocks: [[UInt32]] = []
    var start = 0
    for place in 1...max(1, ordered.count) {
      if place < ordered.count, keys[Int(ordered[place])] == keys[Int(ordered[start])] { continue }
      if place - start > 1 { blocks.append(Array(ordered[start..<place])) }
      start = place
    }
    return blocks
  }
}
