/// Pairs of rows that agree in all features but one: a category that was changed, or a value that was
/// dropped.
///
/// A number that differs is left out: the same thing measured twice has other numbers, and nothing else. So
/// is a category beside texts: things of several kinds are described in the same words.
/// It must be no coincidence that the others agree (``Coincidence``), which takes many or fine columns.
struct AllButOne {
  /// Rows that agree in all but one feature with more others than this are of a design, not copies.
  private static let denseCount = 32

  private(set) var pairs: [NearPair] = []

  /// - Parameters:
  ///   - rows: those that are compared, in ascending order.
  ///   - hasText: by row, whether it has a text that tells it apart.
  ///
  /// Sorts the rows once for each feature.
  init(
    _ subject: AnalysisSubject, rows: [Int], hasText: [Bool]?, _ coincidence: Coincidence,
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let table = subject.table
    let columns = subject.learnableColumns
    let open = columns.filter { index in
      coincidence.isTelling(without: index)
        && (Self.mayDiffer(table.columns[index]) || table.columns[index].missingCount > 0)
    }
    guard columns.count > 2, !open.isEmpty else { return }
    var sums = [UInt64](repeating: 0, count: rows.count)
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.4 * Double(step) / Double(columns.count))
      let values = Self.values(index, subject, rows)
      for place in rows.indices { sums[place] &+= values[place] }
    }
    let similarity = Float(1 - 1 / Double(columns.count))
    for (step, index) in open.enumerated() {
      try checkpoint.reached(0.4 + 0.6 * Double(step) / Double(open.count))
      let own = Self.values(index, subject, rows)
      let rest = rows.indices.map { sums[$0] &- own[$0] }
      let column = table.columns[index]
      let mayDiffer = Self.mayDiffer(column)
      for group in Self.repeated(rest) {
        guard group.count <= Self.denseCount else { continue }
        for (position, first) in group.enumerated() {
          for second in group.dropFirst(position + 1) where own[first] != own[second] {
            guard
              mayDiffer && hasText?[rows[first]] != true
                || column.isMissing(rows[first]) || column.isMissing(rows[second])
            else { continue }
            pairs.append(
              NearPair(
                first: UInt32(rows[first]), second: UInt32(rows[second]), similarity: similarity))
          }
        }
      }
    }
  }

  private static func mayDiffer(_ column: Column) -> Bool {
    !column.type.isOrdered && column.type != .text
  }

  /// A number for each row that is the same for the same value, and tells columns apart.
  private static func values(_ index: Int, _ subject: AnalysisSubject, _ rows: [Int]) -> [UInt64] {
    let column = subject.table.columns[index]
    let salt = StableHash.mix(UInt64(index) &+ 0x9E37_79B9_7F4A_7C15)
    if column.type.isOrdered {
      let numbers = column.numericValues()
      return rows.map { row in
        StableHash.mix((numbers[row].isNaN ? 1 : (numbers[row] + 0).bitPattern) ^ salt)
      }
    }
    let levels = subject.levels(of: index).levelOfRow
    return rows.map { StableHash.mix(UInt64(levels[$0]) ^ salt) }
  }

  /// The places of each value that occurs several times.
  private static func repeated(_ values: [UInt64]) -> [[Int]] {
    let some = RepeatedHashes.places(values).sorted { (values[$0], $0) < (values[$1], $1) }
    var groups: [[Int]] = []
    var start = 0
    while start < some.count {
      var end = start + 1
      while end < some.count, values[some[end]] == values[some[start]] { end += 1 }
      if end - start > 1 { groups.append(Array(some[start..<end])) }
      start = end
    }
    return groups
  }
}
