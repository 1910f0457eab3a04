import Foundation

/// Compares the sizes of the classes.
///
/// A class is rare if it has fewer than a quarter of the rows it would have if all classes were of
/// equal size. Evenness is Shannon's entropy of the class shares over its maximum (Pielou 1966).
/// ``ImbalanceAdvice`` says what to do about it.
struct ClassImbalanceDetector: Detector {
  /// Share of an even class's rows below which a class is rare.
  static let rareShare = 0.25

  static let kind = DetectorKind.classImbalance
  static let weight = 0.08
  static let meaning = "Classes with far fewer rows than others."

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<ClassImbalanceDetails> {
    let label: LabelColumn
    switch ClassLabels.require(subject) {
    case .classes(let found): label = found
    case .none(let reason):
      return .skipped(
        reason: reason + (skewOfNumbers(subject).map { " \($0)" } ?? ""),
        soundness: subject.soundnessOfFewLabels)
    }
    try checkpoint.reached(0)
    let labelled = label.counts.reduce(0, +)
    let even = Double(labelled) / Double(label.classes.count)
    let column = subject.table.columns[label.column].name
    var flagged: [FlaggedRow] = []
    for (row, index) in label.classOfRow.enumerated() where index >= 0 {
      let count = label.counts[index]
      guard Double(count) < Self.rareShare * even else { continue }
      flagged.append(
        FlaggedRow(
          row: row, score: 1 - Double(count) / even,
          reason: "Its class \"\(label.classes[index])\" has \(count.grouped) of "
            + "\(labelled.grouped) rows.",
          column: column, givenLabel: label.classes[index]))
    }
    let entropy = label.counts.reduce(0.0) { sum, count in
      let share = Double(count) / Double(labelled)
      return count > 0 ? sum - share * log(share) : sum
    }
    let evenness = min(1, entropy / log(Double(label.classes.count)))
    let largest = label.counts.max() ?? 0
    let smallest = label.counts.min() ?? 0
    let ratio = Double(largest) / Double(max(1, smallest))
    let rare = label.counts.count { Double($0) < Self.rareShare * even }
    return .done(
      Finding<ClassImbalanceDetails>.Evidence(
        flagged: flagged.sortedByScore(),
        soundness: try soundness(label, subject, checkpoint),
        chosen: ["rare_share": .number(Self.rareShare)],
        details: ClassImbalanceDetails(
          classes: label.classes.indices.map {
            ClassImbalanceDetails.ClassSize(
              label: label.classes[$0], count: label.counts[$0],
              share: (Double(label.counts[$0]) / Double(labelled)).reported,
              isRare: Double(label.counts[$0]) < Self.rareShare * even)
          },
          ratio: ratio.reported, evenness: evenness.reported,
          advice: ImbalanceAdvice.sentences(
            classes: label.classes, counts: label.counts, rareShare: Self.rareShare)),
        sentence: "The largest of \(label.classes.count) classes has \(largest.counted("row")), "
          + "the smallest \(smallest.grouped)"
          + (rare > 0 ? "; \(rare == 1 ? "one class is" : "\(rare) classes are") rare." : ".")))
  }

  /// 100 times the share of what rows count for that could keep its class if all classes were made
  /// equal. Rows without a label have none to keep.
  private func soundness(
    _ label: LabelColumn, _ subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Double {
    let repeated = try subject.repeatedRows(checkpoint)
    var sizes = [Double](repeating: 0, count: label.classes.count)
    for (row, index) in label.classOfRow.enumerated() where index >= 0 {
      sizes[index] += repeated.weight(row)
    }
    let even = sizes.reduce(0, +) / Double(sizes.count)
    return 100 * sizes.reduce(0) { $0 + min($1, even) } / repeated.totalWeight
  }

  private func skewOfNumbers(_ subject: AnalysisSubject) -> String? {
    guard let label = subject.label, label.task == .regression else { return nil }
    return ImbalanceAdvice.sentence(
      ofSkewed: subject.table.columns[label.column].numericValues())
  }
}

/// The sizes of the classes.
public struct ClassImbalanceDetails: DetectorDetails {
  /// A class.
  public struct ClassSize: Codable, Sendable, Equatable {
    /// Its label.
    public var label: String
    /// Its rows.
    public var count: Int
    /// Their share of the labelled rows.
    public var share: Double
    /// Whether it has far fewer rows than an even share.
    public var isRare: Bool

    enum CodingKeys: String, CodingKey {
      case label, count, share
      case isRare = "is_rare"
    }
  }

  /// The classes in ascending order of their labels.
  public var classes: [ClassSize]
  /// Rows of the largest class over those of the smallest.
  public var ratio: Double
  /// Entropy of the shares over its maximum, from 0 to 1.
  public var evenness: Double
  /// What to do about it, in sentences; none if the classes are of similar size.
  public var advice: [String]

  enum CodingKeys: String, CodingKey {
    case classes, evenness, advice
    case ratio = "imbalance_ratio"
  }
}

extension ClassImbalanceDetails {
  /// What the properties mean.
  public static let meanings = [
    "classes": "The classes in ascending order of their labels.",
    "classes.label": "The class's label.",
    "classes.count": "Its rows.",
    "classes.share": "Their share of the labelled rows.",
    "classes.is_rare": "Whether it has far fewer rows than an even share.",
    "advice": "What to do about it, in sentences; none if the classes are of similar size.",
    "imbalance_ratio": "Rows of the largest class over those of the smallest.",
    "evenness": "From 0 to 1, where all classes are of equal size.",
  ]
}
