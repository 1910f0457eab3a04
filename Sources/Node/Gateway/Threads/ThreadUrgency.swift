import Foundation

/// How a thread gives way to others when there are more of them than processors.
enum ThreadUrgency: Sendable {
  case usual
  /// Gets a smaller share (nice(2)): an analysis at full load must not delay a heartbeat.
  case nice(Int32)
  /// Runs when no other thread wants the processor, and at a three-hundredth of the usual share if
  /// others always do (`SCHED_IDLE`, sched(7)). Who wakes up takes the processor from such a thread at
  /// once, where a nice one keeps it to the end of its slice of some milliseconds.
  case idle

  /// `SCHED_IDLE` of linux/sched.h, which sched.h shows to GNU sources alone.
  private static let idlePolicy: Int32 = 5

  /// Sets it for the calling thread, for good. Where the system refuses, the thread stays as it was.
  func take() {
    switch self {
    case .usual: break
    case .nice(let niceness):
      // On Linux the "process" of setpriority is the calling thread (setpriority(2), "BUGS").
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    case .idle:
      var parameters = sched_param()
      // And so it is here: 0 is the calling thread (sched_setscheduler(2)).
      sched_setscheduler(0, Self.idlePolicy, &parameters)
    }
  }
}
