/// One feature for each level of a category that occurs at least twice; "missing" is a level too.
struct CategoryEncoding: Sendable {
  /// The level of each row; nil for levels too rare to learn from.
  private(set) var levels: [Int?]
  private(set) var levelCount: Int

  init(column: Column, rows: [Int], limit: Int) {
    let ids = column.valueIDs()
    var frequencies = [Int](repeating: 0, count: column.dictionary.count + 1)
    for row in rows { frequencies[Int(ids[Int(column.codes[row])])] += 1 }
    let kept = frequencies.indices
      .filter { frequencies[$0] >= 2 }
      .sorted { (frequencies[$1], $0) < (frequencies[$0], $1) }
      .prefix(limit)
    var levelOfID = [Int?](repeating: nil, count: frequencies.count)
    for (level, id) in kept.enumerated() { levelOfID[id] = level }
    levels = rows.map { levelOfID[Int(ids[Int(column.codes[$0])])] }
    levelCount = kept.count
  }
}
