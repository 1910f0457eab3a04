import Foundation
import TenantLog

extension DeterminismRun.Result {
  private var found: [Surroundings.Found] { runs.flatMap(\.reports).map(\.surroundings) }

  /// Whether the processes were really surrounded by different things. A machine without a time zone
  /// database has one zone for all.
  var hasVariety: Bool {
    Set(found.map(\.locale)).count > 1 && Set(found.map(\.secondsFromUTC)).count > 1
      && Set(found.map(\.hashSeed)).count > 1
  }

  func printSummary(of log: RandomLog, seconds: Double) {
    let bytes = log.entries.reduce(0) { $0 + $1.count }
    print(
      "log: \(log.entries.count) entries, \(log.commands) with a command (\(tally.repeated) repeated), "
        + "\(tally.unreadable) unreadable; \(bytes / 1_000) kB")
    print("\nkind                   proposed   accepted")
    for kind in CommandKind.allCases {
      print(
        kind.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
          + String(format: "%11d%11d", tally.proposed[kind] ?? 0, tally.accepted[kind] ?? 0))
    }
    print("\nmember  processes  killed  snapshots    batches  commands/s")
    for run in runs {
      let endings = run.plan.lives.map(\.life.ending)
      print(
        run.plan.name.padding(toLength: 6, withPad: " ", startingAt: 0)
          + String(
            format: "%11d%8d%11d%11d%12.0f", run.reports.count,
            endings.count { $0 == .killed }, endings.count { $0 == .snapshot }, run.batches,
            Double(log.commands) / max(run.seconds, 0.001)))
    }
    let offsets = found.map(\.secondsFromUTC)
    print(
      "\n\(found.count) processes with \(Set(found.map(\.locale)).count) locales, "
        + "\(Set(offsets).count) offsets from UTC (\((offsets.min() ?? 0) / 60) to "
        + "\((offsets.max() ?? 0) / 60) minutes) and \(Set(found.map(\.hashSeed)).count) hash seeds; "
        + String(format: "%.1f s in all", seconds))
    printVerdict(of: log)
  }

  private func printVerdict(of log: RandomLog) {
    if !tally.neverAccepted.isEmpty {
      let kinds = tally.neverAccepted.map(\.rawValue).joined(separator: ", ")
      print("nothing is shown of commands that never took effect: \(kinds)")
    }
    if !hasVariety {
      print("nothing is shown: all processes had the same locale, time zone or hash seed")
    }
    for difference in differences { print(difference) }
    guard differences.isEmpty, let end = runs[0].marks.last else { return }
    let places = runs[0].marks.count
    print("all members have the same outcomes, and the same rows at \(places) places; in the end")
    print("  digest \(hexadecimal(end.digest))")
    print("  rows   \(hexadecimal(end.rows))")
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }
}
