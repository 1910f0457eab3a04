import CloudState
import Foundation
import Measuring

/// Ways to copy a state: its rows, as the room does it, and its pages.
func compareSnapshots(of store: StateStore, folder: String, scratch: String) throws {
  let snapshot = try store.snapshot()
  var compressed: [UInt8] = []
  var summary: SnapshotSummary?
  let dumpTime = try seconds {
    summary = try snapshot.write { compressed.append(contentsOf: $0) }
  }
  guard let summary else { return }
  print(
    "rows to zstd, hashed: \(milliseconds(dumpTime)), \(grouped(Double(summary.rows))) rows, "
      + "\(megabytes(summary.rawBytes)) raw, \(megabytes(summary.compressedBytes)) compressed")

  let path = folder + "/state.sqlite"
  let copy = scratch + "/vacuum.sqlite"
  let vacuumTime = try seconds { try vacuum(path, into: copy) }
  let size = try FileManager.default.attributesOfItem(atPath: copy)[.size] as? UInt64 ?? 0
  print(
    "VACUUM INTO a file, neither compressed nor hashed: \(milliseconds(vacuumTime)), \(megabytes(size))"
  )

  let fileCopy = scratch + "/backup.sqlite"
  let backupTime = try seconds { try backUp(path, to: fileCopy) }
  let pages = try FileManager.default.attributesOfItem(atPath: fileCopy)[.size] as? UInt64 ?? 0
  print("backup API to a file, likewise: \(milliseconds(backupTime)), \(megabytes(pages))")

  let target = scratch + "/restored"
  try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
  let other = try StateStore(directory: target, trustExistingFile: false)
  var rest = compressed[...]
  let restoreTime = try seconds {
    try other.restore {
      defer { rest = rest.dropFirst(1 << 20) }
      return rest.isEmpty ? nil : Array(rest.prefix(1 << 20))
    }
  }
  print("restoring the rows: \(milliseconds(restoreTime))")
}

private func milliseconds(_ seconds: Double) -> String { "\(grouped(seconds * 1_000)) ms" }

private func megabytes(_ bytes: UInt64) -> String {
  "\((Double(bytes) / 1e5).rounded() / 10) MB"
}
