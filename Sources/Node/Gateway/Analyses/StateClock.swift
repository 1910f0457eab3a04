import CloudState
import NodeRuntime

/// The cluster's time, set forward where the state has already seen a later time from another node.
/// What a command asks of the future must lie in the future of the state.
struct StateClock: Sendable {
  /// Milliseconds.
  private let lead: Int64

  private let clock: ClusterClock

  /// - Parameter seen: The state's clock just now.
  init(_ clock: ClusterClock, seen: Timestamp) {
    self.clock = clock
    lead = max(0, seen.milliseconds - clock.now())
  }

  var now: Timestamp { Timestamp(milliseconds: clock.now() + lead) }
}
