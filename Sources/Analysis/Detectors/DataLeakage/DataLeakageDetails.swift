/// What gives the label away.
public struct DataLeakageDetails: DetectorDetails {
  /// How a column gives the label away.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// It is the label again, under the same names or others.
    case copyOfLabel = "copy_of_label"
    /// It predicts the label by itself.
    case predictsLabel = "predicts_label"
  }

  /// A column that gives the label away.
  public struct Leak: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// How it gives the label away.
    public var kind: Kind
    /// For classes the share of errors that it saves against always answering the commonest class,
    /// for numbers the share of the variance of their ranks that it explains; out of sample.
    public var power: Double
    /// For copies the share of the rows where it agrees with the label.
    public var agreement: Double?
    /// In words that follow the column's name.
    public var words: String
  }

  /// A column whose values name groups that are on both sides of the split.
  public struct SpreadGroups: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// Groups there are.
    public var groups: Int
    /// Groups on both sides.
    public var spread: Int
    /// Their rows outside of the training part.
    public var rows: Int
  }

  /// What is on both sides of the split.
  public struct Split: Codable, Sendable, Equatable {
    /// The column that says which part a row belongs to.
    public var column: String
    /// The part that a model learns from: called "train" or so, or else the largest.
    public var training: String
    /// Rows in other parts.
    public var testedRows: Int
    /// Those of them whose features equal those of a row in the training part.
    public var repeatedRows: Int
    /// Groups that are on both sides, by the columns that name them.
    public var spreadGroups: [SpreadGroups]

    enum CodingKeys: String, CodingKey {
      case column, training
      case testedRows = "tested_rows"
      case repeatedRows = "repeated_rows"
      case spreadGroups = "spread_groups"
    }
  }

  /// Columns that give the label away, in table order.
  public var columns: [Leak]
  /// What crosses the split; absent if no split column is named.
  public var split: Split?
  /// Columns that were checked against the label; 0 if there are too few labels.
  public var checkedColumns: Int

  enum CodingKeys: String, CodingKey {
    case columns, split
    case checkedColumns = "checked_columns"
  }

  /// What the properties mean.
  public static let meanings = [
    "columns": "Columns that give the label away, in table order.",
    "columns.column": "The column.",
    "columns.kind": "Whether it is the label again, or predicts it by itself.",
    "columns.power":
      "The share of errors it saves against the commonest class, or of the variance of ranks.",
    "columns.agreement": "For copies the share of the rows where it agrees with the label.",
    "columns.words": "In words that follow the column's name.",
    "split": "What crosses the split; absent if no split column is named.",
    "split.column": "The column that says which part a row belongs to.",
    "split.training": "The part that a model learns from: called train or so, or else the largest.",
    "split.tested_rows": "Rows in other parts.",
    "split.repeated_rows": "Those whose features equal those of a row in the training part.",
    "split.spread_groups": "Groups that are on both sides, by the columns that name them.",
    "split.spread_groups.column": "The column.",
    "split.spread_groups.groups": "Groups there are.",
    "split.spread_groups.spread": "Groups on both sides.",
    "split.spread_groups.rows": "Their rows outside of the training part.",
    "checked_columns": "Columns that were checked against the label.",
  ]
}
