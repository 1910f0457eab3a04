import Analysis
import CloudState

extension Operation {
  static let fix = Operation(
    "fix", .analyses, "Mend a dataset",
    """
    Analyzes the dataset, which is billed as an analysis is, and mends what it finds as far as `strategy` goes. \
    Whatever no action names comes back byte for byte. With the `log` of an earlier fix in the form, nothing is \
    analyzed, and the same is done again; it is billed, too, as is a dry run. The answer is JSON; with `Accept` set \
    to the dataset's own type (CSV, or an object in each line), the mended dataset is answered alone, and as a form \
    both, in the dataset's own bytes.
    """,
    parameters: [
      .query(
        "strategy", .word(FixStrategy.allCases.map(\.rawValue)),
        "How much is changed; `conservative` without it.", example: "moderate"),
      .query(
        "dry_run", .boolean, "Whether only to tell what would be done.", example: .bool(false)),
      .query(
        "verify", .boolean,
        "Whether the result is analyzed, too, to tell what was gained; `true` without it.",
        example: .bool(true)),
      .query(
        "actions", someOf: FixAction.Kind.allCases.map(\.rawValue),
        "The kinds of action to take, separated by commas; without it, all."),
      .query(
        "relabel_score", .number(0...1), "The least score of a label error that is relabelled.",
        example: .verbatim("0.9")),
      .query(
        "near_duplicate_score", .number(0...1),
        "The least score of a near duplicate that is left out.",
        example: .verbatim("0.95")),
      .query(
        "outlier_score", .number(0...1), "The least score of an outlier that is left out.",
        example: .verbatim("0.9")),
      .query(
        "impute_share", .number(0...1),
        "Columns are filled in that lack a smaller share of their cells.",
        example: .verbatim("0.05")),
      .query(
        "flag_column", .text(1...1_000),
        "A column to append, with the detectors that flagged each row.", example: "clean_flags"),
    ] + Operation.analyze.parameters.filter { $0.name != "format" },
    body: .dataset(
      form: .request(
        "FixForm", "A form with a dataset, and perhaps with the log of an earlier fix.",
        [
          .required("file", .text, Schema.formPart),
          .optional(
            "log", .text,
            """
            What an earlier fix did, as it answered it, to be done again. Of the query, `name` and `dry_run` have a \
            meaning then.
            """),
        ]),
      example: [
        "file": "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n",
        "log": "{\"version\": 1, …}",
      ], parts: [.file, .log]),
    answers: .fixed,
    errors: [
      ErrorAnswer(
        .forbidden, "The credential lacks `fix`, or the plan does not include the detector."),
      ErrorAnswer(.notAcceptable),
      ErrorAnswer(
        .unprocessableDataset,
        "The dataset cannot be read or analyzed, or a value cannot be written in its encoding."),
      ErrorAnswer(.quotaExceeded),
      ErrorAnswer(.conflict, "The rows reserved for the analysis ran out before it was done."),
    ])
}

extension SuccessAnswer {
  fileprivate static let fixed = SuccessAnswer(
    status: 200, description: "What was done, and the dataset as it is now.",
    content: [
      Content(mediaType: "application/json", schema: .fixResult, example: Example.fixResult),
      Content(
        mediaType: UploadFormat.formType,
        schema: .object(
          "FixResultForm", "The same in parts.",
          [
            .required("result", .text, "What was done, as JSON: all but log and dataset."),
            .required("log", .text, "The log, as JSON; send it as it is to do the same again."),
            .optional("file", .text, "The dataset as it is now; absent in a dry run."),
          ]),
        example: [
          "result": "{…}", "log": "{…}", "file": "length,species\n5.1,setosa\n",
        ]),
    ]
      + alone(.csv, DatasetFormat.csv.mediaType, "length,species\n5.1,setosa\n")
      + alone(.csv, DatasetFormat.tabSeparatedType, "length\tspecies\n5.1\tsetosa\n")
      + alone(
        .ndjson, DatasetFormat.ndjson.mediaType, "{\"length\": 5.1, \"species\": \"setosa\"}\n"),
    headers: [.cleanAnalysis, .cleanFixCounts])

  /// The dataset alone, in whatever encoding it came.
  private static func alone(
    _ format: DatasetFormat, _ type: String, _ example: OrderedJSON
  ) -> [Content] {
    DatasetEncoding.allCases.map {
      Content(mediaType: format.mediaType(type, in: $0), schema: .text, example: example)
    }
  }
}
