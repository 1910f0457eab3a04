/// What became of one detector.
public struct DetectorResult: Codable, Sendable, Equatable {
  /// Whether a detector ran.
  public enum Status: String, Codable, Sendable {
    /// It ran to its end.
    case ok
    /// It was not asked for, or has nothing to work on; the reason says which.
    case skipped
    /// It could not be completed.
    case failed
  }

  /// The detector.
  public var detector: DetectorKind
  /// Whether it ran.
  public var status: Status
  /// Why it did not run.
  public var reason: String?
  /// What it found, in a sentence; nil unless it ran.
  public var summary: String?
  /// What was set for it or holds by default, and what it chose from the data.
  public var parameters: [String: ParameterValue]
  /// How many rows are flagged in all.
  public var flaggedCount: Int
  /// The flagged rows by descending score, up to ``AnalysisOptions/maxFlaggedRows`` of them.
  public var flagged: FlaggedRows
  /// What else it found; nil unless it ran.
  public var details: (any DetectorDetails)?

  enum CodingKeys: String, CodingKey {
    case detector, status, reason, summary, parameters, flagged, details
    case flaggedCount = "flagged_count"
  }

  init(_ kind: DetectorKind, _ status: Status, reason: String, parameters: ParameterValues?) {
    detector = kind
    self.status = status
    self.reason = reason
    self.parameters = parameters?.values ?? [:]
    flaggedCount = 0
    flagged = []
  }

  init<Details>(
    _ kind: DetectorKind, _ evidence: Finding<Details>.Evidence, parameters: ParameterValues,
    maxFlaggedRows: Int
  ) {
    detector = kind
    status = .ok
    summary = evidence.sentence
    self.parameters = parameters.values.merging(evidence.chosen) { _, chosen in chosen }
    flaggedCount = evidence.flagged.count
    flagged = evidence.flagged.first(maxFlaggedRows)
    details = evidence.details
  }
}

// MARK: - Coding

extension DetectorResult {
  /// Reads a result; the detector's name decides which details follow.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    detector = try container.decode(DetectorKind.self, forKey: .detector)
    status = try container.decode(Status.self, forKey: .status)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    summary = try container.decodeIfPresent(String.self, forKey: .summary)
    parameters = try container.decode([String: ParameterValue].self, forKey: .parameters)
    flaggedCount = try container.decode(Int.self, forKey: .flaggedCount)
    flagged = FlaggedRows(try container.decode([FlaggedRow].self, forKey: .flagged))
    guard container.contains(.details) else { return }
    details = try container.decode(detector.detailsType, forKey: .details)
  }

  /// Writes a result.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(detector, forKey: .detector)
    try container.encode(status, forKey: .status)
    try container.encodeIfPresent(reason, forKey: .reason)
    try container.encodeIfPresent(summary, forKey: .summary)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(flaggedCount, forKey: .flaggedCount)
    try container.encode(Array(flagged), forKey: .flagged)
    if let details { try container.encode(details, forKey: .details) }
  }

  /// Whether both tell the same.
  public static func == (left: DetectorResult, right: DetectorResult) -> Bool {
    left.detector == right.detector && left.status == right.status && left.reason == right.reason
      && left.summary == right.summary && left.parameters == right.parameters
      && left.flaggedCount == right.flaggedCount
      && left.flagged == right.flagged && equal(left.details, right.details)
  }

  private static func equal(
    _ left: (any DetectorDetails)?, _ right: (any DetectorDetails)?
  ) -> Bool {
    func compare<Details: DetectorDetails>(_ left: Details) -> Bool { left == right as? Details }
    guard let left else { return right == nil }
    return compare(left)
  }
}

/// A constant a detector worked with: a number or a word.
public enum ParameterValue: Codable, Sendable, Equatable {
  /// A number.
  case number(Double)
  /// A word.
  case text(String)

  /// Reads either.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Writes the bare value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value.reported)
    case .text(let value): try container.encode(value)
    }
  }
}
