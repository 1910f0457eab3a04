/// One feature for each level of a category that occurs at least twice; "missing" is a level too.
struct CategoryEncoding: Sendable {
  /// The level of each row; nil for levels too rare to learn from.
  private(set) var levels: [Int?]
  private(set) var levelCount: Int

  init(column: Column, rows: [Int], limit: Int) {
    let column = column.levels()
    var frequencies = [Int](repeating: 0, count: column.counts.count)
    for row in rows { frequencies[Int(column.levelOfRow[row])] += 1 }
    let kept = frequencies.indices
      .filter { frequencies[$0] >= 2 }
      .sorted { (frequencies[$1], $0) < (frequencies[$0], $1) }
      .prefix(limit)
    var levelOfID = [Int?](repeating: nil, count: frequencies.count)
    for (level, id) in kept.enumerated() { levelOfID[id] = level }
    levels = rows.map { levelOfID[Int(column.levelOfRow[$0])] }
    levelCount = kept.count
  }
}
