/// Finds rows that are nearly equal to another: numbers that differ by next to nothing beside equal
/// categories (``NumericPairs``), all values but a category or a dropped one (``AllButOne``), or texts
/// of nearly the same wording (``TextPairs``) in rows whose
/// other columns mostly agree (``OtherFeatures``).
///
/// Labels have no part in it; groups of contradicting labels are reported. Identifiers have none
/// either, so a row that repeats another under a new name is found. Rows that equal another in all
/// columns are left to ``ExactDuplicatesDetector``.
struct NearDuplicatesDetector: Detector {
  static let kind = DetectorKind.nearDuplicates
  static let meaning = "Rows that nearly equal another."
  static let weight = 0.08
  static let effort = 3.0
  /// Groups beyond this many are counted but not listed; so are rows of a group.
  static let listLimit = 1_000

  static let parameters: [DetectorParameter] = [
    .number(
      "threshold", 0.13, in: 0...0.5,
      "How close numbers must be, as a part of the usual distance to the fourth nearest row."),
    .number(
      "text_similarity", 0.7, in: 0.6...1,
      "The share of runs of four bytes that texts must have in common (Jaccard)."),
    .number(
      "agreeing_columns", 0.75, in: 0...1,
      "The share of what columns of numbers and categories tell that must agree beside a text, if there "
        + "are two or more."),
  ]

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<NearDuplicatesDetails> {
    let table = subject.table
    let columns = subject.learnableColumns
    guard table.rowCount > 1, !columns.isEmpty else {
      return .skipped(reason: "There are no two rows with features to compare.")
    }
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
    if others.count > 1 {
      try checkpoint.reached(texts.isEmpty ? 0.1 : 0.5)
      let coincidence = Coincidence(subject, rows: others)
      byNumbers = try NumericPairs(
        subject, rows: others, part: parameters.number("threshold"), coincidence,
        checkpoint.part(from: texts.isEmpty ? 0.1 : 0.5, to: 0.9))
      allButOne =
        try AllButOne(subject, rows: others, coincidence, checkpoint.part(from: 0.9, to: 1)).pairs
    }

    let groups = DuplicateGroup.form(
      (byText?.pairs ?? []) + (byNumbers?.pairs ?? []) + allButOne, missing: { Int(missing[$0]) })
    var flagged: [FlaggedRow] = []
    for group in groups {
      for member in group.members {
        let reason =
          byText?.isCompared[member.row] == true
          ? "Its text has \(member.similarity.percent) in common with that of row \(group.keep)."
          : differences(member.row, group.keep, subject, byNumbers?.coordinates)
        flagged.append(
          FlaggedRow(
            row: member.row, score: member.similarity, reason: reason, duplicateOf: group.keep))
      }
    }
    let conflicts = conflicts(groups, subject.label)
    return .done(
      Finding<NearDuplicatesDetails>.Evidence(
        flagged: flagged.sortedByScore(),
        soundness: repeated.soundness(without: flagged.map(\.row)),
        chosen: ["false_alarms": .number(NumericPairs.falseAlarms)],
        details: NearDuplicatesDetails(
          groupCount: groups.count,
          groups: groups.prefix(Self.listLimit).map { group in
            let listed = group.members.prefix(Self.listLimit)
            return NearDuplicatesDetails.Group(
              keep: group.keep, duplicates: listed.map(\.row),
              similarities: listed.map(\.similarity.reported))
          },
          conflictCount: conflicts.count,
          conflicts: Array(conflicts.prefix(Self.listLimit)),
          usualDistance: byNumbers?.usualDistance.reported,
          radius: byNumbers?.radius.reported),
        sentence: sentence(flagged.count, conflicts.count, table.rowCount)))
  }

  /// Groups whose rows have different labels.
  private func conflicts(
    _ groups: [DuplicateGroup], _ label: LabelColumn?
  ) -> [NearDuplicatesDetails.Conflict] {
    guard let label, !label.classes.isEmpty else { return [] }
    return groups.compactMap { group in
      let labelled = ([group.keep] + group.members.map(\.row)).filter {
        label.classOfRow[$0] >= 0
      }
      let labels = Set(labelled.map { label.classOfRow[$0] })
      guard labels.count > 1 else { return nil }
      return NearDuplicatesDetails.Conflict(
        rows: Array(labelled.prefix(Self.listLimit)),
        labels: labels.sorted().map { label.classes[$0] })
    }
  }

  /// In what two rows differ, for a person.
  private func differences(
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

  private func sentence(_ count: Int, _ conflicts: Int, _ rows: Int) -> String {
    guard count > 0 else { return "No row nearly equals another." }
    return count.counted("row nearly equals", "rows nearly equal")
      + " another (\((Double(count) / Double(rows)).percent) of the "
      + "rows)."
      + (conflicts > 0
        ? " In " + conflicts.counted("group") + " of them, labels contradict each other."
        : "")
  }
}

/// Groups of nearly equal rows.
public struct NearDuplicatesDetails: DetectorDetails {
  /// A row and those that nearly equal it.
  public struct Group: Codable, Sendable, Equatable {
    /// The row to keep: the most complete, then the earliest.
    public var keep: Int
    /// The others in ascending order, the first 1,000 of them.
    public var duplicates: [Int]
    /// How much each of them is like the kept row, from 0 to 1.
    public var similarities: [Double]
  }

  /// A group whose rows have different labels.
  public struct Conflict: Codable, Sendable, Equatable {
    /// The kept row and the others, the first 1,000 of them.
    public var rows: [Int]
    /// Their labels.
    public var labels: [String]
  }

  /// How many groups there are.
  public var groupCount: Int
  /// The first 1,000 groups.
  public var groups: [Group]
  /// How many groups have different labels.
  public var conflictCount: Int
  /// The first 1,000 of them.
  public var conflicts: [Conflict]
  /// The usual distance to the fourth nearest row, in standard deviations; nil if rows were compared
  /// by their texts alone.
  public var usualDistance: Double?
  /// The distance within which rows are nearly equal.
  public var radius: Double?

  enum CodingKeys: String, CodingKey {
    case groups, radius
    case groupCount = "group_count"
    case conflictCount = "label_conflict_count"
    case conflicts = "label_conflicts"
    case usualDistance = "usual_distance"
  }
}

extension NearDuplicatesDetails {
  /// What the properties mean.
  public static let meanings = [
    "group_count": "How many groups of nearly equal rows there are.",
    "groups": "The first 1,000 groups.",
    "groups.keep": "The row to keep: the most complete, then the earliest.",
    "groups.duplicates": "The others, the first 1,000 of them.",
    "groups.similarities": "How much each of them is like the kept row, from 0 to 1.",
    "label_conflict_count": "How many groups have different labels.",
    "label_conflicts": "The first 1,000 of them.",
    "label_conflicts.rows": "The rows, the kept one first, the first 1,000 of them.",
    "label_conflicts.labels": "Their labels.",
    "usual_distance":
      "The usual distance to the fourth nearest row, in standard deviations; absent if texts alone "
      + "were compared.",
    "radius": "The distance within which rows are nearly equal.",
  ]
}
