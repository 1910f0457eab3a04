import Foundation

/// How a thread gives way to others when there are more of them than processors.
enum ThreadUrgency: Sendable {
  case usual
  /// Gets a smaller share (nice(2)): an analysis at full load must not delay a heartbeat.
  case nice(Int32)

  /// Sets it for the calling thread, for good. Where the system refuses, the thread stays as it was.
  func take() {
    switch self {
    case .usual: break
    case .nice(let niceness):
      // On Linux the "process" of setpriority is the calling thread (setpriority(2), "BUGS").
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }
  }
}
