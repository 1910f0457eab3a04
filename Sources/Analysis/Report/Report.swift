import Foundation

/// What an analysis found. The same table and options give the same report, byte for byte.
public struct Report: Codable, Sendable, Equatable {
  /// Version of the engine; it rises when the same input may give another report.
  public var engineVersion: String
  /// The seed of all random choices.
  public var seed: UInt64
  /// Size and columns.
  public var dataset: DatasetSummary
  /// Size and columns of the dataset that it was compared with; nil if there was none.
  public var reference: DatasetSummary?
  /// The label column; nil if there is none.
  public var label: LabelSummary?
  /// The detectors asked for.
  public var requestedDetectors: [DetectorKind]
  /// A result for each detector there is, in the order of ``DetectorKind``; in JSON an object with
  /// the detectors' names as keys.
  public var detectors: [DetectorResult]
  /// Flaws of the format that reading mended.
  public var formatProblems: FormatProblemSummary
  /// From 0 to 100, higher is better: the weighted mean of the components. Nil if no detector ran.
  public var qualityScore: Double?
  /// The parts of the quality score: one for each detector that ran, and for those that found most
  /// labels gone; none for others.
  public var qualityComponents: [QualityComponent]
  /// The findings in sentences.
  public var summary: [String]

  enum CodingKeys: String, CodingKey {
    case seed, dataset, reference, label, detectors, summary
    case engineVersion = "engine_version"
    case requestedDetectors = "requested_detectors"
    case formatProblems = "format_problems"
    case qualityScore = "quality_score"
    case qualityComponents = "quality_components"
  }

  /// The result of a detector.
  public subscript(_ kind: DetectorKind) -> DetectorResult? {
    detectors.first { $0.detector == kind }
  }

  /// The report as JSON in UTF-8: keys in snake_case and in ascending order.
  public func json(pretty: Bool = false) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      : [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }
}

// MARK: - Coding

extension Report {
  init(
    engineVersion: String, seed: UInt64, dataset: DatasetSummary,
    reference: DatasetSummary?, label: LabelSummary?,
    requestedDetectors: [DetectorKind], detectors: [DetectorResult],
    formatProblems: FormatProblemSummary, quality: QualityScore, summary: [String]
  ) {
    self.engineVersion = engineVersion
    self.seed = seed
    self.dataset = dataset
    self.reference = reference
    self.label = label
    self.requestedDetectors = requestedDetectors
    self.detectors = detectors
    self.formatProblems = formatProblems
    self.qualityScore = quality.total
    self.qualityComponents = quality.components
    self.summary = summary
  }

  /// Reads a report.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    engineVersion = try container.decode(String.self, forKey: .engineVersion)
    seed = try container.decode(UInt64.self, forKey: .seed)
    dataset = try container.decode(DatasetSummary.self, forKey: .dataset)
    reference = try container.decodeIfPresent(DatasetSummary.self, forKey: .reference)
    label = try container.decodeIfPresent(LabelSummary.self, forKey: .label)
    requestedDetectors = try container.decode([DetectorKind].self, forKey: .requestedDetectors)
    let results = try container.decode([DetectorKind: DetectorResult].self, forKey: .detectors)
    detectors = DetectorKind.allCases.compactMap { results[$0] }
    formatProblems = try container.decode(FormatProblemSummary.self, forKey: .formatProblems)
    qualityScore = try container.decodeIfPresent(Double.self, forKey: .qualityScore)
    qualityComponents = try container.decode([QualityComponent].self, forKey: .qualityComponents)
    summary = try container.decode([String].self, forKey: .summary)
  }

  /// Writes a report; a missing reference, label or score is written as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(engineVersion, forKey: .engineVersion)
    try container.encode(seed, forKey: .seed)
    try container.encode(dataset, forKey: .dataset)
    try container.encode(reference, forKey: .reference)
    try container.encode(label, forKey: .label)
    try container.encode(requestedDetectors, forKey: .requestedDetectors)
    let results = Dictionary(uniqueKeysWithValues: detectors.map { ($0.detector, $0) })
    try container.encode(results, forKey: .detectors)
    try container.encode(formatProblems, forKey: .formatProblems)
    try container.encode(qualityScore, forKey: .qualityScore)
    try container.encode(qualityComponents, forKey: .qualityComponents)
    try container.encode(summary, forKey: .summary)
  }
}
