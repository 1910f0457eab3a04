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
    var counts = [0]
    var firstRow: [UInt32] = [0]
    levelOfRow = ids.enumerated().map { row, id in
      if id == 0 {
        counts[0] += 1
        return 0
      }
      var level = levelOfID[Int(id)]
      if level == 0 {
        level = UInt32(counts.count)
        levelOfID[Int(id)] = level
        counts.append(0)
        firstRow.append(UInt32(row))
      }
      counts[Int(level)] += 1
      return level
    }
    self.counts = counts
    self.firstRow = firstRow
  }
}

extension Column {
  /// The distinct values and the rows that have them; linear in the rows.
  func levels() -> ColumnLevels {
    let ids = valueIDs()
    return ColumnLevels(ids: codes.lazy.map { ids[Int($0)] }, idCount: ids.count + 1)
  }

  /// Each row's number; NaN where it is missing or no number.
  func numericValues() -> [Double] { codes.map { numbers[Int($0)] } }

  /// The bytes of a cell as it was written.
  func bytes(_ row: Int) -> ArraySlice<UInt8> { dictionary[Int(codes[row])] }
}
