/// Finds rows that are nearly equal to another (``NearDuplicates``).
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
    guard let found = try subject.nearDuplicates(checkpoint) else {
      return .skipped(reason: "There are no two rows with features to compare.")
    }
    let (groups, flagged) = (found.groups, found.flagged)
    let repeated = try subject.repeatedRows(checkpoint.part(from: 1, to: 1))
    let conflicts = conflicts(groups, subject.label)
    return .done(
      Finding<NearDuplicatesDetails>.Evidence(
        flagged: flagged,
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
          usualDistance: found.usualDistance?.reported,
          radius: found.radius?.reported),
        sentence: sentence(flagged.count, conflicts.count, subject.table.rowCount)))
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
