import CloudClient
import Foundation
import Testing

@testable import clean_ctl

@Suite struct ReportViewTests {
  private func text(_ json: String) throws -> String {
    try ReportView(
      report: AnalysisReport(json: Data(json.utf8)), name: "data.csv", style: .plain
    ).text
  }

  @Test func reportIsShortAndReadable() throws {
    let json = """
      {"engine_version": "1", "seed": 0,
       "dataset": {"rows": 1200, "columns": [{"name": "a"}, {"name": "churn"}], "missing_cells": 0},
       "label": {"column": "churn", "guessed": true, "task_type": "classification", "classes": 2},
       "requested_detectors": ["missing_values", "label_errors", "outliers"],
       "format_problems": {"count": 1, "listed": []},
       "quality_score": 82.44,
       "summary": ["2 labels are probably wrong."],
       "detectors": {
         "exact_duplicates": {"status": "skipped", "reason": "not asked for", "flagged_count": 0},
         "outliers": {"status": "failed", "reason": "too few rows", "flagged_count": 0},
         "label_errors": {"status": "ok", "flagged_count": 1002, "flagged": [
           {"row": 17, "score": 0.987654, "reason": "labelled yes, looks like no"},
           {"row": 3, "score": 0.91, "reason": "labelled no, looks like yes"}]},
         "missing_values": {"status": "ok", "flagged_count": 0, "flagged": []}}}
      """
    #expect(
      try text(json) == """
        data.csv, 1,200 rows, 2 columns
        label: churn (classification, 2 classes, guessed from its name)
        1 flaw of the format mended

        Quality  █████████████████████████░░░░░  82.4 of 100

        - 2 labels are probably wrong.

        DETECTOR        FLAGGED
        missing values        0
        label errors      1,002
        outliers              -  failed: too few rows
        Not asked for: exact duplicates

        Rows to look at first (counted from 0, without the header)
        ROW  DETECTOR      SCORE  WHY
         17  label errors   0.99  labelled yes, looks like no
          3  label errors   0.91  labelled no, looks like yes
        """)
  }

  @Test func absentFieldsAreNotMissed() throws {
    #expect(try text("{}") == "data.csv")
    #expect(try text(#"{"quality_score": null, "label": null}"#) == "data.csv")
  }

  @Test func valuesDoNotSteerTheTerminal() throws {
    let json = #"{"summary": ["a \u001b[31mred\u0007 \u202e value"]}"#
    #expect(try text(json).hasSuffix("- a \u{FFFD}[31mred\u{FFFD} \u{FFFD} value"))
    let long = String(repeating: "x", count: 5_000)
    #expect(try text(#"{"summary": ["\#(long)"]}"#).count < 500)
  }

  @Test func fewRowsOfEachDetectorAreShown() throws {
    let rows = (0..<9).map { #"{"row": \#($0)}"# }.joined(separator: ",")
    let shown = try text(#"{"detectors": {"outliers": {"flagged": [\#(rows)]}}}"#)
    #expect(shown.split(separator: "\n").count { $0.contains("outliers") } == 6)
  }

  @Test func reportThatIsNoReportIsRefused() throws {
    #expect(throws: CommandFailure.self) { try text("[]") }
  }
}
