import Foundation
import Raft
import Synchronization

/// The time of day as the members of a cluster agree on it: the median of their clocks. One clock that is
/// wrong, by whatever amount, changes nothing as long as most are right.
///
/// Members tell each other their time when they meet and once a second. What they said goes on by this
/// machine's monotonic clock, so that no reading grows old, and setting this machine's clock is outvoted
/// at once. It is off from the true median by at most half of the round trip to one of them. Of two in
/// the middle the earlier one counts: the state's clock never goes back, so what is too late stays so, and
/// what is too early lasts until another member stamps a command.
///
/// After Marzullo and Owicki, Maintaining the time in a distributed system, PODC 1983, where each server
/// corrects itself by what a majority can agree on.
public final class ClusterClock: Sendable {
  /// What a clock showed, in milliseconds since 1970.
  private struct Reading {
    var time: Int64
    var readAt: ContinuousClock.Instant

    func time(at now: ContinuousClock.Instant) -> Int64 {
      time + readAt.duration(to: now).milliseconds
    }
  }

  /// A member that has not been heard for this long has no say: it was removed, or cannot be asked.
  private static let silence = Duration.seconds(600)

  /// What this machine's clock shows.
  let ownTime: @Sendable () -> Int64
  private let readings = Mutex<[MemberID: Reading]>([:])

  /// - Parameter ownTime: This machine's clock, in milliseconds since 1970.
  public init(ownTime: @escaping @Sendable () -> Int64 = ClusterClock.machineTime) {
    self.ownTime = ownTime
  }

  /// What this machine's clock shows, in milliseconds since 1970.
  public static let machineTime: @Sendable () -> Int64 = {
    Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down))
  }

  /// The cluster's time, in milliseconds since 1970. Costs a lock and a sort of as many numbers as there
  /// are members.
  public func now() -> Int64 { now(at: .now) }

  func now(at instant: ContinuousClock.Instant) -> Int64 {
    var times = readings.withLock { readings in
      readings.values.filter { $0.readAt.duration(to: instant) < Self.silence }
        .map { $0.time(at: instant) }
    }
    times.append(ownTime())
    times.sort()
    return times[(times.count - 1) / 2]
  }

  /// How far this machine's clock is ahead of the cluster's time.
  func ownLead(at instant: ContinuousClock.Instant = .now) -> Duration {
    .milliseconds(ownTime() - now(at: instant))
  }

  /// How far a member's clock is ahead of the cluster's time; nil where it has not been heard.
  func lead(of member: MemberID, at instant: ContinuousClock.Instant = .now) -> Duration? {
    let reading = readings.withLock { $0[member] }
    return reading.map { .milliseconds($0.time(at: instant) - now(at: instant)) }
  }

  /// A member says what its clock showed at an instant of this machine's monotonic clock.
  func heard(_ member: MemberID, says time: Int64, at instant: ContinuousClock.Instant) {
    readings.withLock { $0[member] = Reading(time: time, readAt: instant) }
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }
}
