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
  /// The constants it worked with.
  public var parameters: [String: ParameterValue]
  /// How many rows are flagged in all.
  public var flaggedCount: Int
  /// The flagged rows by descending score, up to ``AnalysisOptions/maxFlaggedRows`` of them.
  public var flagged: [FlaggedRow]
  /// What else it found; nil unless it ran.
  public var details: DetectorDetails?

  enum CodingKeys: String, CodingKey {
    case detector, status, reason, parameters, flagged, details
    case flaggedCount = "flagged_count"
  }

  init(_ kind: DetectorKind, skipped reason: String) {
    detector = kind
    status = .skipped
    self.reason = reason
    parameters = [:]
    flaggedCount = 0
    flagged = []
  }

  init(_ kind: DetectorKind, _ evidence: Finding.Evidence, maxFlaggedRows: Int) {
    detector = kind
    status = .ok
    parameters = evidence.parameters
    flaggedCount = evidence.flagged.count
    flagged = Array(evidence.flagged.prefix(max(0, maxFlaggedRows)))
    details = evidence.details
  }

  /// Reads a result; the detector's name decides which details follow.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    detector = try container.decode(DetectorKind.self, forKey: .detector)
    status = try container.decode(Status.self, forKey: .status)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    parameters = try container.decode([String: ParameterValue].self, forKey: .parameters)
    flaggedCount = try container.decode(Int.self, forKey: .flaggedCount)
    flagged = try container.decode([FlaggedRow].self, forKey: .flagged)
    guard container.contains(.details) else { return }
    func details<Payload: Decodable>(_ type: Payload.Type) throws -> Payload {
      try container.decode(type, forKey: .details)
    }
    self.details =
      switch detector {
      case .missingValues: .missingValues(try details(MissingValuesDetails.self))
      case .exactDuplicates: .exactDuplicates(try details(ExactDuplicatesDetails.self))
      case .outliers: .outliers(try details(OutliersDetails.self))
      case .classImbalance: .classImbalance(try details(ClassImbalanceDetails.self))
      case .labelErrors: .labelErrors(try details(LabelErrorsDetails.self))
      }
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

/// What a detector found besides rows; encoded as the payload alone.
public enum DetectorDetails: Encodable, Sendable, Equatable {
  /// Of missing values.
  case missingValues(MissingValuesDetails)
  /// Of exact duplicates.
  case exactDuplicates(ExactDuplicatesDetails)
  /// Of outliers.
  case outliers(OutliersDetails)
  /// Of class imbalance.
  case classImbalance(ClassImbalanceDetails)
  /// Of label errors.
  case labelErrors(LabelErrorsDetails)

  /// Writes the payload.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .missingValues(let details): try details.encode(to: encoder)
    case .exactDuplicates(let details): try details.encode(to: encoder)
    case .outliers(let details): try details.encode(to: encoder)
    case .classImbalance(let details): try details.encode(to: encoder)
    case .labelErrors(let details): try details.encode(to: encoder)
    }
  }
}
