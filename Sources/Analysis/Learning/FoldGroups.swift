/// Which rows belong into one fold.
///
/// What was learnt from a copy of a row would say of the row what it has seen. That goes for near copies
/// as well, whose label then confirms itself, right or wrong.
extension AnalysisSubject {
  /// Near copies that are more than a fifth of their class are left to all folds: in one of five they would
  /// take the class away from the others. They rather tell what rows of the class are made of.
  private static let largestShare = 0.2

  /// For each row of the table a number that it shares with its copies and near copies; nil if no row has
  /// any. Where repeats are due to chance, rows are like others.
  func foldGroups(_ checkpoint: Checkpoint) throws(AnalysisCancelled) -> [Int]? {
    let repeated = try repeatedRows(checkpoint.part(from: 0, to: 0.1))
    guard repeated.count == 0 || repeated.areCopies else { return nil }
    let near = try nearDuplicates(checkpoint.part(from: 0.1, to: 1))
    var groups = near?.groups.flatMap(ofOneLabel) ?? []
    if repeated.count > 0 {
      // Rows of equal features and another label go with them: in another fold, each row would hear only
      // those of its like that contradict it.
      groups += try EqualRows(self, columns: learnableColumns, checkpoint.part(from: 1, to: 1))
        .groups
    }
    return groups.isEmpty ? nil : united(groups)
  }

  /// The rows of a group of near copies by their label. One that has another is no copy in all: what is
  /// learnt from it contradicts, and may be right. Numbers of near copies differ a little and are not told apart.
  private func ofOneLabel(_ group: DuplicateGroup) -> [[Int]] {
    let rows = [group.keep] + group.members.map(\.row)
    guard let label, !label.classes.isEmpty else {
      return Double(rows.count) <= Self.largestShare * Double(table.rowCount) ? [rows] : []
    }
    return Dictionary(grouping: rows) { label.classOfRow[$0] }.filter { index, rows in
      index >= 0 && Double(rows.count) <= Self.largestShare * Double(label.counts[index])
    }.map(\.value)
  }

  /// By row the first one of all groups that it is connected by.
  private func united(_ groups: [[Int]]) -> [Int] {
    var former = Array(0..<table.rowCount)
    func first(_ row: Int) -> Int {
      var row = row
      while former[row] != row {
        former[row] = former[former[row]]
        row = former[row]
      }
      return row
    }
    for group in groups {
      for row in group.dropFirst() {
        let (one, other) = (first(group[0]), first(row))
        former[max(one, other)] = min(one, other)
      }
    }
    return former.indices.map(first)
  }
}
