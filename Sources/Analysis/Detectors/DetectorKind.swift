/// The detectors there are; raw values are the names in requests and reports.
public enum DetectorKind: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
  /// Cells without a value.
  case missingValues = "missing_values"
  /// Rows that repeat an earlier one.
  case exactDuplicates = "exact_duplicates"
  /// Rows that nearly equal another.
  case nearDuplicates = "near_duplicates"
  /// Rows that are unlike the others.
  case outliers
  /// Classes with far fewer rows than others.
  case classImbalance = "class_imbalance"
  /// Labels that the rest of the row contradicts.
  case labelErrors = "label_errors"
  /// Features and rows that give the label away.
  case dataLeakage = "data_leakage"
  /// Columns that tell nothing that another does not tell.
  case redundantFeatures = "redundant_features"
  /// Cells that are written differently from the rest of their column.
  case inconsistentFormats = "inconsistent_formats"
  /// Columns whose values are distributed differently than before.
  case drift
  /// Groups of people that fare differently.
  case bias
  /// Flaws of texts.
  case textQuality = "text_quality"

  /// The detectors of the free plan.
  public static let basic: Set<DetectorKind> = [
    .missingValues, .exactDuplicates, .nearDuplicates, .outliers, .classImbalance,
  ]

  /// The detectors that compare a dataset with a reference.
  public static let comparing: Set<DetectorKind> = [.drift, .bias]
}

extension DetectorKind {
  /// The detector of this name.
  var detector: any Detector {
    switch self {
    case .missingValues: MissingValuesDetector()
    case .exactDuplicates: ExactDuplicatesDetector()
    case .nearDuplicates: NearDuplicatesDetector()
    case .outliers: OutliersDetector()
    case .classImbalance: ClassImbalanceDetector()
    case .labelErrors: LabelErrorsDetector()
    case .dataLeakage: DataLeakageDetector()
    case .redundantFeatures: RedundantFeaturesDetector()
    case .inconsistentFormats: InconsistentFormatsDetector()
    case .drift: DriftDetector()
    case .bias: BiasDetector()
    case .textQuality: TextQualityDetector()
    }
  }

  /// What can be set for the detector, with defaults.
  public var parameters: [DetectorParameter] { type(of: detector).parameters }

  /// The detector's part in the quality score, relative to the others'.
  public var weight: Double { type(of: detector).weight }

  /// What the detector finds, in a line.
  public var meaning: String { type(of: detector).meaning }

  /// The name as a heading: "Missing values".
  public var title: String {
    let words = rawValue.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// Rough share of the time, for progress alone.
  var effort: Double { type(of: detector).effort }

  /// The type of what the detector tells besides rows.
  var detailsType: any DetectorDetails.Type { detector.detailsType }
}

extension Detector {
  fileprivate var detailsType: any DetectorDetails.Type { Details.self }
}
