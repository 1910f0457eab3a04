import CloudClient
import Foundation

/// A report for a person: the score, what each detector found, and the rows to look at first.
struct ReportView {
  /// Rows shown of each detector. Scores compare within a detector only, so each has its own.
  private static let rowsPerDetector = 5

  /// What the dataset is called.
  var name: String
  var summary: ReportSummary
  var style: Style

  init(report: AnalysisReport, name: String, style: Style) throws {
    do {
      summary = try JSONDecoder.cleanCloud.decode(ReportSummary.self, from: report.json)
    } catch {
      throw CommandFailure(
        status: .unreachable,
        message: "the report cannot be read by this version; use --format json, or upgrade")
    }
    self.name = name
    self.style = style
  }

  var text: String {
    [heading, quality, findings, detectors, rows].compactMap { $0 }.joined(separator: "\n\n")
  }

  private var heading: String {
    var size: [String] = []
    if let rows = summary.dataset?.rows { size.append(counted(rows, "row")) }
    if let columns = summary.dataset?.columns { size.append(counted(columns.count, "column")) }
    var lines = [([style.paint(name, .bold)] + size).joined(separator: ", ")]
    if let label = summary.label, let column = label.column {
      var facts = [label.taskType].compactMap { $0 }
      if let classes = label.classes, classes > 0 {
        facts.append("\(Units.count(classes)) classes")
      }
      if label.guessed == true { facts.append("guessed from its name") }
      lines.append(
        "label: \(harmless(column))" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"))
    }
    if let mended = summary.formatProblems?.count, mended > 0 {
      lines.append(style.paint("\(counted(mended, "flaw")) of the format mended", .yellow))
    }
    return lines.joined(separator: "\n")
  }

  private var quality: String? {
    guard let score = summary.qualityScore else { return nil }
    let color: Style.Color =
      switch score {
      case 90...: .green
      case 70..<90: .yellow
      default: .red
      }
    let bar = style.paint(Units.bar(score / 100, width: 30), color)
    return "Quality  \(bar)  \(String(format: "%.1f", score)) of 100"
  }

  private var findings: String? {
    guard let sentences = summary.summary, !sentences.isEmpty else { return nil }
    return sentences.map { "- \(harmless($0))" }.joined(separator: "\n")
  }

  private var detectors: String? {
    let results = summary.orderedDetectors
    guard !results.isEmpty else { return nil }
    let left = results.filter { name, result in
      result.status == "skipped" && summary.requestedDetectors?.contains(name) == false
    }.map { words($0.name) }
    let shown = results.filter { !left.contains(words($0.name)) }
    let table = Table(
      columns: [.text("DETECTOR"), .number("FLAGGED"), .text("")],
      rows: shown.map { name, result in
        let ran = result.status == nil || result.status == "ok"
        let outcome = [result.status, result.reason.map { harmless($0) }].compactMap { $0 }
          .joined(separator: ": ")
        return [
          Table.Cell(words(name)),
          Table.Cell(ran ? Units.count(result.flaggedCount ?? 0) : Units.unknown),
          ran ? "" : Table.Cell(outcome, result.status == "failed" ? .red : .dim),
        ]
      }
    ).rendered(style: style)
    guard !left.isEmpty else { return table }
    return table + "\n"
      + style.paint("Not asked for: \(left.joined(separator: ", "))", .dim)
  }

  private var rows: String? {
    let rows = summary.orderedDetectors.flatMap { name, result in
      (result.flagged ?? []).prefix(Self.rowsPerDetector).map { flagged in
        [
          Table.Cell(flagged.row.map { String($0) } ?? Units.unknown), Table.Cell(words(name)),
          Table.Cell(flagged.score.map { String(format: "%.2f", $0) } ?? Units.unknown),
          Table.Cell(harmless(flagged.reason ?? "")),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    let table = Table(
      columns: [.number("ROW"), .text("DETECTOR"), .number("SCORE"), .text("WHY")], rows: rows)
    return "Rows to look at first (counted from 0, without the header)\n"
      + table.rendered(style: style)
  }

  private func words(_ name: String) -> String {
    String(name.map { $0 == "_" ? " " : $0 })
  }

  private func counted(_ count: Int, _ thing: String) -> String {
    count == 1 ? "1 \(thing)" : "\(Units.count(count)) \(thing)s"
  }
}
