#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Times as the API writes them: RFC 3339 in UTC, whole seconds, whatever the process's locale
/// and time zone are.
public enum RFC3339 {
  /// The time rounded down to the second, such as `2026-01-31T09:30:00Z`.
  public static func string(from date: Date) -> String {
    date.formatted(wholeSeconds)
  }

  /// The time that `text` names, with or without a fraction of a second and with any offset, or
  /// nil when it is not an RFC 3339 time.
  public static func date(from text: String) -> Date? {
    (try? wholeSeconds.parse(text)) ?? (try? fractionalSeconds.parse(text))
  }

  private static let wholeSeconds = Date.ISO8601FormatStyle()
  private static let fractionalSeconds = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
