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
      .required("rows", .count, "The rows that were analyzed and billed."),
      .required("created_at", .time, "When it was finished."),
      .required(
        "engine_version", .text,
        "Rises when the same dataset and options may give another report."),
      .required("seed", .integer(0...UInt64.max), "The seed of all random choices."),
      .required("dataset", dataset, "Size and columns."),
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

  private static let dataset = Schema.object(
    "DatasetSummary", nil,
    [
      .required("rows", .count, "Data rows."),
      .required("missing_cells", .count, "Cells without a value, in all columns."),
      .required(
        "columns",
        .list(
          of: .object([
            .required("name", .text, "The column's name."),
            .required(
              "type", .word(ColumnType.allCases.map(\.rawValue)), "What its values are."),
            .required("missing", .count, "Cells without a value."),
            .required("distinct", .count, "Distinct values."),
            .optional("note", .text, "What to know of how the values were read."),
          ])), "The columns in order."),
      .optional("layout", layout, "How the dataset was written down, as far as it was detected."),
    ])

  private static let layout = Schema.object(
    "DatasetLayout", nil,
    [
      .required("format", .word(DatasetFormat.allCases.map(\.rawValue)), "The format."),
      .required("encoding", .word(DatasetEncoding.allCases.map(\.rawValue)), "The encoding."),
      .required("byte_order_mark", .boolean, "Whether a byte order mark comes first."),
      .optional("delimiter", .text, "What separates values; none for JSON."),
      .optional(
        "line_ending", .word(DatasetLayout.LineEnding.allCases.map(\.rawValue)),
        "What ends a line; none for JSON."),
      .optional("ends_with_line_ending", .boolean, "Whether the last line is ended, too."),
      .optional(
        "quoting", .word(DatasetLayout.Quoting.allCases.map(\.rawValue)),
        "Which values are in quotes."),
    ])

  private static let label = Schema.object(
    "LabelSummary", nil,
    [
      .required("column", .text, "The label column's name."),
      .required("guessed", .boolean, "Whether it was guessed from its name rather than given."),
      .required(
        "task_type", .word(TaskType.allCases.map(\.rawValue)), "How labels are understood."),
      .required("classes", .count, "The number of classes; 0 unless the task is classification."),
    ])

  private static let component = Schema.object(
    "QualityComponent", nil,
    [
      .required("detector", .detector, "The detector."),
      .required("score", .number, "From 0 to 100, higher is better."),
      .required("weight", .number, "Its weight; those that ran share the whole."),
    ])

  private static let formatProblems = Schema.object(
    "FormatProblems", nil,
    [
      .required("count", .count, "How many there are."),
      .required(
        "listed",
        .list(
          of: .object([
            .required(
              "kind", .word(FormatProblem.Kind.allCases.map(\.rawValue)), "What is flawed."),
            .required("row", .count, "The row, counted from 0 without the header."),
            .optional("column", .text, "The column, where one is concerned."),
            .required("message", .text, "The flaw and how it was mended."),
          ])), "The first 1,000 of them."),
    ])

  private static let detectors = Schema.object(
    DetectorKind.allCases.map { kind in
      .required(kind.rawValue, result(details(of: kind)), words(for: kind))
    })

  private static func words(for kind: DetectorKind) -> String {
    switch kind {
    case .missingValues: "Cells without a value."
    case .exactDuplicates: "Rows that repeat an earlier one."
    case .outliers: "Numbers far from the rest of their column."
    case .classImbalance: "Classes with far fewer rows than others."
    case .labelErrors: "Labels that the rest of the row contradicts."
    case .bias: "Groups of people that fare differently."
    }
  }

  private static func result(_ details: Schema) -> Schema {
    .object([
      .required("detector", .detector, "The detector."),
      .required("status", .word("ok", "skipped", "failed"), "Whether it ran."),
      .optional("reason", .text, "Why it did not run."),
      .required(
        "parameters", .dictionary(of: .oneOf([.number, .text])),
        "The constants that it worked with."),
      .required("flagged_count", .count, "How many rows are flagged in all."),
      .required(
        "flagged", .list(of: flagged), "The first 1,000 flagged rows, by descending score."),
      .optional("details", details, "What else it found; absent unless it ran."),
    ])
  }

  private static let flagged = Schema.object(
    "FlaggedRow", "A row that a detector doubts.",
    [
      .required("row", .count, "The row, counted from 0 without the header."),
      .required("score", .number, "How much it is doubted, from 0 to 1."),
      .required("reason", .text, "Why, for a person."),
      .optional("column", .text, "The column that weighs most, where one does."),
      .optional("duplicate_of", .count, "The earlier row that it repeats."),
      .optional("given_label", .text, "The label it has, where that is in doubt."),
      .optional("suggested_label", .text, "The label it should probably have."),
    ])
}
