import CloudClient
import Foundation

/// What a fix did, or would do, for a person.
struct FixView {
  /// Actions shown of what would be done; the log has all.
  private static let shownActions = 20
  /// Characters of a cell that are shown.
  private static let longestCell = 24

  private let result: FixedDataset
  private let isDryRun: Bool
  private let style: Style

  init(_ result: FixedDataset, isDryRun: Bool, style: Style) {
    self.result = result
    self.isDryRun = isDryRun
    self.style = style
  }

  var text: String {
    [isDryRun ? actions : nil, [counts, quality].compactMap { $0 }.joined(separator: "\n")]
      .compactMap { $0 }.joined(separator: "\n\n")
  }

  private var counts: String {
    let counts = result.actionCounts.sorted { $0.key < $1.key }.map {
      "\($0.key) \(Units.count($0.value))"
    }
    let rows =
      result.rowsIn == result.rowsOut
      ? "\(Units.count(result.rowsIn)) row\(result.rowsIn == 1 ? "" : "s")"
      : "\(Units.count(result.rowsOut)) of \(Units.count(result.rowsIn)) rows stay"
    return "\(isDryRun ? "Would be done" : "Done"): "
      + (counts.isEmpty ? "nothing" : counts.joined(separator: ", ")) + " (\(rows))"
  }

  private var quality: String? {
    guard let before = result.qualityBefore else { return nil }
    func shown(_ score: Double) -> String { String(format: "%.1f", score) }
    guard let after = result.qualityAfter else { return "Quality was \(shown(before)) of 100" }
    return
      "Quality \(isDryRun ? "would go" : "went") from \(shown(before)) to \(shown(after)) of 100"
  }

  // MARK: Actions

  private struct Log: Decodable {
    var actions: [Action]
  }

  private struct Action: Decodable {
    var kind: String
    var row: Int
    var column: String?
    var from: String?
    var to: String?
    var reason: String?
  }

  private var actions: String? {
    guard let log = try? JSONDecoder().decode(Log.self, from: result.log), !log.actions.isEmpty
    else { return nil }
    // What changes nothing comes last.
    let changes = log.actions.filter { $0.kind != "flag" }
    let shown = (changes + log.actions.filter { $0.kind == "flag" }).prefix(Self.shownActions)
    func cell(_ text: String?) -> Table.Cell {
      Table.Cell(text.map { harmless($0, atMost: Self.longestCell) } ?? "")
    }
    let table = Table(
      columns: [
        .number("ROW"), .text("ACTION"), .text("COLUMN"), .text("FROM"), .text("TO"), .text("WHY"),
      ],
      rows: shown.map {
        [
          Table.Cell(String($0.row)), Table.Cell($0.kind), cell($0.column), cell($0.from),
          cell($0.to), Table.Cell(harmless($0.reason ?? "")),
        ]
      }
    ).rendered(style: style)
    let rest = log.actions.count - shown.count
    let note = rest > 0 ? "\nand \(Units.count(rest)) more; --log FILE writes all down" : ""
    return "Rows are counted from 0, without the header\n" + table + note
  }
}
