/// Finds what is on both sides of a split: rows with the same features, and groups, such as the
/// visits of one patient, that are spread over parts.
struct SplitLeakage {
  /// What was found.
  struct Crossing {
    var flagged: [FlaggedRow]
    /// Rows outside of the part that a model learns from.
    var testedRows: Int
    var details: DataLeakageDetails.Split
    var sentence: String
  }

  /// Words in the names of columns that say what a row belongs to.
  static let groupWords: Set<String> = [
    "id", "ids", "uid", "uuid", "guid", "patient", "user", "customer", "client", "subject",
    "person", "member", "account", "household", "family", "session", "visitor", "device", "machine",
    "group", "student", "employee", "speaker", "author",
  ]
  /// The score of a row whose group is elsewhere, too; one with the same features has 1.
  private static let groupScore = 0.5

  private let subject: AnalysisSubject
  private let column: Int
  private let levels: ColumnLevels
  private let training: UInt32
  private let trainingName: String

  /// Nil unless a column of the split is named that has two parts.
  init?(_ subject: AnalysisSubject) {
    guard let split = DatasetSplit(subject) else { return nil }
    self.subject = subject
    column = split.column
    levels = split.levels
    training = split.training
    trainingName = split.trainingName
  }

  func find(_ checkpoint: Checkpoint) throws(AnalysisCancelled) -> Crossing {
    let table = subject.table
    let tested = levels.levelOfRow.count { $0 != training && $0 != 0 }
    let twins = try trainingTwins(checkpoint.part(from: 0, to: 0.7))
    var flagged = twins.map { row, twin in
      FlaggedRow(
        row: row, score: 1,
        reason: "All its features equal those of row \(twin) in \"\(trainingName)\".",
        duplicateOf: twin)
    }
    var isFlagged = Set(flagged.map(\.row))
    var groups: [DataLeakageDetails.SpreadGroups] = []
    for index in groupColumns {
      try checkpoint.reached(0.8)
      let spread = spreadGroups(index)
      guard !spread.levels.isEmpty else { continue }
      let name = table.columns[index].name
      let ids = subject.levels(of: index)
      var rows = 0
      for (row, level) in ids.levelOfRow.enumerated()
      where spread.levels.contains(level) && levels.levelOfRow[row] != training
        && levels.levelOfRow[row] != 0
      {
        rows += 1
        guard isFlagged.insert(row).inserted else { continue }
        flagged.append(
          FlaggedRow(
            row: row, score: Self.groupScore,
            reason: "\(name) \(TextCheck.excerpt(table.columns[index].bytes(row))) is in "
              + "\"\(trainingName)\", too.",
            column: name))
      }
      groups.append(
        DataLeakageDetails.SpreadGroups(
          column: name, groups: spread.total, spread: spread.levels.count, rows: rows))
    }

    var sentence =
      twins.isEmpty
      ? "No row outside of \"\(trainingName)\" has the features of one in it."
      : "\(twins.count.grouped) of \(tested.grouped) rows outside of \"\(trainingName)\" have the features of rows in "
        + "it."
    if let first = groups.first {
      sentence +=
        " \(first.spread.grouped) of \(first.groups.grouped) values of \"\(first.column)\" are on both sides."
    }
    return Crossing(
      flagged: flagged, testedRows: tested,
      details: DataLeakageDetails.Split(
        column: table.columns[column].name, training: trainingName, testedRows: tested,
        repeatedRows: twins.count, spreadGroups: groups),
      sentence: sentence)
  }

  // MARK: Equal rows

  /// The rows outside of the training part whose features all equal those of a row in it, with the
  /// first such row.
  private func trainingTwins(
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [(row: Int, twin: Int)] {
    let columns = subject.learnableColumns
    guard !columns.isEmpty else { return [] }
    return try EqualRows(subject, columns: columns, checkpoint).groups.flatMap { group in
      group.first { levels.levelOfRow[$0] == training }.map { twin in
        group.filter { levels.levelOfRow[$0] != training && levels.levelOfRow[$0] != 0 }
          .map { ($0, twin) }
      } ?? []
    }
  }

  // MARK: Groups

  /// Columns that say by their name what rows belong to, with several rows for most values.
  private var groupColumns: [Int] {
    subject.featureColumns.filter { index in
      let column = subject.table.columns[index]
      guard
        column.name.nameWords.contains(where: Self.groupWords.contains)
          || IdentifierEvidence.namesThings(column.name),
        ![.real, .dateTime, .boolean, .empty].contains(column.type)
      else { return false }
      let present = subject.table.rowCount - column.missingCount
      return column.distinctCount >= 10 && column.distinctCount * 3 <= present * 2
    }
  }

  private func spreadGroups(_ index: Int) -> (total: Int, levels: Set<UInt32>) {
    let ids = subject.levels(of: index)
    /// 1 for rows in training, 2 for rows elsewhere.
    var sides = [UInt8](repeating: 0, count: ids.counts.count)
    for (row, level) in ids.levelOfRow.enumerated() where level > 0 {
      let part = levels.levelOfRow[row]
      if part != 0 { sides[Int(level)] |= part == training ? 1 : 2 }
    }
    return (
      sides.count { $0 != 0 }, Set(sides.indices.filter { sides[$0] == 3 }.map { UInt32($0) })
    )
  }
}
