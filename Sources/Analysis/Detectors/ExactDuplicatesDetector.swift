/// Finds rows whose values all equal those of an earlier row, and rows of equal features whose
/// labels contradict each other.
///
/// Values are compared, not spellings: `1` equals `1.0`, and all spellings of "missing" are equal.
/// Groups come from refining a partition column by column (as in Hopcroft 1971), so no hash of a
/// row can collide. Of each group the first row is the one to keep.
struct ExactDuplicatesDetector: Detector {
  /// Groups beyond this many are counted but not listed; so are rows of a group.
  static let listLimit = 1_000

  static let kind = DetectorKind.exactDuplicates
  static let weight = 0.10
  static let meaning = "Rows that repeat an earlier one."

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<ExactDuplicatesDetails> {
    let table = subject.table
    let all = try groups(
      subject, columns: Array(table.columns.indices), checkpoint.part(from: 0, to: 0.5))
    var flagged: [FlaggedRow] = []
    for group in all {
      for row in group.dropFirst() {
        flagged.append(
          FlaggedRow(
            row: row, score: 1, reason: "All values equal those of row \(group[0]).",
            duplicateOf: group[0]))
      }
    }

    var conflicts: [ExactDuplicatesDetails.Conflict] = []
    var conflictCount = 0
    if let label = subject.label, !label.classes.isEmpty {
      let columns = subject.featureColumns.filter { table.columns[$0].type != .identifier }
      if !columns.isEmpty {
        for group in try groups(subject, columns: columns, checkpoint.part(from: 0.5, to: 1)) {
          let labelled = group.filter { label.classOfRow[$0] >= 0 }
          let labels = Set(labelled.map { label.classOfRow[$0] })
          guard labels.count > 1 else { continue }
          conflictCount += 1
          guard conflicts.count < Self.listLimit else { continue }
          conflicts.append(
            ExactDuplicatesDetails.Conflict(
              rows: Array(labelled.prefix(Self.listLimit)),
              labels: labels.sorted().map { label.classes[$0] }))
        }
      }
    }

    var sentence =
      flagged.isEmpty
      ? "No row repeats another."
      : "\(flagged.count) rows repeat an earlier one "
        + "(\((Double(flagged.count) / Double(table.rowCount)).percent) of the rows)."
    if conflictCount > 0 {
      sentence += " \(conflictCount) groups of rows have equal features but different labels."
    }
    return .done(
      Finding<ExactDuplicatesDetails>.Evidence(
        flagged: flagged.sortedByScore(),
        soundness: 100 * (1 - Double(flagged.count) / Double(table.rowCount)),
        details: ExactDuplicatesDetails(
          groupCount: all.count,
          groups: all.prefix(Self.listLimit).map {
            ExactDuplicatesDetails.Group(
              keep: $0[0], duplicates: Array($0.dropFirst().prefix(Self.listLimit)))
          },
          conflictCount: conflictCount, conflicts: conflicts),
        sentence: sentence))
  }

  /// Groups of at least two rows that are equal in the given columns, each in ascending order, the
  /// groups ordered by their first rows.
  private func groups(
    _ subject: AnalysisSubject, columns: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [[Int]] {
    var rows = Array(0..<subject.table.rowCount)
    /// The group of each entry of `rows`.
    var group = [UInt32](repeating: 0, count: rows.count)
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(Double(step) / Double(columns.count))
      let levels = subject.levels(of: index).levelOfRow
      var refined: [UInt64: UInt32] = [:]
      var sizes: [Int] = []
      for position in rows.indices {
        let value = levels[rows[position]]
        let key = UInt64(group[position]) << 32 | UInt64(value)
        let next = refined[key] ?? UInt32(sizes.count)
        if Int(next) == sizes.count {
          refined[key] = next
          sizes.append(0)
        }
        sizes[Int(next)] += 1
        group[position] = next
      }
      // Rows alone in their group can only stay alone.
      let kept = rows.indices.filter { sizes[Int(group[$0])] > 1 }
      rows = kept.map { rows[$0] }
      group = kept.map { group[$0] }
      if rows.isEmpty { return [] }
    }
    var order: [UInt32: Int] = [:]
    var result: [[Int]] = []
    for (position, row) in rows.enumerated() {
      if let known = order[group[position]] {
        result[known].append(row)
      } else {
        order[group[position]] = result.count
        result.append([row])
      }
    }
    return result
  }
}

/// Groups of equal rows.
public struct ExactDuplicatesDetails: DetectorDetails {
  /// Rows that are equal.
  public struct Group: Codable, Sendable, Equatable {
    /// The first of them, which is the one to keep.
    public var keep: Int
    /// The others, the first 1,000 of them.
    public var duplicates: [Int]
  }

  /// Rows of equal features and different labels.
  public struct Conflict: Codable, Sendable, Equatable {
    /// The rows, the first 1,000 of them.
    public var rows: [Int]
    /// Their labels.
    public var labels: [String]
  }

  /// How many groups of equal rows there are.
  public var groupCount: Int
  /// The first 1,000 groups.
  public var groups: [Group]
  /// How many groups have equal features but different labels; identifiers do not count as
  /// features.
  public var conflictCount: Int
  /// The first 1,000 of them.
  public var conflicts: [Conflict]

  enum CodingKeys: String, CodingKey {
    case groups
    case groupCount = "group_count"
    case conflictCount = "label_conflict_count"
    case conflicts = "label_conflicts"
  }
}

extension ExactDuplicatesDetails {
  /// What the properties mean.
  public static let meanings = [
    "group_count": "How many groups of equal rows there are.",
    "groups": "The first 1,000 groups.",
    "groups.keep": "The first row of the group, which is the one to keep.",
    "groups.duplicates": "The others, the first 1,000 of them.",
    "label_conflict_count": "How many groups have equal features but different labels.",
    "label_conflicts": "The first 1,000 of them.",
    "label_conflicts.rows": "The rows, the first 1,000 of them.",
    "label_conflicts.labels": "Their labels.",
  ]
}
