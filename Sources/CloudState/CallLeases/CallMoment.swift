/// When something happens to a holder of leases, by its two clocks.
public struct CallMoment: Hashable, Sendable {
  /// What commands are stamped with, and never before the state's clock: says which day it is, and
  /// what has expired.
  public var clock: Timestamp
  /// Milliseconds of a clock that nobody sets: says how long nothing was asked for.
  public var uptime: Int64

  /// Takes both readings.
  public init(clock: Timestamp, uptime: Int64) {
    self.clock = clock
    self.uptime = uptime
  }
}
