import Analysis

extension Example {
  /// A report with every property that there can be.
  static let report: OrderedJSON = [
    "id": "an_2c26b46b68ffc68ff99b453c1d304134", "workspace_id": .string(workspace),
    "name": "Iris", "rows": .integer(150), "created_at": "2026-01-31T09:30:00Z",
    "timings": .verbatim(
      #"{"read_ms": 1.25, "analyze_ms": 84.5, "detectors": {"label_errors": 79.75}}"#),
    "engine_version": .string(Analyzer.engineVersion), "seed": .integer(7),
    "dataset": OrderedJSON(exampleOf: .known(DatasetSummary.self)),
    "reference": OrderedJSON(exampleOf: .known(DatasetSummary.self)),
    "label": OrderedJSON(exampleOf: .known(LabelSummary.self)),
    "requested_detectors": .strings(DetectorKind.allCases.map(\.rawValue)),
    "detectors": .object(
      DetectorKind.allCases.map { kind in (name: kind.rawValue, value: result(of: kind)) }),
    "format_problems": OrderedJSON(exampleOf: .known(FormatProblemSummary.self)),
    "quality_score": .verbatim("97.2"),
    "quality_components": .verbatim(
      #"[{"detector": "label_errors", "score": 98.67, "weight": 0.25}]"#),
    "summary": ["1 of 150 labels is in doubt."],
  ]

  private static func result(of kind: DetectorKind) -> OrderedJSON {
    let parameters = kind.parameters.map { parameter in
      (name: parameter.name, value: OrderedJSON.encoded(parameter.defaultValue))
    }
    return [
      "detector": .string(kind.rawValue), "status": "ok", "reason": "It was asked for.",
      "summary": "1 of 150 rows is in doubt.",
      "parameters": .object(parameters), "flagged_count": .integer(1),
      "flagged": [OrderedJSON(exampleOf: .known(FlaggedRow.self))],
      "details": OrderedJSON(exampleOf: .details(of: kind)),
    ]
  }
}
