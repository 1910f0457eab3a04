import Raft

/// How slow the world is that a run lives in: how many times as long everything takes as in the quickest
/// one, where ticks come every ten milliseconds and members stand in one room.
///
/// Ticks, ways, rests, faults and whatever people and clients wait for stretch together, so that a slow
/// world sees as much happen in a run as a quick one, only in more time. What stays is what has a measure
/// of its own: how long a disk's operation takes, how far wall clocks are off and are set, when
/// reservations end, and how long outcomes are remembered. In each world these stand in another ratio to
/// the rest. Drift is a ratio itself.
struct Pace {
  private let factor: Int

  /// In the slowest world a tick takes as long as a heartbeat of etcd does by default.
  private static let slowest = 12

  init(_ random: inout RandomSource) { factor = random.drawScaled(1...Self.slowest) }

  /// How long something takes here that takes `time` in the quickest world.
  func stretch(_ time: Microseconds) -> Microseconds { factor * time }

  /// How long it may take.
  func stretch(_ times: ClosedRange<Microseconds>) -> ClosedRange<Microseconds> {
    stretch(times.lowerBound)...stretch(times.upperBound)
  }
}
