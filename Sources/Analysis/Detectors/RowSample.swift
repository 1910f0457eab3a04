/// Rows that stand for all of them where a share or a correlation is estimated, so that the work
/// does not grow with the table.
enum RowSample {
  /// `limit` of the rows, drawn at random without repetition, in ascending order; all if there are
  /// no more. Takes time and room for those that are drawn alone (Bentley and Floyd 1987).
  static func rows(of rowCount: Int, limit: Int, seed: UInt64) -> [Int] {
    guard rowCount > limit else { return Array(0..<rowCount) }
    var generator = SeededGenerator(seed: seed)
    var drawn: Set<Int> = []
    for last in (rowCount - limit)..<rowCount {
      let candidate = generator.next(below: last + 1)
      if !drawn.insert(candidate).inserted { drawn.insert(last) }
    }
    return drawn.sorted()
  }
}
