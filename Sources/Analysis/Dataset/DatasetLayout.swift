/// How a dataset was written down, as far as it was detected while reading: enough to write it in the
/// same form again.
public struct DatasetLayout: Codable, Sendable, Equatable {
  /// What ends a line.
  public enum LineEnding: String, Codable, Sendable, CaseIterable {
    /// A line feed.
    case lineFeed = "lf"
    /// A carriage return and a line feed.
    case carriageReturnLineFeed = "crlf"
    /// A carriage return.
    case carriageReturn = "cr"
  }

  /// Which values are in quotes.
  public enum Quoting: String, Codable, Sendable, CaseIterable {
    /// None.
    case none
    /// Some words; mostly those that need it.
    case someWords = "some"
    /// All but numbers and missing values.
    case words = "non_numeric"
    /// All.
    case all
  }

  /// The format.
  public var format: DatasetFormat
  /// How characters are encoded.
  public var encoding = DatasetEncoding.utf8
  /// Whether a byte order mark comes first.
  public var hasByteOrderMark = false
  /// What separates the values of a row; nil for JSON.
  public var delimiter: String?
  /// Whether semicolons separate the values, as programs write them where a comma stands before fractions.
  var hasSemicolons: Bool { delimiter == ";" }
  /// What ends the header's line; nil for JSON, or if nothing does.
  public var lineEnding: LineEnding?
  /// Whether the last line is ended, too; nil for JSON.
  public var endsWithLineEnding: Bool?
  /// Which values are in quotes, the header included; nil for JSON.
  public var quoting: Quoting?
  /// In JSON the columns most values of which are strings, in order. Only to write by, so no part of
  /// a report.
  var textColumns: [String] = []
  /// In JSON the keys that have space around them, by the columns that they are; for the same use.
  var spacedKeys: [String: String] = [:]

  enum CodingKeys: String, CodingKey {
    case format, encoding, delimiter, quoting
    case hasByteOrderMark = "byte_order_mark"
    case lineEnding = "line_ending"
    case endsWithLineEnding = "ends_with_line_ending"
  }
}

extension DatasetLayout {
  /// Describes a dataset in UTF-8.
  public init(format: DatasetFormat, delimiter: String?) {
    self.format = format
    self.delimiter = delimiter
  }
}
