/// Finds rows whose values all equal those of an earlier row, and rows of equal features whose
/// labels contradict each other.
///
/// ``EqualRows`` says what "equal" is. Rows of a group are equally complete, so the first is the one
/// to keep.
struct ExactDuplicatesDetector: Detector {
  /// Groups beyond this many are counted but not listed; so are rows of a group.
  static let listLimit = 1_000

  static let kind = DetectorKind.exactDuplicates
  static let weight = 0.08
  static let meaning = "Rows that repeat an earlier one."

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<ExactDuplicatesDetails> {
    let table = subject.table
    let repeated = try subject.repeatedRows(checkpoint.part(from: 0, to: 0.5))
    let all = repeated.groups
    let flagged = flaggedRows(
      all, table.rowCount,
      reason: {
        [hasRowNumber = !subject.rowNumberColumns.isEmpty, areCopies = repeated.areCopies] in
        "All values \(hasRowNumber ? "but the row's number " : "")equal those of row \($0)"
          + (areCopies ? "." : ", which may be by chance.")
      })

    var conflicts: [ExactDuplicatesDetails.Conflict] = []
    var conflictCount = 0
    if let label = subject.label, !label.classes.isEmpty {
      let columns = subject.featureColumns.filter { table.columns[$0].type != .identifier }
      if !columns.isEmpty {
        let equal = try EqualRows(subject, columns: columns, checkpoint.part(from: 0.5, to: 1))
        for group in equal.groups {
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
      : flagged.count.counted("row repeats", "rows repeat") + " an earlier one "
        + "(\((Double(flagged.count) / Double(table.rowCount)).percent) of the rows)."
    if repeated.shareByChance >= 0.5 {
      sentence +=
        " Values combine in so few ways that "
        + (repeated.shareByChance == 1 ? "all" : "most") + " of these may be by chance."
    }
    let numbers = subject.rowNumberColumns.map { "\"\(table.columns[$0].name)\"" }
    if !numbers.isEmpty, !flagged.isEmpty {
      sentence += " Row numbers (\(numbers.joined(separator: ", "))) do not count."
    }
    if conflictCount > 0 {
      sentence +=
        " " + conflictCount.counted("group of rows has", "groups of rows have")
        + " equal features but different labels."
    }
    return .done(
      Finding<ExactDuplicatesDetails>.Evidence(
        flagged: flagged,
        soundness: 100
          * (1 - (1 - repeated.shareByChance) * Double(repeated.count) / Double(table.rowCount)),
        details: ExactDuplicatesDetails(
          groupCount: all.count,
          groups: all.prefix(Self.listLimit).map {
            ExactDuplicatesDetails.Group(
              keep: $0[0], duplicates: Array($0.dropFirst().prefix(Self.listLimit)))
          },
          conflictCount: conflictCount, conflicts: conflicts,
          shareByChance: repeated.shareByChance.reported),
        sentence: sentence))
  }

  /// All rows but the first of each group, in their order.
  private func flaggedRows(
    _ groups: [[Int]], _ rowCount: Int, reason: @escaping @Sendable (Int) -> String
  ) -> FlaggedRows {
    var firstOfRow = [UInt32](repeating: .max, count: rowCount)
    for group in groups { for row in group.dropFirst() { firstOfRow[row] = UInt32(group[0]) } }
    let rows = firstOfRow.indices.filter { firstOfRow[$0] < .max }.map(UInt32.init)
    let keep = rows.map { firstOfRow[Int($0)] }
    return FlaggedRows(
      count: rows.count,
      facts: { FlaggedRow(row: Int(rows[$0]), score: 1, reason: "", duplicateOf: Int(keep[$0])) },
      reason: { reason(Int(keep[$0])) })
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
  /// The share of the repeats that may be by chance, as columns are few and coarse; nil in reports of
  /// before it was estimated.
  public var shareByChance: Double?

  /// Whether most repeats may be by chance.
  var mayBeByChance: Bool { shareByChance ?? 0 >= 0.5 }

  enum CodingKeys: String, CodingKey {
    case groups
    case groupCount = "group_count"
    case conflictCount = "label_conflict_count"
    case conflicts = "label_conflicts"
    case shareByChance = "share_by_chance"
  }
}

extension ExactDuplicatesDetails {
  /// What the properties mean.
  public static let meanings = [
    "group_count": "How many groups of equal rows there are.",
    "groups": "The first 1,000 groups.",
    "groups.keep": "The first row of the group, which is the one to keep.",
    "groups.duplicates": "The others, the first 1,000 of them.",
    "share_by_chance":
      "The share of the repeats that may be by chance, as columns are few and coarse.",
    "label_conflict_count": "How many groups have equal features but different labels.",
    "label_conflicts": "The first 1,000 of them.",
    "label_conflicts.rows": "The rows, the first 1,000 of them.",
    "label_conflicts.labels": "Their labels.",
  ]
}
