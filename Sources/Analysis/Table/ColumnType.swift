/// What the values of a column are.
public enum ColumnType: String, Codable, Sendable, CaseIterable {
  /// Numbers without a fraction.
  case integer
  /// Numbers.
  case real
  /// Dates, with or without a time of day; as numbers, seconds from 1970-01-01T00:00:00Z.
  case dateTime = "datetime"
  /// Two values such as `true` and `false`, `yes` and `no`, or 0 and 1.
  case boolean
  /// A limited set of words.
  case category
  /// Free text.
  case text
  /// Names of rows, which say nothing about them: it is never a feature.
  case identifier
  /// No value at all.
  case empty

  /// Whether statistics of numbers apply.
  public var isNumeric: Bool { self == .integer || self == .real }

  /// Whether each value stands for a number: it is one, or a date.
  public var isOrdered: Bool { isNumeric || self == .dateTime }
}
