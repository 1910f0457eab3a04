/// How much a fix dares to change.
public enum FixStrategy: String, Codable, Sendable, CaseIterable {
  /// Only what nobody can object to: exact duplicates that are not by chance, and spellings that
  /// differ in white space or case. The surest label errors are flagged.
  case conservative
  /// Also what is very likely: sure label errors, near duplicates, columns with few cells missing.
  case moderate
  /// Everything that was found.
  case aggressive
}

/// What a fix does about each kind of finding.
///
/// | finding | conservative | moderate | aggressive |
/// | --- | --- | --- | --- |
/// | exact duplicates | deduplicate | deduplicate | deduplicate |
/// | exact duplicates of which most may be by chance | flag | flag | deduplicate |
/// | inconsistent formats with a suggestion | replace white space and case | replace | replace |
/// | near duplicates | | deduplicate from .95, flag others | deduplicate |
/// | label errors with a suggestion | flag from .95 | relabel from .9, flag others | relabel |
/// | label errors without one | flag from .95 | flag | flag |
/// | missing cells | | impute where under 5 % of a column | impute |
/// | outliers | | flag | remove from .9, flag others |
/// | what other detectors flag | | flag | flag |
public struct FixOptions: Codable, Sendable, Equatable {
  /// A plan with more actions is not made.
  public static let maxActions = 1_000_000

  /// How much to change.
  public var strategy: FixStrategy
  /// The kinds of action to take; others are left out, and what would be changed is flagged if
  /// ``FixAction/Kind/flag`` is among them. Nil: all.
  public var kinds: Set<FixAction.Kind>?
  /// The least score of a label error that is relabelled. Nil: as the strategy says.
  public var relabelScore: Double?
  /// The least score of a near duplicate that is left out. Nil: as the strategy says.
  public var nearDuplicateScore: Double?
  /// The least score of an outlier that is left out. Nil: as the strategy says.
  public var outlierScore: Double?
  /// The share of missing cells below which a column is filled in. Nil: as the strategy says.
  public var imputeShare: Double?
  /// A column to append, with the detectors that flagged each row. Nil: none.
  public var flagColumn: String?

  /// Creates options; what is not given is as the strategy says.
  public init(
    strategy: FixStrategy = .conservative, kinds: Set<FixAction.Kind>? = nil,
    relabelScore: Double? = nil, nearDuplicateScore: Double? = nil, outlierScore: Double? = nil,
    imputeShare: Double? = nil, flagColumn: String? = nil
  ) {
    self.strategy = strategy
    self.kinds = kinds
    self.relabelScore = relabelScore
    self.nearDuplicateScore = nearDuplicateScore
    self.outlierScore = outlierScore
    self.imputeShare = imputeShare
    self.flagColumn = flagColumn
  }

  func takes(_ kind: FixAction.Kind) -> Bool { kinds?.contains(kind) ?? true }
}

/// The scores from which a finding is acted on; nil is never.
struct FixThresholds {
  var relabel: Double?
  var flagLabel: Double
  var nearDuplicate: Double?
  var removeOutlier: Double?
  var flagOutlier: Double?
  /// Columns with a smaller share of missing cells are filled in.
  var imputeShare: Double?
  /// Whether rows that may equal others by chance are left out.
  var removesChanceRepeats = false

  init(_ options: FixOptions) {
    switch options.strategy {
    case .conservative:
      flagLabel = 0.95
    case .moderate:
      (relabel, flagLabel, nearDuplicate) = (0.9, 0, 0.95)
      (flagOutlier, imputeShare) = (0, 0.05)
    case .aggressive:
      // What is more probably right than wrong stays.
      (relabel, flagLabel, nearDuplicate) = (0.5, 0, 0)
      (removeOutlier, flagOutlier, imputeShare) = (0.9, 0, 1)
      removesChanceRepeats = true
    }
    relabel = options.relabelScore ?? relabel
    nearDuplicate = options.nearDuplicateScore ?? nearDuplicate
    removeOutlier = options.outlierScore ?? removeOutlier
    imputeShare = options.imputeShare ?? imputeShare
  }
}
