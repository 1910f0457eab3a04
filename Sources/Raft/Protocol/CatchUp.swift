/// Whether a peer's log is close enough to the leader's for the cluster to count on it, measured in
/// rounds: each lasts until the peer holds all that the leader's log held when the round began. Once a
/// round takes no longer than an election time-out, what the peer still lacks would hold nobody up for
/// longer than an election does (dissertation §4.2.1).
struct CatchUp {
  private var target: LogIndex
  private var beganAt: Int
  /// Whether the last whole round was short.
  private(set) var isDone = false

  /// The first round begins; `tick` counts the leader's ticks.
  init(target: LogIndex, tick: Int) {
    self.target = target
    beganAt = tick
  }

  /// The peer holds the log up to `match`; `last` is where the leader's ends.
  mutating func reached(_ match: LogIndex, last: LogIndex, tick: Int, limit: Int) {
    guard match >= target else { return }
    isDone = tick - beganAt <= limit
    target = last
    beganAt = tick
  }
}
