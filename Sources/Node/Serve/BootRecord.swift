import Foundation

/// Tells whether the machine has run without a break since the state database was last opened.
///
/// The database is written without fsync, so after the machine went down, not just the process, its
/// pages may be of different ages; then it is rebuilt from snapshot and log. Linux draws a random ID at
/// each boot (`random(4)`, boot_id). The record needs no fsync: one that is lost or old names no
/// current boot.
struct BootRecord {
  private let path: String
  private let current: String?

  init(dataDirectory: String, source: String = "/proc/sys/kernel/random/boot_id") {
    path = dataDirectory + "/boot-id"
    current = try? String(contentsOfFile: source, encoding: .utf8)
  }

  /// False when it can't be known.
  var isSameBoot: Bool {
    guard let current, !current.isEmpty else { return false }
    return (try? String(contentsOfFile: path, encoding: .utf8)) == current
  }

  /// Vouches for a database that is opened or made now.
  func save() throws {
    try (current ?? "").write(toFile: path, atomically: true, encoding: .utf8)
  }
}
