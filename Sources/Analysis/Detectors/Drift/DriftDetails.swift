/// Columns whose values are distributed differently than before.
public struct DriftDetails: DetectorDetails {
  /// What is compared.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The dataset with another one.
    case reference
    /// The later half of the rows with the earlier one.
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
    /// The probability of as much by chance, corrected for the number of columns (Holm).
    public var probability: Double
    /// Share of missing values before.
    public var missingBefore: Double
    /// Share of missing values after.
    public var missingAfter: Double
    /// Classes that were not there before, the commonest 20.
    public var newClasses: [ClassCount]
    /// Classes that are there no more, the commonest 20.
    public var vanishedClasses: [ClassCount]
    /// The shift in words.
    public var words: String

    enum CodingKeys: String, CodingKey {
      case column, severity, psi, words
      case distance = "ks_distance"
      case probability = "p_value"
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

  /// A comparison of two sets of rows.
  public struct Comparison: Codable, Sendable, Equatable {
    /// What is compared.
    public var kind: Kind
    /// What is compared with.
    public var before: String
    /// What is compared.
    public var after: String
    /// Rows before.
    public var beforeRows: Int
    /// Rows after.
    public var afterRows: Int
    /// The columns that are on both sides, in table order.
    public var columns: [ColumnShift]
    /// Columns that are there no more.
    public var missingColumns: [String]
    /// Columns that were not there before.
    public var newColumns: [String]
    /// Columns of another type than before.
    public var typeChanges: [TypeChange]

    enum CodingKeys: String, CodingKey {
      case kind, before, after, columns
      case beforeRows = "before_rows"
      case afterRows = "after_rows"
      case missingColumns = "missing_columns"
      case newColumns = "new_columns"
      case typeChanges = "type_changes"
    }
  }

  /// The comparisons that were made.
  public var comparisons: [Comparison]

  /// What the properties mean.
  public static let meanings = [
    "comparisons": "The comparisons that were made.",
    "comparisons.kind": "Whether with a reference dataset, along time, or across a split.",
    "comparisons.before": "What is compared with.",
    "comparisons.after": "What is compared.",
    "comparisons.before_rows": "Rows before.",
    "comparisons.after_rows": "Rows after.",
    "comparisons.columns": "The columns that are on both sides, in table order.",
    "comparisons.columns.column": "The column.",
    "comparisons.columns.severity": "From 0, no shift beyond chance and the bounds set, to 1.",
    "comparisons.columns.psi":
      "The population stability index: by convention 0.1 is moderate, 0.25 major.",
    "comparisons.columns.ks_distance": "The Kolmogorov–Smirnov distance, for numbers.",
    "comparisons.columns.p_value": "The probability of as much by chance, corrected after Holm.",
    "comparisons.columns.missing_before": "Share of missing values before.",
    "comparisons.columns.missing_after": "Share of missing values after.",
    "comparisons.columns.new_classes": "Classes that were not there before, the commonest 20.",
    "comparisons.columns.new_classes.name": "The class.",
    "comparisons.columns.new_classes.rows": "Rows that have it.",
    "comparisons.columns.vanished_classes": "Classes that are there no more, the commonest 20.",
    "comparisons.columns.vanished_classes.name": "The class.",
    "comparisons.columns.vanished_classes.rows": "Rows that had it.",
    "comparisons.columns.words": "The shift in words.",
    "comparisons.missing_columns": "Columns that are there no more.",
    "comparisons.new_columns": "Columns that were not there before.",
    "comparisons.type_changes": "Columns of another type than before.",
    "comparisons.type_changes.column": "The column.",
    "comparisons.type_changes.before": "What its values were.",
    "comparisons.type_changes.after": "What they are.",
  ]
}
