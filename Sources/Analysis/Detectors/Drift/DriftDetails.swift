/// Columns whose values are distributed differently than before.
public struct DriftDetails: DetectorDetails {
  /// What is compared.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The dataset with another one.
    case reference
    /// Periods of time with the rest of the rows.
    case time
    /// The other parts of a split with the training part.
    case split
  }

  /// A class and its rows.
  public struct ClassCount: Codable, Sendable, Equatable {
    /// The class.
    public var name: String
    /// Rows that have it.
    public var rows: Int
  }

  /// A period of time.
  public struct Period: Codable, Sendable, Equatable {
    /// Its first year, month, day or other unit; or number.
    public var from: String
    /// Its last one.
    public var to: String
    /// Its rows.
    public var rows: Int
  }

  /// How a column has shifted.
  public struct ColumnShift: Codable, Sendable, Equatable {
    /// The column.
    public var column: String
    /// From 0, no shift beyond chance and the parameters' bounds, to 1.
    public var severity: Double
    /// The population stability index: by convention less than 0.1 is stable, more than 0.25 a major
    /// shift.
    public var psi: Double
    /// The Kolmogorov–Smirnov distance, for numbers.
    public var distance: Double?
    /// The probability of as much by chance, corrected for the number of columns and periods (Holm).
    public var probability: Double
    /// Along time, the first unit of the change; nil without one. What is told of a column is of the rows
    /// in it against all others, or of the later half without a change.
    public var changedFrom: String?
    /// The last unit of the change; nil if it goes on to the end.
    public var changedTo: String?
    /// The stability index of each period against the rows outside of the change.
    public var psiByPeriod: [Double]?
    /// Share of missing values before.
    public var missingBefore: Double
    /// Share of missing values after.
    public var missingAfter: Double
    /// Classes that were not there before, the commonest 20.
    public var newClasses: [ClassCount]
    /// Classes that are there no more, the commonest 20.
    public var vanishedClasses: [ClassCount]
    /// The shift in words; empty without one.
    public var words: String

    enum CodingKeys: String, CodingKey {
      case column, severity, psi, words
      case distance = "ks_distance"
      case probability = "p_value"
      case changedFrom = "changed_from"
      case changedTo = "changed_to"
      case psiByPeriod = "psi_by_period"
      case missingBefore = "missing_before"
      case missingAfter = "missing_after"
      case newClasses = "new_classes"
      case vanishedClasses = "vanished_classes"
    }
  }

  /// A column of another type than before.
  public struct TypeChange: Codable, Sendable, Equatable {
    /// The column.
    public var column: String
    /// What its values were.
    public var before: ColumnType
    /// What they are.
    public var after: ColumnType
  }

  /// A comparison of groups of rows.
  public struct Comparison: Codable, Sendable, Equatable {
    /// What is compared.
    public var kind: Kind
    /// What is compared with.
    public var before: String
    /// What is compared.
    public var after: String
    /// Rows of both, or of each period.
    public var rows: [Int]
    /// The column of times; nil without one.
    public var timeColumn: String?
    /// The periods in order; nil without time.
    public var periods: [Period]?
    /// The columns that are on both sides, in table order.
    public var columns: [ColumnShift]
    /// Columns that are there no more.
    public var missingColumns: [String]
    /// Columns that were not there before.
    public var newColumns: [String]
    /// Columns of another type than before.
    public var typeChanges: [TypeChange]

    enum CodingKeys: String, CodingKey {
      case kind, before, after, rows, periods, columns
      case timeColumn = "time_column"
      case missingColumns = "missing_columns"
      case newColumns = "new_columns"
      case typeChanges = "type_changes"
    }
  }

  /// The comparisons that were made.
  public var comparisons: [Comparison]
  /// What was to be compared and could not be, and why.
  public var notes: [String]

  /// What the properties mean.
  public static let meanings = [
    "notes": "What was to be compared and could not be, and why.",
    "comparisons": "The comparisons that were made.",
    "comparisons.kind": "Whether with a reference dataset, along time, or across a split.",
    "comparisons.before": "What is compared with.",
    "comparisons.after": "What is compared.",
    "comparisons.rows": "Rows of both, or of each period.",
    "comparisons.time_column": "The column of times; absent without one.",
    "comparisons.periods": "The periods in order; absent without time.",
    "comparisons.periods.from": "The period's first year, month, day or other unit; or number.",
    "comparisons.periods.to": "Its last one.",
    "comparisons.periods.rows": "Its rows.",
    "comparisons.columns": "The columns that are on both sides, in table order.",
    "comparisons.columns.column": "The column.",
    "comparisons.columns.severity": "From 0, no shift beyond chance and the bounds set, to 1.",
    "comparisons.columns.psi":
      "The population stability index: by convention 0.1 is moderate, 0.25 major.",
    "comparisons.columns.ks_distance": "The Kolmogorov–Smirnov distance, for numbers.",
    "comparisons.columns.p_value": "The probability of as much by chance, corrected after Holm.",
    "comparisons.columns.changed_from":
      "Along time, the first unit of the change; absent without one.",
    "comparisons.columns.changed_to":
      "The last unit of the change; absent if it goes on to the end.",
    "comparisons.columns.psi_by_period":
      "The stability index of each period against the rows outside of the change.",
    "comparisons.columns.missing_before": "Share of missing values before.",
    "comparisons.columns.missing_after": "Share of missing values after.",
    "comparisons.columns.new_classes": "Classes that were not there before, the commonest 20.",
    "comparisons.columns.new_classes.name": "The class.",
    "comparisons.columns.new_classes.rows": "Rows that have it.",
    "comparisons.columns.vanished_classes": "Classes that are there no more, the commonest 20.",
    "comparisons.columns.vanished_classes.name": "The class.",
    "comparisons.columns.vanished_classes.rows": "Rows that had it.",
    "comparisons.columns.words": "The shift in words; empty without one.",
    "comparisons.missing_columns": "Columns that are there no more.",
    "comparisons.new_columns": "Columns that were not there before.",
    "comparisons.type_changes": "Columns of another type than before.",
    "comparisons.type_changes.column": "The column.",
    "comparisons.type_changes.before": "What its values were.",
    "comparisons.type_changes.after": "What they are.",
  ]
}
