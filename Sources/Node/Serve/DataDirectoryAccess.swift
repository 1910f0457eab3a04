import Foundation
import Logging

/// Keeps other users of the machine out of the data directory, which holds all tenants' data, the keys that
/// tokens are signed with, and the operator's token.
struct DataDirectoryAccess {
  let path: String
  let logger: Logger

  private static let others: mode_t = 0o077

  /// Closes a directory that was made by somebody else, and open to others. A new one is made as it must be.
  func closeToOthers() {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      status.st_mode & Self.others != 0
    else { return }
    let mode = status.st_mode & 0o7777
    let before = "0" + String(mode, radix: 8)
    // A volume may belong to somebody else, and only give its group to this process.
    if chmod(path, mode & ~Self.others) == 0 {
      logger.notice(
        "the data directory was open to other users; now it is its owner's alone",
        metadata: ["data": "\(path)", "mode": "\(before)"])
    } else {
      logger.warning(
        "the data directory is open to other users, and not this one's to close; use one below it",
        metadata: [
          "data": "\(path)", "mode": "\(before)", "error": "\(String(cString: strerror(errno)))",
        ])
    }
  }
}
