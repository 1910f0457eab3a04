/// Cells that are written differently from the rest of their column.
public struct InconsistentFormatsDetails: DetectorDetails {
  /// What is wrong with how a cell is written.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Not of the kind that the column's other values are.
    case mixedType = "mixed_type"
    /// A number that cannot be read as one for its unit, currency or separators.
    case numberAsText = "number_as_text"
    /// Another spelling of a class.
    case spelling
    /// A misspelling of a much commoner class.
    case typo
    /// Spaces around the value.
    case surroundingSpace = "surrounding_space"
    /// Several spaces in a row.
    case repeatedSpace = "repeated_space"
    /// A date in another format than the others.
    case dateFormat = "date_format"
    /// A day that there is not.
    case impossibleDate = "impossible_date"
    /// A date far from all others.
    case dateRange = "date_range"
    /// Characters damaged by a wrong encoding.
    case mojibake
    /// Characters that cannot be seen.
    case controlCharacter = "control_character"

    /// The flaw in words.
    var words: String {
      switch self {
      case .mixedType: "mixed types"
      case .numberAsText: "numbers written as text"
      case .spelling: "several spellings of a class"
      case .typo: "misspellings"
      case .surroundingSpace: "spaces around values"
      case .repeatedSpace: "repeated spaces"
      case .dateFormat: "mixed formats of dates"
      case .impossibleDate: "days that do not exist"
      case .dateRange: "dates out of range"
      case .mojibake: "wrong encoding"
      case .controlCharacter: "invisible characters"
      }
    }
  }

  /// A value with the flaw.
  public struct Example: Codable, Sendable, Equatable {
    /// As it is written, its beginning if it is long.
    public var value: String
    /// How it should be written, where that can be told.
    public var suggestion: String?
    /// Rows that have it.
    public var rows: Int
  }

  /// A flaw of a column.
  public struct ColumnFlaw: Codable, Sendable, Equatable {
    /// The column.
    public var column: String
    /// What is wrong.
    public var kind: Kind
    /// How many cells have the flaw.
    public var cells: Int
    /// The first five different values that have it.
    public var examples: [Example]
  }

  /// The flaws by column in table order.
  public var columns: [ColumnFlaw]
  /// Rows with any of them.
  public var rows: Int

  /// What the properties mean.
  public static let meanings = [
    "columns": "The flaws by column in table order.",
    "columns.column": "The column.",
    "columns.kind": "What is wrong.",
    "columns.cells": "How many cells have the flaw.",
    "columns.examples": "The first five different values that have it.",
    "columns.examples.value": "As it is written, its beginning if it is long.",
    "columns.examples.suggestion": "How it should be written, where that can be told.",
    "columns.examples.rows": "Rows that have it.",
    "rows": "Rows with any of them.",
  ]
}
