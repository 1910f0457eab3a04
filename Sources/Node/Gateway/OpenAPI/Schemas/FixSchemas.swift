import Analysis
import CloudState

extension Schema {
  /// What a fix did.
  static let fixResult = Schema.object(
    "FixResult", "What was done to a dataset, and the dataset as it is now.",
    [
      .required("id", .identifier(AnalysisKind.self), "The ID of the analysis that it began with."),
      .required("workspace_id", .identifier(WorkspaceKind.self), "The workspace it belongs to."),
      .required("name", .titleOrEmpty, "The name it was given."),
      .required("rows", .count, "The rows that were analyzed and billed."),
      .required("created_at", .time, "When it was finished."),
      .required("strategy", strategy, "How much was changed."),
      .required("dry_run", .boolean, "Whether nothing was changed but only told."),
      .required("replayed", .boolean, "Whether a log was given, and nothing was analyzed."),
      .required("rows_in", .count, "The dataset's rows."),
      .required("rows_out", .count, "Those that are left."),
      .required("action_counts", .dictionary(of: .count), "Actions of each kind that there are."),
      .optional(
        "quality_score_before", .number,
        "The dataset's score from 0 to 100; absent if no detector ran, and with a log."),
      .optional(
        "quality_score_after", .number,
        "The score as it is now, found in the same way; absent with `verify=false`, too."),
      .optional(
        "flagged_before", .dictionary(of: .count), "The rows that each detector flagged that ran."),
      .optional("flagged_after", .dictionary(of: .count), "Those that it flags now."),
      .required("log", log, "What was done, and to which dataset."),
      .optional("dataset", .text, "The dataset as it is now; absent in a dry run."),
    ])

  private static let strategy = Schema.word(FixStrategy.allCases.map(\.rawValue))

  private static let log = Schema.described(
    FixPlan.self, as: "FixLog", description: "What was done, and to which dataset.",
    [
      "version": "The version of this form.",
      "engine_version": "The version of the engine that made the plan.",
      "seed": "The seed of all random choices.", "strategy": "How much was to be changed.",
      "dataset": "The dataset that it is for.",
      "dataset.sha256": "The SHA-256 of its bytes, in hexadecimal.",
      "dataset.layout": "How it was written down.", "dataset.rows": "Its rows.",
      "dataset.columns": "Its columns in order.",
      "dataset.text_columns": "In JSON, those whose values are mostly strings.",
      "dataset.spaced_keys": "In JSON, the keys that have space around them, by column.",
      "flag_column": "The column that was appended; absent if none was.",
      "actions": "What was done, by ascending row.", "actions.kind": "What was done.",
      "actions.row": "The row, counted from 0 without the header.",
      "actions.column": "The column concerned.", "actions.from": "What the cell held.",
      "actions.to": "What it holds now.", "actions.duplicate_of": "The row that says the same.",
      "actions.reason": "Why, for a person.", "actions.score": "How sure the detector is.",
      "actions.detector": "The detector that found the flaw.",
    ])
}

extension Example {
  /// A fix that left one row out.
  static let fixResult: OrderedJSON = [
    "id": "an_2c26b46b68ffc68ff99b453c1d304134", "workspace_id": .string(workspace),
    "name": "Iris", "rows": .integer(150), "created_at": "2026-01-31T09:30:00Z",
    "strategy": "moderate", "dry_run": .bool(false), "replayed": .bool(false),
    "rows_in": .integer(150),
    "rows_out": .integer(149),
    "action_counts": .encoded([FixAction.Kind.deduplicate.rawValue: 1]),
    "quality_score_before": .verbatim("97.2"), "quality_score_after": .verbatim("97.3"),
    "flagged_before": .encoded([DetectorKind.exactDuplicates.rawValue: 1]),
    "flagged_after": .encoded([DetectorKind.exactDuplicates.rawValue: 0]), "log": .encoded(fixPlan),
    "dataset": "length,species\n5.1,setosa\n",
  ]

  private static var fixPlan: FixPlan {
    FixPlan(
      strategy: .moderate,
      dataset: FixPlan.Dataset(
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        layout: DatasetLayout(format: .csv, delimiter: ","), rows: 150,
        columns: ["length", "species"]),
      flagColumn: "clean_flags",
      actions: [
        FixAction(
          .deduplicate, row: 142, duplicateOf: 101,
          reason: "All values equal those of row 101.", score: 1, detector: .exactDuplicates)
      ])
  }
}
