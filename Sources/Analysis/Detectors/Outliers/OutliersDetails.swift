/// What is usual, and which methods found rows that are not.
public struct OutliersDetails: DetectorDetails {
  /// A column of numbers.
  public struct ColumnRange: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// Values outside the range, whether or not their rows are flagged.
    public var outliers: Int
    /// Its median.
    public var median: Double
    /// The least usual value; nil if any is, or if it would lie farther below all values than these are apart.
    public var lower: Double?
    /// The largest usual value; nil if any is, or if it would lie farther above them.
    public var upper: Double?
    /// The power scale on which it was judged: 1 as it is, 0 logarithmic.
    public var power: Double
    /// The modified z-score from which values are outliers.
    public var threshold: Double
  }

  /// How many of the flagged rows each method found; one can be found by several.
  public struct MethodCounts: Codable, Sendable, Equatable {
    /// By a number far from the rest of its column.
    public var columns: Int
    /// By a number that the rest of the row contradicts.
    public var cells: Int
    /// By the distance from the rows most like them.
    public var neighbors: Int
    /// By how few random cuts set them apart.
    public var isolationForest: Int

    enum CodingKeys: String, CodingKey {
      case columns, cells, neighbors
      case isolationForest = "isolation_forest"
    }
  }

  /// The columns that were judged by themselves, in table order.
  public var columns: [ColumnRange]
  /// The columns that were judged together, in table order.
  public var combinedColumns: [String]
  /// How many of the flagged rows each method found.
  public var flaggedBy: MethodCounts

  enum CodingKeys: String, CodingKey {
    case columns
    case combinedColumns = "combined_columns"
    case flaggedBy = "flagged_by"
  }
}

extension OutliersDetails {
  /// What the properties mean.
  public static let meanings = [
    "columns": "The columns of numbers.",
    "columns.column": "The column.",
    "columns.outliers": "Values outside the usual range, whether or not their rows are flagged.",
    "columns.median": "The median.",
    "columns.lower":
      "The least usual value; absent if any is, or if it is nowhere near the values there are.",
    "columns.upper":
      "The largest usual value; absent if any is, or if it is nowhere near the values there are.",
    "columns.power": "The power scale on which it was judged: 1 as it is, 0 logarithmic.",
    "columns.threshold": "The modified z-score from which values are outliers.",
    "combined_columns": "The columns that were judged together.",
    "flagged_by": "How many of the flagged rows each method found; one can be found by several.",
    "flagged_by.columns": "By a number far from the rest of its column.",
    "flagged_by.cells": "By a number that the rest of the row contradicts.",
    "flagged_by.neighbors": "By the distance from the rows most like them.",
    "flagged_by.isolation_forest": "By how few random cuts set them apart.",
  ]
}
