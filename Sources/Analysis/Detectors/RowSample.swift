/// Rows that stand for all of them where a share or a correlation is estimated, so that the work
/// does not grow with the table.
enum RowSample {
  /// `limit` of the rows, drawn at random without repetition, in ascending order; all if there are
  /// no more. Linear in the rows (selection sampling: Knuth, TAOCP volume 2, §3.4.2, algorithm S).
  static func rows(of rowCount: Int, limit: Int, seed: UInt64) -> [Int] {
    guard rowCount > limit else { return Array(0..<rowCount) }
    var generator = SeededGenerator(seed: seed)
    var chosen: [Int] = []
    chosen.reserveCapacity(limit)
    for row in 0..<rowCount where generator.next(below: rowCount - row) < limit - chosen.count {
      chosen.append(row)
    }
    return chosen
  }
}
