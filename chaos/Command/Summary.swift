import Foundation
import Simulator

extension Campaign.Outcome {
  /// Prints what occurred, what failed, and how to play it again.
  func printSummary(_ settings: RunSettings) {
    var total = Coverage()
    for report in reports { total.add(report.coverage) }
    printTable(total)
    let never = Coverage.Item.allCases.filter { total[$0] == 0 }
    if !never.isEmpty {
      let names = never.map(\.rawValue).joined(separator: ", ")
      print("never occurred in this campaign: \(names)")
    }
    let simulated = Double(reports.reduce(0) { $0 + $1.simulated }) / 1e6
    let steps = reports.reduce(0) { $0 + $1.steps }
    let time = max(seconds, 0.001)
    print(
      String(
        format: "%d seeds, %.0f s simulated, %d steps in %.1f s "
          + "(%.0f seeds a minute, %.0f simulated seconds a second)",
        reports.count, simulated, steps, seconds, Double(reports.count) * 60 / time,
        simulated / time))
    guard !failures.isEmpty else { return print("all properties kept") }
    print("\(failures.count) failed:")
    for failure in failures {
      print("  seed \(failure.seed): \(failure.violation.map(\.description) ?? "")")
      print("    \(settings.command(seed: failure.seed, "--explain"))")
    }
  }

  private func printTable(_ total: Coverage) {
    let width = Coverage.Item.allCases.map(\.rawValue.count).max() ?? 0
    print("\("what".padding(toLength: width, withPad: " ", startingAt: 0))   in all   in seeds")
    for item in Coverage.Item.allCases where total[item] > 0 {
      let name = item.rawValue.padding(toLength: width, withPad: " ", startingAt: 0)
      let seeds = reports.count { $0.coverage[item] > 0 }
      print("\(name) \(column(total[item], 8)) \(column(seeds, 10))")
    }
  }

  private func column(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
  }
}
