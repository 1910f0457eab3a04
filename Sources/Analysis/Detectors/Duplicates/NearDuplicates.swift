/// The rows that are nearly equal to another: numbers that differ by next to nothing beside equal
/// categories (``NumericPairs``), all values but a category or a dropped one (``AllButOne``), or texts
/// of nearly the same wording (``TextPairs``) in rows whose other columns mostly agree
/// (``OtherFeatures``).
struct NearDuplicates: Sendable {
  let groups: [DuplicateGroup]
  /// The rows of the groups that need not be kept, the most similar first.
  let flagged: FlaggedRows
  /// The usual distance to the fourth nearest row, in standard deviations; nil if rows were compared
  /// by their texts alone.
  let usualDistance: Double?
  /// The distance within which rows are nearly equal.
  let radius: Double?

  /// - Returns: nil if there are no two rows with features.
  init?(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let table = subject.table
    let columns = subject.learnableColumns
    guard table.rowCount > 1, !columns.isEmpty else { return nil }
    let repeated = try subject.repeatedRows(checkpoint.part(from: 0, to: 0.1))
    var missing = [UInt32](repeating: 0, count: table.rowCount)
    for column in table.columns where column.missingCount > 0 {
      for row in column.rowsWithoutValue() { missing[row] += 1 }
    }
    try checkpoint.reached(0.1)
    let rows = (0..<table.rowCount).filter { !repeated.isRepeat[$0] }

    let texts = columns.filter { TextPairs.holdsWords(table.columns[$0]) }
    var byText: TextPairs?
    if !texts.isEmpty {
      byText = try TextPairs(
        subject, columns: texts, rows: rows.sorted { (missing[$0], $0) < (missing[$1], $1) },
        threshold: parameters.number("text_similarity"),
        agreement: parameters.number("agreeing_columns"), checkpoint.part(from: 0.1, to: 0.5))
    }
    var byNumbers: NumericPairs?
    var allButOne: [NearPair] = []
    // Rows without a text long enough to tell them apart.
    let others = rows.filter { byText?.isCompared[$0] != true }
    /// Of all rows, if none is compared by its text.
    var coincidence: Coincidence?
    if others.count > 1 {
      try checkpoint.reached(texts.isEmpty ? 0.1 : 0.5)
      let ofOthers = Coincidence(subject, rows: others)
      if others.count == rows.count { coincidence = ofOthers }
      byNumbers = try NumericPairs(
        subject, rows: others, part: parameters.number("threshold"), ofOthers,
        checkpoint.part(from: texts.isEmpty ? 0.1 : 0.5, to: 0.9))
    }
    if rows.count > 1 {
      try checkpoint.reached(0.9)
      allButOne =
        try AllButOne(
          subject, rows: rows, hasText: byText?.isCompared,
          coincidence ?? Coincidence(subject, rows: rows),
          checkpoint.part(from: 0.9, to: 1)
        ).pairs
    }
    (usualDistance, radius) = (byNumbers?.usualDistance, byNumbers?.radius)

    groups = DuplicateGroup.form(
      (byText?.pairs ?? []) + (byNumbers?.pairs ?? []) + allButOne, missing: { Int(missing[$0]) })
    func key(_ one: Int, _ other: Int) -> UInt64 {
      UInt64(min(one, other)) << 32 | UInt64(max(one, other))
    }
    /// Pairs with texts that differ in one value.
    let inOne =
      byText == nil ? [] : Set(allButOne.map { key(Int($0.first), Int($0.second)) })
    var flagged: [FlaggedRow] = []
    for group in groups {
      for member in group.members {
        let reason =
          byText?.isCompared[member.row] == true && !inOne.contains(key(group.keep, member.row))
          ? "Its text has \(member.similarity.percent) in common with that of row \(group.keep)."
          : Self.differences(member.row, group.keep, subject, byNumbers?.coordinates)
        flagged.append(
          FlaggedRow(
            row: member.row, score: member.similarity, reason: reason, duplicateOf: group.keep))
      }
    }
    self.flagged = flagged.sortedByScore()
  }

  /// In what two rows differ, for a person.
  private static func differences(
    _ row: Int, _ keep: Int, _ subject: AnalysisSubject, _ coordinates: RowCoordinates?
  ) -> String {
    let table = subject.table
    var weights = [Double](repeating: 0, count: table.columns.count)
    if let coordinates {
      for (column, part) in zip(coordinates.columns, coordinates.parts(row, keep, subject)) {
        weights[column] = part
      }
    }
    let differing = table.columns.indices.filter { index in
      let column = table.columns[index]
      if column.numbersRows { return false }
      let (left, right) = (column.number(row), column.number(keep))
      if column.isMissing(row), column.isMissing(keep) { return false }
      return left != right && column.bytes(row) != column.bytes(keep)
    }
    .sorted { (weights[$1], $0) < (weights[$0], $1) }
    let shown = differing.prefix(2).map { index in
      let column = table.columns[index]
      let values = [row, keep].map {
        column.isMissing($0) ? "nothing" : TextCheck.excerpt(column.bytes($0))
      }
      return "\(column.name) (\(values[0]) and \(values[1]))"
    }
    let rest = differing.count - shown.count
    return "It nearly equals row \(keep); they differ \(differing.count > 1 ? "most " : "")in "
      + shown.joined(separator: " and ") + (rest > 0 ? ", and a little in \(rest) more." : ".")
  }
}
