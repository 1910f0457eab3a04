/// What one detector contributes to the quality score.
public struct QualityComponent: Codable, Sendable, Equatable {
  /// The detector.
  public var detector: DetectorKind
  /// From 0 to 100, higher is better.
  public var score: Double
  /// The detector's weight among all detectors; those that ran share the whole.
  public var weight: Double
}

/// The quality score: the weighted mean of what the detectors that ran contribute.
///
/// | detector | weight | contributes 100 times |
/// | --- | --- | --- |
/// | label errors | 0.25 | mean probability of the given labels out of sample, over rows and over classes, 0 where there is none, halved by each leaking column; of numbers the lesser of 1 - 2 x share in doubt and 1 - (1 - share explained)² |
/// | missing values | 0.12 | share of cells with a value that does not stand for a missing one |
/// | exact duplicates | 0.08 | share of rows that do not repeat an earlier one, more than chance does |
/// | near duplicates | 0.08 | share of rows that do not nearly equal another one |
/// | outliers | 0.10 | share of rows without an outlier |
/// | class imbalance | 0.08 | share of rows that would keep their class if all classes were made equal |
/// | data leakage | 0.08 | share of tested rows that cross no split, halved by each leaking column |
/// | redundant features | 0.04 | share of features that are not to be spared |
/// | inconsistent formats | 0.05 | share of rows without a cell in doubt |
/// | drift | 0.04 | 1 - mean severity over columns, of the comparison that fares worst |
/// | bias | 0.04 | 1 - the largest effect of a finding, as far as it is certain |
/// | text quality | 0.04 | share of rows without a flaw of texts, what is only unusual not counted |
///
/// Shares are of what rows count for (``RepeatedRows``): copies count in the component of exact
/// duplicates alone. A detector that did not run has no part in it, and is never counted as perfect; one
/// that has too few labels left to judge, most being missing, counts as 0.
struct QualityScore {
  let components: [QualityComponent]
  let total: Double?

  /// - Parameter leakingColumns: columns that give the label away. They confirm any label, right or wrong,
  ///   so each of them halves what is said for the labels.
  init(_ soundness: [(kind: DetectorKind, value: Double)], leakingColumns: Int = 0) {
    components = soundness.map { kind, value in
      var value = value
      if kind == .labelErrors { for _ in 0..<leakingColumns { value /= 2 } }
      return QualityComponent(detector: kind, score: value.reported, weight: kind.weight)
    }
    let weights = components.reduce(0) { $0 + $1.weight }
    total =
      weights > 0
      ? (components.reduce(0) { $0 + $1.weight * $1.score } / weights).reported : nil
  }
}
