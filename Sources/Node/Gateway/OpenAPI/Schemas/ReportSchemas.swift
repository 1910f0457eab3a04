import Analysis
import CloudState

extension Schema {
  /// The report of an analysis with what the service knows of it.
  static let report = Schema.object(
    "Report", "What an analysis found. The same dataset and options give the same report.",
    [
      .required("id", .identifier(AnalysisKind.self), "The analysis's ID."),
      .required("workspace_id", .identifier(WorkspaceKind.self), "The workspace it belongs to."),
      .required("name", .titleOrEmpty, "The name it was given."),
      .required(
        "rows", .count,
        "The rows that were analyzed and billed, those of the reference, too."),
      .required("created_at", .time, "When it was finished."),
      .required("timings", timings, "How long it took."),
      .required(
        "engine_version", .text,
        "Rises when the same dataset and options may give another report."),
      .required("seed", .integer(0...UInt64.max), "The seed of all random choices."),
      .required("dataset", dataset, "Size and columns."),
      .required(
        "reference", dataset.orNull,
        "Size and columns of the dataset that it was compared with; null without one."),
      .required("label", label.orNull, "The label column; null if there is none."),
      .required("requested_detectors", .list(of: .detector), "The detectors asked for."),
      .required("detectors", detectors, "A result for each detector there is."),
      .required("format_problems", formatProblems, "Flaws of the format that reading mended."),
      .required(
        "quality_score", .number.orNull,
        "From 0 to 100, higher is better; null if no detector ran."),
      .required(
        "quality_components", .list(of: component),
        "The parts of the score, one for each detector that ran."),
      .required("summary", .list(of: .text), "The findings in sentences."),
    ])

  static let detector = Schema.word(DetectorKind.allCases.map(\.rawValue))

  private static let timings = Schema.object(
    "Timings", "How long it took, in milliseconds; what was found does not depend on it.",
    [
      .required(
        "read_ms", .number,
        "From the first byte of the dataset to its table; also a matter of how fast it was sent."),
      .required("analyze_ms", .number, "From the table to the report."),
      .required("detectors", .dictionary(of: .number), "What of it each detector took that ran."),
    ])

  private static let dataset = Schema.described(
    DatasetSummary.self, as: "DatasetSummary",
    [
      "rows": "Data rows.", "missing_cells": "Cells without a value, in all columns.",
      "columns": "The columns in order.", "columns.name": "The column's name.",
      "columns.type": "What its values are.",
      "columns.role": "What it is used as; absent in the reference.",
      "columns.missing": "Cells without a value.",
      "columns.distinct": "Distinct values.",
      "columns.note": "What to know of how the values were read; absent where it is plain.",
      "layout": "How the dataset was written down, as far as it was detected.",
      "layout.format": "The format.", "layout.encoding": "The encoding.",
      "layout.byte_order_mark": "Whether a byte order mark comes first.",
      "layout.delimiter": "What separates values; absent for JSON.",
      "layout.line_ending": "What ends a line; absent for JSON.",
      "layout.ends_with_line_ending": "Whether the last line is ended, too.",
      "layout.quoting": "Which values are in quotes.",
    ])

  private static let label = Schema.described(
    LabelSummary.self, as: "LabelSummary",
    [
      "column": "The label column's name.",
      "guessed": "Whether it was guessed from its name rather than given.",
      "task_type": "How labels are understood.",
      "classes": "The number of classes; 0 unless the task is classification.",
    ])

  private static let component = Schema.described(
    QualityComponent.self, as: "QualityComponent",
    [
      "detector": "The detector.", "score": "From 0 to 100, higher is better.",
      "weight": "Its weight; those that ran share the whole.",
    ])

  private static let formatProblems = Schema.described(
    FormatProblemSummary.self, as: "FormatProblems",
    [
      "count": "How many there are.", "listed": "The first 1,000 of them.",
      "listed.kind": "What is flawed.",
      "listed.row":
        "The row, counted from 0 without the header; absent where the header is concerned.",
      "listed.column": "The column, where one is concerned.",
      "listed.message": "The flaw and how it was mended.",
    ])

  private static let detectors = Schema.object(
    DetectorKind.allCases.map { kind in
      .required(kind.rawValue, result(details(of: kind)), kind.meaning)
    })

  private static func result(_ details: Schema) -> Schema {
    .object([
      .required("detector", .detector, "The detector."),
      .required("status", .word("ok", "skipped", "failed"), "Whether it ran."),
      .optional("reason", .text, "Why it did not run."),
      .optional("summary", .text, "What it found, in a sentence; absent unless it ran."),
      .required(
        "parameters", .dictionary(of: .oneOf([.number, .text])),
        "The constants that it worked with."),
      .required("flagged_count", .count, "How many rows are flagged in all."),
      .required(
        "flagged", .list(of: flagged),
        "The first \(AnalysisOptions.defaultMaxFlaggedRows) flagged rows, by descending score; as CSV there are all."
      ),
      .optional("details", details, "What else it found; absent unless it ran."),
    ])
  }

  private static let flagged = Schema.described(
    FlaggedRow.self, as: "FlaggedRow", description: "A row that a detector doubts.",
    [
      "row": "The row, counted from 0 without the header.",
      "score": "How much it is doubted, from 0 to 1.", "reason": "Why, for a person.",
      "column": "The column that weighs most, where one does.",
      "duplicate_of": "The row that it repeats, which is the one to keep.",
      "given_label": "The label it has, where that is in doubt.",
      "suggested_label": "The label it should probably have.",
      "suggested_value": "What the cell in the column should be written as.",
    ])
}
