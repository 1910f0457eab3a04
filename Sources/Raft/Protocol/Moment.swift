/// A reading of one member's monotonic clock. Readings of different members are never compared; only
/// leases look at them.
public struct Moment: RawRepresentable, Hashable, Comparable, Sendable {
  /// Nanoseconds since some moment of this clock's own.
  public var rawValue: UInt64
  /// Makes a moment from its number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Order in time.
  @inlinable public static func < (a: Moment, b: Moment) -> Bool { a.rawValue < b.rawValue }
  /// Before everything: no reading at all.
  public static let zero = Moment(rawValue: 0)
  /// The moment `nanoseconds` later.
  @inlinable public func advanced(by nanoseconds: UInt64) -> Moment {
    Moment(rawValue: rawValue + nanoseconds)
  }
}
