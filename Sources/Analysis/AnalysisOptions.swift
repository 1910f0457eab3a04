/// What a label column is to be learnt as.
public enum TaskType: String, Codable, Sendable, CaseIterable {
  /// Labels are classes.
  case classification
  /// Labels are numbers.
  case regression
}

/// What to look for, and how.
public struct AnalysisOptions: Codable, Sendable, Equatable {
  /// The seed used when none is given.
  public static let defaultSeed: UInt64 = 0
  /// The bound on listed rows used when none is given: all rows of a free workspace's month.
  public static let defaultMaxFlaggedRows = 10_000

  /// The column that holds the labels. Nil: guessed from the names ``LabelColumn/guessedNames``.
  public var labelColumn: String?
  /// Nil: inferred from the label column's values.
  public var taskType: TaskType?
  /// Nil: all.
  public var detectors: Set<DetectorKind>?
  /// Seeds every random choice; the same seed gives the same report.
  public var seed: UInt64
  /// At most this many flagged rows are listed for each detector; all are counted.
  public var maxFlaggedRows: Int

  /// Creates options; by default all detectors run and the label column is guessed.
  public init(
    labelColumn: String? = nil,
    taskType: TaskType? = nil,
    detectors: Set<DetectorKind>? = nil,
    seed: UInt64 = AnalysisOptions.defaultSeed,
    maxFlaggedRows: Int = AnalysisOptions.defaultMaxFlaggedRows
  ) {
    self.labelColumn = labelColumn
    self.taskType = taskType
    self.detectors = detectors
    self.seed = seed
    self.maxFlaggedRows = maxFlaggedRows
  }
}
