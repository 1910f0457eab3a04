/// How the bytes of a dataset are to be read.
public enum DatasetFormat: String, Codable, Sendable, CaseIterable {
  /// Comma-separated values (RFC 4180) in UTF-8 with a header line.
  case csv
  /// A JSON object a line (newline-delimited JSON), in UTF-8.
  case ndjson
  /// One JSON array of objects, in UTF-8.
  case json
}
