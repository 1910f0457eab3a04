import Foundation

/// How many files and connections the process may have open at a time (RLIMIT_NOFILE).
enum OpenFiles {
  /// For the log, snapshots, the database, peers, and what else is no client.
  static let besidesClients = 256

  /// Raises the limit as far as the system lets a process do it.
  static func raiseLimit() {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
  }

  static var limit: Int {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    return Int(clamping: limit.rlim_cur)
  }

  private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
}
