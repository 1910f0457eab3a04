/// How the bytes of a dataset are to be read.
public enum DatasetFormat: String, Codable, Sendable, CaseIterable {
  /// Values separated by commas (RFC 4180), semicolons, tabs or vertical bars, with a header line;
  /// which of them is detected.
  case csv
  /// A JSON object a line (newline-delimited JSON).
  case ndjson
  /// One JSON array of objects.
  case json
}
