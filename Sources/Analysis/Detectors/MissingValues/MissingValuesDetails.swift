/// Missing values by column, their patterns, and what they depend on.
public struct MissingValuesDetails: DetectorDetails {
  /// A column with missing values.
  public struct ColumnRate: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// Cells without a value.
    public var missing: Int
    /// Their share of the rows.
    public var rate: Double
  }

  /// Rows that miss the same columns.
  public struct Pattern: Codable, Sendable, Equatable {
    /// The columns that are missing; none for complete rows.
    public var missing: [String]
    /// The rows.
    public var rows: Int
  }

  /// What it depends on whether a column is missing.
  public struct Dependence: Codable, Sendable, Equatable {
    /// The column with missing values.
    public var column: String
    /// The column that it depends on.
    public var dependsOn: String
    /// Whether that is the label.
    public var isLabel: Bool
    /// Cramér's V for classes, the rank-biserial correlation for numbers; from 0 to 1.
    public var effect: Double
    /// The probability of as much by chance, corrected for the number of tests (Holm).
    public var probability: Double
    /// The dependence in words.
    public var words: String

    enum CodingKeys: String, CodingKey {
      case column, effect, words
      case dependsOn = "depends_on"
      case isLabel = "is_label"
      case probability = "p_value"
    }
  }

  /// A value that probably stands for a missing one.
  public struct StandIn: Codable, Sendable, Equatable {
    /// The column.
    public var column: String
    /// The value as it is written.
    public var value: String
    /// Rows that have it.
    public var rows: Int
    /// Why it is suspected.
    public var reason: String
  }

  /// Cells without a value, in all columns.
  public var missingCells: Int
  /// Rows with a value in every column.
  public var completeRows: Int
  /// The columns with missing values, in table order.
  public var columns: [ColumnRate]
  /// How many patterns of missing columns there are, that of complete rows included.
  public var patternCount: Int
  /// The commonest 50 of them.
  public var patterns: [Pattern]
  /// Groups of columns that are missing in the same rows, in 95 % of them at least.
  public var missingTogether: [[String]]
  /// What missingness depends on, the label first, then the strongest first.
  public var dependences: [Dependence]
  /// Values that probably stand for missing ones, in table order.
  public var standIns: [StandIn]

  enum CodingKeys: String, CodingKey {
    case columns, patterns, dependences
    case missingCells = "missing_cells"
    case completeRows = "complete_rows"
    case patternCount = "pattern_count"
    case missingTogether = "missing_together"
    case standIns = "stand_ins"
  }

  /// What the properties mean.
  public static let meanings = [
    "missing_cells": "Cells without a value.",
    "complete_rows": "Rows with a value in every column.",
    "columns": "The columns with missing values.",
    "columns.column": "The column.",
    "columns.missing": "Cells without a value.",
    "columns.rate": "Their share of the rows.",
    "pattern_count": "How many patterns of missing columns there are, complete rows included.",
    "patterns": "The commonest 50 of them.",
    "patterns.missing": "The columns that are missing; none for complete rows.",
    "patterns.rows": "The rows.",
    "missing_together": "Groups of columns that are missing in the same rows, in 95 % at least.",
    "dependences": "What missingness depends on, the label first, then the strongest first.",
    "dependences.column": "The column with missing values.",
    "dependences.depends_on": "The column that it depends on.",
    "dependences.is_label": "Whether that is the label.",
    "dependences.effect": "Cramér's V or the rank-biserial correlation, from 0 to 1.",
    "dependences.p_value": "The probability of as much by chance, corrected after Holm.",
    "dependences.words": "The dependence in words.",
    "stand_ins": "Values that probably stand for missing ones.",
    "stand_ins.column": "The column.",
    "stand_ins.value": "The value as it is written.",
    "stand_ins.rows": "Rows that have it.",
    "stand_ins.reason": "Why it is suspected.",
  ]
}
