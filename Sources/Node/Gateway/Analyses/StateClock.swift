import CloudState

/// This node's clock, set forward where the state has already seen a later time from another node.
/// What a command asks of the future must lie in the future of the state.
struct StateClock: Sendable {
  /// Milliseconds.
  private let lead: Int64

  /// - Parameter clock: The state's clock just now.
  init(seen clock: Timestamp, at now: Timestamp = .now()) {
    lead = max(0, clock.milliseconds - now.milliseconds)
  }

  var now: Timestamp { reading(at: .now()) }

  func reading(at now: Timestamp) -> Timestamp { now.adding(milliseconds: lead) }
}
