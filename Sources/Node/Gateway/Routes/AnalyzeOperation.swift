import Analysis
import CloudState

extension Operation {
  static let analyze = Operation(
    "analyze", .analyses, "Analyze a dataset",
    """
    Takes rows from the month's quota before the analysis, and bills them when the report is there. \
    An analysis that fails costs nothing.
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
    ],
    body: .stream(
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
          mediaType: UploadFormat.formType,
          schema: .request(
            "DatasetForm", "A form with a dataset.",
            [
              .required(
                "file", .text,
                "The dataset in one of these formats, by its Content-Type or the end of its filename."
              )
            ]),
          example: ["file": "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n"],
          partTypes: [("file", DatasetFormat.allCases.map(\.mediaType))]),
      ],
      """
      A dataset in UTF-8: CSV with a header line, an object in each line, or an array of objects; or a form \
      with it.
      """),
    answers: .ok(
      [Content(mediaType: "application/json", schema: .report, example: Example.report)],
      "The report."),
    errors: [
      ErrorAnswer(
        .forbidden, "The credential lacks `analyze`, or the plan does not include the detector."),
      ErrorAnswer(.unprocessableDataset), ErrorAnswer(.quotaExceeded),
      ErrorAnswer(.conflict, "The rows reserved for the analysis ran out before it was done."),
    ])
}
