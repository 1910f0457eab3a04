/// The parts that a split column divides the rows into.
struct DatasetSplit {
  let column: Int
  /// The parts; level 0 is that of rows in none.
  let levels: ColumnLevels
  /// The part that a model learns from: the first one called "train" or so, or else the largest.
  let training: UInt32
  let trainingName: String

  /// Nil unless a column of the split is named that has two parts.
  init?(_ subject: AnalysisSubject) {
    guard let name = subject.options.splitColumn,
      let index = subject.table.columnIndex(named: name)
    else { return nil }
    let column = subject.table.columns[index]
    let levels = subject.levels(of: index)
    let parts = levels.counts.indices.dropFirst().filter { levels.counts[$0] > 0 }
    let named = parts.first {
      column.text(Int(levels.firstRow[$0])).lowercased().contains("train")
    }
    let largest = parts.max { (levels.counts[$0], $1) < (levels.counts[$1], $0) }
    guard parts.count >= 2, let part = named ?? largest else { return nil }
    self.column = index
    self.levels = levels
    training = UInt32(part)
    trainingName = column.text(Int(levels.firstRow[part]))
  }
}
