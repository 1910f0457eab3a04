import Analysis
import CloudState

extension Operation {
  static let analyze = Operation(
    "analyze", .analyses, "Analyze a dataset",
    """
    Takes rows from the month's quota before the analysis, and bills them when the report is there. \
    An analysis that fails costs nothing. The rows of a reference are analyzed and count as the dataset's do; the bounds \
    on a dataset hold for both together.
    """,
    parameters: [
      .query("name", .titleOrEmpty, "A name to find the analysis by.", example: "Iris"),
      .query(
        "label_column", .text(1...1_000),
        "The column of labels; without it, it is guessed from names such as `label` or `target`.",
        example: "species"),
      .query(
        "task_type", .word(TaskType.allCases.map(\.rawValue)),
        "How labels are understood; inferred without it.", example: "classification"),
      .query(
        "detectors", someOf: DetectorKind.allCases.map(\.rawValue),
        "What to look for, separated by commas; without it, all that the plan includes."),
      .query(
        "seed", .integer(0...UInt64.max),
        "Seeds every random choice; the same seed gives the same report.", example: .integer(7)),
      .query(
        "pred_probs_prefix", .text(1...1_000),
        "The beginning of the names of columns that hold your own out-of-sample probabilities, one a class: "
          + "with `p_` they are `p_setosa`, `p_versicolor`.", example: "p_"),
      .query(
        "prediction_column", .text(1...1_000),
        "The column with a model's predictions of the label, or with probabilities of the second of two classes.",
        example: "predicted"),
      .query(
        "sensitive_columns", .text(1...10_000),
        "The columns that say who a row is about, separated by commas; without it, they are guessed from their "
          + "names.", example: "gender,age"),
      .query(
        "time_column", .text(1...1_000),
        "The column along which the data may drift: times, or numbers that rise with it.",
        example: "date"),
      .query(
        "split_column", .text(1...1_000),
        "The column that says which part of a split, such as train or test, a row belongs to.",
        example: "split"),
      .query(
        "format", .word(ReportFormat.allCases.map(\.rawValue)),
        "What the report is answered as; without it, `Accept` decides, and JSON if that is missing.",
        example: "json"),
    ]
      + DetectorKind.allCases.flatMap { kind in
        kind.parameters.map { Parameter($0, of: kind) }
      },
    body: .dataset(
      form: .request(
        "DatasetForm", "A form with a dataset, and perhaps another that it is compared with.",
        [
          .required("file", .text, Schema.formPart),
          .optional(
            "reference", .text,
            "A dataset to compare with, for drift and for the shares of groups; in one of these formats, too."
          ),
        ]),
      example: [
        "file": "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n",
        "reference": "length,width,species\n4.9,3.0,setosa\n6.4,3.2,versicolor\n",
      ], parts: [.file, .reference]),
    answers: .ok(
      [
        Content(mediaType: ReportFormat.json.mediaType, schema: .report, example: Example.report),
        Content(
          mediaType: ReportFormat.html.mediaType, schema: .text, example: "<!doctype html>"),
        Content(
          mediaType: ReportFormat.csv.mediaType, schema: .text,
          example: .string(
            "detector,row,score,reason,column,given_label,suggested_label,duplicate_of,suggested_value\r\n"
              + "exact_duplicates,34,1.0,All values equal those of row 9.,,,,9,\r\n")),
        Content(
          mediaType: ReportFormat.ndjson.mediaType, schema: .text,
          example: "{\"detector\":\"exact_duplicates\",\"row\":34,\"score\":1.0}\n"),
      ],
      """
      The report: all of it as JSON, as a page that stands by itself, or its flagged rows, all of them, as CSV or \
      as an object in each line.
      """),
    errors: [
      ErrorAnswer(
        .forbidden, "The credential lacks `analyze`, or the plan does not include the detector."),
      ErrorAnswer(.notAcceptable), ErrorAnswer(.unprocessableDataset), ErrorAnswer(.quotaExceeded),
      ErrorAnswer(.conflict, "The rows reserved for the analysis ran out before it was done."),
    ])
}

extension Schema {
  static let formPart =
    "The dataset in one of these formats, by its Content-Type or the end of its filename."
}

extension AcceptedBody {
  /// A dataset, alone or in a form.
  static func dataset(
    form: Schema, example: OrderedJSON, parts: [DatasetUpload.Part]
  ) -> AcceptedBody {
    .stream(
      [
        Content(
          mediaType: "text/csv", schema: .text,
          example: "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n"),
        Content(
          mediaType: "application/x-ndjson", schema: .text,
          example: "{\"length\": 5.1, \"species\": \"setosa\"}\n"),
        Content(
          mediaType: "application/json",
          schema: .list(of: .object([]), least: 1),
          example: .verbatim(#"[{"length": 5.1, "species": "setosa"}]"#)),
        Content(
          mediaType: UploadFormat.formType, schema: form, example: example,
          partTypes: parts.map { ($0.rawValue, $0.mediaTypes) }),
      ],
      """
      A dataset in UTF-8: CSV with a header line, an object in each line, or an array of objects; or a form \
      with it.
      """)
  }
}

extension Parameter {
  /// What can be set for a detector.
  fileprivate init(_ parameter: DetectorParameter, of kind: DetectorKind) {
    let schema: Schema =
      switch parameter.allowed {
      case .numbers(let range): .number(range)
      case .wholeNumbers(let range): .integer(range)
      case .words(let words): .word(words)
      case .text(let bytes): .text(0...bytes)
      }
    self = .query(
      "\(kind.rawValue).\(parameter.name)", schema, parameter.meaning,
      example: .encoded(parameter.defaultValue))
  }
}

extension DatasetUpload.Part {
  fileprivate var mediaTypes: [String] {
    self == .log ? [DatasetFormat.json.mediaType] : DatasetFormat.allCases.map(\.mediaType)
  }
}
