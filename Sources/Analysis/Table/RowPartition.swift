/// Rows in groups, refined column by column (as in Hopcroft 1971), so no hash of a row can collide.
///
/// Rows alone in their group can only stay alone and take no further part: if columns of many values
/// come first, data without repeated rows cost about one column's work.
struct RowPartition: Sendable {
  /// In ascending order.
  private var rows: [UInt32]
  /// The group of each entry of `rows`.
  private var groupOfPlace: [UInt32]

  /// Begins with some rows in one group.
  init(_ rows: [Int]) {
    self.rows = rows.map(UInt32.init)
    groupOfPlace = [UInt32](repeating: 0, count: rows.count)
  }

  /// Begins with all rows, in groups of the same value in a column.
  init(_ levels: ColumnLevels) {
    rows = levels.levelOfRow.indices.map(UInt32.init)
    groupOfPlace = levels.levelOfRow
    dropSingles(sizes: levels.counts)
  }

  var isEmpty: Bool { rows.isEmpty }

  /// Splits groups by the levels of a column.
  mutating func refine(by levelOfRow: [UInt32]) {
    var numbering = KeyNumbering()
    var sizes: [Int] = []
    for position in rows.indices {
      let key = UInt64(groupOfPlace[position]) << 32 | UInt64(levelOfRow[Int(rows[position])])
      let next = numbering.number(of: key) - 1
      if Int(next) == sizes.count { sizes.append(0) }
      sizes[Int(next)] += 1
      groupOfPlace[position] = next
    }
    dropSingles(sizes: sizes)
  }

  private mutating func dropSingles(sizes: [Int]) {
    var kept = 0
    for position in rows.indices where sizes[Int(groupOfPlace[position])] > 1 {
      rows[kept] = rows[position]
      groupOfPlace[kept] = groupOfPlace[position]
      kept += 1
    }
    rows.removeLast(rows.count - kept)
    groupOfPlace.removeLast(groupOfPlace.count - kept)
  }

  /// The groups of at least two rows, each in ascending order, ordered by their first rows.
  var groups: [[Int]] {
    var placeOfGroup: [UInt32: Int] = [:]
    var groups: [[Int]] = []
    for (row, group) in zip(rows, groupOfPlace) {
      if let place = placeOfGroup[group] {
        groups[place].append(Int(row))
      } else {
        placeOfGroup[group] = groups.count
        groups.append([Int(row)])
      }
    }
    return groups
  }
}
