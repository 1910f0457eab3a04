/// A flaw in how a dataset is written that reading could mend, and how it was mended.
public struct FormatProblem: Codable, Sendable, Equatable {
  /// What is flawed, as a stable code.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// A row with fewer fields than the header; the rest counts as missing.
    case tooFewFields = "too_few_fields"
    /// A row with more fields than the header; the surplus was dropped.
    case tooManyFields = "too_many_fields"
    /// Text after the closing quote of a field; it was kept as part of the value.
    case textAfterQuote = "text_after_quote"
    /// An object that names a key twice; the last value counts.
    case duplicateKey = "duplicate_key"
    /// A value that is no number in a column of numbers; it counts as missing in statistics.
    case notANumber = "not_a_number"
    /// A value that is no date in a column of dates; it counts as missing in statistics.
    case notADate = "not_a_date"
    /// A column that the header does not name; it is called by its place.
    case unnamedColumn = "unnamed_column"
    /// Columns at the end with neither a name nor a value; they were left out.
    case emptyColumn = "empty_column"
  }

  /// What is flawed.
  public var kind: Kind
  /// The data row, counted from 0 without the header; nil if the header is concerned.
  public var row: Int?
  /// The column, where one is concerned.
  public var column: String?
  /// The flaw and how it was mended, for a person.
  public var message: String

  /// Creates a problem.
  public init(kind: Kind, row: Int? = nil, column: String? = nil, message: String) {
    self.kind = kind
    self.row = row
    self.column = column
    self.message = message
  }
}

/// The problems met so far: all counted, the first ``listLimit`` listed.
struct FormatProblemLog: Sendable {
  /// Enough to see the pattern; a file of nothing but ragged rows must not double its memory.
  static let listLimit = 1_000

  private(set) var listed: [FormatProblem] = []
  private(set) var total = 0

  mutating func add(_ problem: @autoclosure () -> FormatProblem) {
    total += 1
    if listed.count < Self.listLimit { listed.append(problem()) }
  }
}
