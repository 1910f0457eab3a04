/// The rows that repeat an earlier one, and what rows count for in the quality score.
///
/// A copy counts as one in the component of exact duplicates and nowhere else: copies of sound rows
/// then hide no flaws, and copies of flawed ones multiply none. Repeats that are due to chance
/// (``ChanceRepeats``) are rows like others. As it is not known which they are, each repeat counts as a
/// row for the share of them.
struct RepeatedRows: Sendable {
  /// Groups of rows that are equal in all columns but row numbers; all but the first are repeats.
  let groups: [[Int]]
  /// By row.
  let isRepeat: [Bool]
  /// How many repeats there are.
  let count: Int
  /// The share of the repeats that may be by chance.
  let shareByChance: Double

  init(
    _ subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let table = subject.table
    let columns = table.columns.indices.filter { !table.columns[$0].numbersRows }
    groups = try EqualRows(subject, columns: columns, checkpoint.part(from: 0, to: 0.5)).groups
    var isRepeat = [Bool](repeating: false, count: table.rowCount)
    for group in groups { for row in group.dropFirst() { isRepeat[row] = true } }
    self.isRepeat = isRepeat
    count = groups.reduce(0) { $0 + $1.count - 1 }
    shareByChance =
      groups.isEmpty
      ? 0
      : try ChanceRepeats.share(
        subject, rows: Array(0..<table.rowCount), columns: columns,
        checkpoint.part(from: 0.5, to: 1))
  }

  /// Whether most repeats are copies, more than chance makes.
  var areCopies: Bool { shareByChance < 0.5 }

  /// Whether a row is most probably the copy of an earlier one.
  func isCopy(_ row: Int) -> Bool { areCopies && isRepeat[row] }

  /// What a row counts for.
  func weight(_ row: Int) -> Double { isRepeat[row] ? shareByChance : 1 }

  /// What all rows count for; that of one row at least.
  var totalWeight: Double { Double(isRepeat.count - count) + shareByChance * Double(count) }

  /// 100 times the share of what rows count for that is left without some of them.
  ///
  /// - Parameter rows: each once.
  func soundness(without rows: some Sequence<Int>) -> Double {
    100 * (1 - rows.reduce(0) { $0 + weight($1) } / max(1, totalWeight))
  }
}
