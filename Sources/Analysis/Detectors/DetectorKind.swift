/// The detectors there are; raw values are the names in requests and reports.
public enum DetectorKind: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
  /// Cells without a value.
  case missingValues = "missing_values"
  /// Rows that repeat an earlier one.
  case exactDuplicates = "exact_duplicates"
  /// Numbers far from the rest of their column.
  case outliers
  /// Classes with far fewer rows than others.
  case classImbalance = "class_imbalance"
  /// Labels that the rest of the row contradicts.
  case labelErrors = "label_errors"

  /// The detectors of the free plan.
  public static let basic: Set<DetectorKind> = [
    .missingValues, .exactDuplicates, .outliers, .classImbalance,
  ]
}
