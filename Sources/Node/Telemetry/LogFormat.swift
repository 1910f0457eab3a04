import Logging

/// How log lines look.
public enum LogFormat: String, CaseIterable, Sendable {
  /// A line for people: time, level, label, message, `key=value`.
  case text
  /// A JSON object a line, for programs.
  case json

  /// One line for an event, newline included. It never holds another newline, whatever is logged.
  func line(
    time: String, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata
  ) -> String {
    switch self {
    case .text:
      var line = "\(time) \(level.rawValue) \(label): \(Self.escaped(message))"
      for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
        let text = Self.escaped(value.description)
        let needsQuotes = text.isEmpty || text.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        line += " \(Self.escaped(key))=\(needsQuotes ? Self.quoted(value.description) : text)"
      }
      return line + "\n"
    case .json:
      var line =
        "{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"logger\":\(Self.quoted(label))"
      line += ",\"message\":\(Self.quoted(message))"
      if !metadata.isEmpty { line += ",\"metadata\":\(Self.json(.dictionary(metadata)))" }
      return line + "}\n"
    }
  }

  private static func json(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): quoted(text)
    case .stringConvertible(let value as Int): String(value)
    case .stringConvertible(let value as Bool): String(value)
    case .stringConvertible(let value as Double) where value.isFinite: String(value)
    case .stringConvertible(let value): quoted(value.description)
    case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
    case .dictionary(let entries):
      "{"
        + entries.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }
        .joined(separator: ",") + "}"
    }
  }

  /// A JSON string (RFC 8259 §7).
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result.append("\\") }
      append(scalar, to: &result)
    }
    return result + "\""
  }

  /// Text without control characters: what a client sends must not forge a line.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars { append(scalar, to: &result) }
    return result
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
}
