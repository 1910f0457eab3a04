import CloudClient

/// What a workspace has used of its plan, a line a limit.
struct UsageView {
  var usage: Usage
  var style: Style

  var text: String {
    let analyses = usage.analyses == 1 ? "1 analysis" : "\(Units.count(usage.analyses)) analyses"
    let headline =
      "\(style.paint(usage.workspaceID, .bold)) on plan \(usage.plan), \(usage.period): \(analyses)"
    return [headline, "", table.rendered(style: style)].joined(separator: "\n")
  }

  private var table: Table {
    let meters: [(name: String, meter: Usage.Meter?)] = [
      ("rows", usage.rows), ("API calls", usage.apiCalls), ("users", usage.users),
      ("datasets", usage.datasets),
    ]
    return Table(
      columns: [
        .text("METRIC"), .number("USED"), .number("RESERVED"), .number("LIMIT"), .text(""),
        .text("RESETS"),
      ],
      rows: meters.compactMap { name, meter in meter.map { row(name, $0) } })
  }

  private func row(_ name: String, _ meter: Usage.Meter) -> [Table.Cell] {
    let held = meter.used + (meter.reserved ?? 0)
    let share = meter.limit.map { $0 > 0 ? Double(held) / Double($0) : 1 }
    let color: Style.Color? =
      switch share ?? 0 {
      case 1...: .red
      case 0.8..<1: .yellow
      default: nil
      }
    return [
      Table.Cell(name),
      Table.Cell(Units.count(meter.used)),
      Table.Cell(meter.reserved.map(Units.count) ?? ""),
      Table.Cell(meter.limit.map(Units.count) ?? "unlimited"),
      Table.Cell(share.map { "\(Units.bar($0, width: 20)) \(Units.percent($0))" } ?? "", color),
      Table.Cell(meter.resetsAt.map(RFC3339.string(from:)) ?? ""),
    ]
  }
}
