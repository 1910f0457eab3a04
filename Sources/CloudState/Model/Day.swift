/// A calendar day in UTC, the period over which API calls are counted.
public struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  public let ordinal: Int64

  /// Takes days since 1970-01-01.
  public init(ordinal: Int64) {
    self.ordinal = ordinal
  }

  /// The day that a moment falls into; moments are never before 1970.
  public init(containing moment: Timestamp) {
    ordinal = moment.milliseconds / Day.length
  }

  /// The first moment of the day.
  public var start: Timestamp { Timestamp(milliseconds: ordinal * Day.length) }

  /// The first moment after the day: when a daily quota resets.
  public var end: Timestamp { Day(ordinal: ordinal + 1).start }

  /// By time.
  public static func < (left: Day, right: Day) -> Bool { left.ordinal < right.ordinal }

  /// Milliseconds. UTC as computers count it has no leap seconds.
  static let length: Int64 = 86_400_000
}
