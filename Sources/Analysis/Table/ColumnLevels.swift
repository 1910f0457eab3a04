/// The distinct values of a column, and which of them each row has.
///
/// Values are compared, not spellings: in columns of numbers `1`, `1.0` and `1e0` are one level, and
/// all spellings of "missing" are level 0. Other levels are numbered from 1 in the order first seen.
struct ColumnLevels: Sendable {
  /// The level of each row.
  let levelOfRow: [UInt32]
  /// Rows of each level; the first entry counts missing cells.
  let counts: [Int]
  /// For each level the first row that has it; meaningless for a level without rows.
  let firstRow: [UInt32]

  /// Levels that are a value.
  var valueCount: Int { counts.count - 1 }

  /// Numbers rows by the IDs of their values: 0 is missing, others are arbitrary.
  init(ids: some Collection<UInt32>, idCount: Int) {
    var levelOfID = [UInt32](repeating: 0, count: idCount)
    var next: UInt32 = 1
    self.init(
      levels: ids.map { id in
        guard id > 0 else { return 0 }
        if levelOfID[Int(id)] == 0 {
          levelOfID[Int(id)] = next
          next += 1
        }
        return levelOfID[Int(id)]
      })
  }

  /// Takes levels that are numbered as they should be.
  init(levels: [UInt32]) {
    var counts = [0]
    var firstRow: [UInt32] = [0]
    for (row, level) in levels.enumerated() {
      if Int(level) == counts.count {
        counts.append(0)
        firstRow.append(UInt32(row))
      }
      counts[Int(level)] += 1
    }
    levelOfRow = levels
    self.counts = counts
    self.firstRow = firstRow
  }
}
