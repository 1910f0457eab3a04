/// Why a dataset cannot be read or analysed, in words for the person who sent it.
public struct DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, as a stable code.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// More bytes than ``DatasetLimits/maxBytes``.
    case tooManyBytes = "too_many_bytes"
    /// More rows than ``DatasetLimits/maxRows``.
    case tooManyRows = "too_many_rows"
    /// More columns than ``DatasetLimits/maxColumns``.
    case tooManyColumns = "too_many_columns"
    /// More cells than ``DatasetLimits/maxCells``.
    case tooManyCells = "too_many_cells"
    /// A value longer than ``DatasetLimits/maxFieldBytes``.
    case fieldTooLong = "field_too_long"
    /// A line longer than ``DatasetLimits/maxLineBytes``.
    case lineTooLong = "line_too_long"

    /// There is no header, or no object.
    case empty
    /// There is a header but no row after it.
    case noRows = "no_rows"
    /// Bytes that no text has: NUL, or the signature of a compressed or UTF-16 file.
    case binaryContent = "binary_content"
    /// Bytes that are not UTF-8, where no other encoding was declared.
    case invalidEncoding = "invalid_encoding"
    /// A quoted field that never ends.
    case unterminatedQuote = "unterminated_quote"
    /// A column without a name.
    case emptyColumnName = "empty_column_name"
    /// Two columns of the same name.
    case duplicateColumnName = "duplicate_column_name"
    /// A line that is not a JSON object.
    case invalidJSON = "invalid_json"
    /// The label column that was asked for does not exist.
    case unknownLabelColumn = "unknown_label_column"
    /// Another column that was asked for does not exist.
    case unknownColumn = "unknown_column"
  }

  /// What went wrong, as a stable code.
  public var kind: Kind
  /// What is wrong, where, and what to do about it.
  public var message: String
  /// The data row concerned, counted from 0 without the header.
  public var row: Int?
  /// The column concerned, by name where there is one, else as `#` and its number from 1.
  public var column: String?

  /// Creates an error.
  public init(kind: Kind, message: String, row: Int? = nil, column: String? = nil) {
    self.kind = kind
    self.message = message
    self.row = row
    self.column = column
  }

  /// Whether the dataset passes a limit (HTTP 413) rather than being malformed (HTTP 422).
  public var isTooLarge: Bool {
    switch kind {
    case .tooManyBytes, .tooManyRows, .tooManyColumns, .tooManyCells, .fieldTooLong, .lineTooLong:
      true
    default: false
    }
  }

  /// The message.
  public var description: String { message }
}
