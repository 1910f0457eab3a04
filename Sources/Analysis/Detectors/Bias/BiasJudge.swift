/// Tells findings from differences that are chance or too small to matter.
struct BiasJudge {
  let parameters: ParameterValues
  /// Standard errors of the intervals that are shown.
  let shownReach: Double
  /// Confidence of a comparison such that all hold at once.
  let confidence: Double
  private let reach: Double
  /// The favourable class's name.
  let favourable: String?
  /// The label column's name.
  let label: String
  private let shownConfidence: Double

  /// A finding, and what it weighs.
  struct Judgement {
    var finding: BiasDetails.Finding
    /// From 0 to 1: what it takes from soundness, the part of the effect that is certain. So a finding that chance
    /// begins to explain fades, where it would otherwise vanish at once.
    var damage: Double
    /// For order within a measure: larger is worse.
    var size: Double

    /// What a person wants to know first: single columns come before pairs of them.
    var order: (Int, Int, Double) {
      (
        BiasMeasure.allCases.firstIndex(of: finding.measure) ?? 0, finding.columns.count, -size
      )
    }
  }

  init(
    parameters: ParameterValues, shownConfidence: Double, confidence: Double, favourable: String?,
    label: String
  ) {
    self.parameters = parameters
    self.shownConfidence = shownConfidence
    self.confidence = confidence
    self.favourable = favourable
    self.label = label
    shownReach = NormalDistribution.reach(confidence: shownConfidence)
    reach = NormalDistribution.reach(confidence: confidence)
  }

  /// Compares each group's rate with the highest.
  ///
  /// - Parameter beyond: a difference up to which nothing is a finding.
  /// - Returns: nil with fewer than two groups.
  func rates(
    _ measure: BiasMeasure, columns: [String], names: [String], shown: [String], rates: [Rate],
    beyond: Double
  ) -> (gap: BiasDetails.Gap, judgements: [Judgement])? {
    guard names.count >= 2 else { return nil }
    let order = names.indices.sorted { (rates[$1].value, $0) < (rates[$0].value, $1) }
    let (best, worst) = (order[0], order[order.count - 1])
    var judgements: [Judgement] = []
    for group in order.dropFirst() {
      let difference = rates[best].minus(rates[group], reach: reach)
      let ratio = rates[group].value / rates[best].value
      guard difference.low > 0, difference.value > beyond,
        ratio < parameters.number("minimum_ratio")
          || difference.value >= parameters.number("minimum_difference")
      else { continue }
      let isUnderFourFifths = ratio < 0.8 && measure != .falsePositiveRate
      let sentence =
        "\(Self.subject(measure, favourable ?? "", label)) for \(rates[group].value.percent) of "
        + "\"\(shown[group])\" (\(rates[group].hits.grouped) of \(rates[group].total.grouped)), but for "
        + "\(rates[best].value.percent) of \"\(shown[best])\" (\(rates[best].hits.grouped) of "
        + "\(rates[best].total.grouped)), by \(Self.listed(columns)); the ratio is \(ratio.shown())"
        + (isUnderFourFifths ? ", below the four fifths of the EEOC's guidelines." : ".")
      judgements.append(
        Judgement(
          finding: BiasDetails.Finding(
            measure: measure, columns: columns, group: names[group], comparedWith: names[best],
            effect: difference, sentence: sentence),
          damage: difference.low, size: difference.value))
    }
    let gap = BiasDetails.Gap(
      measure: measure, highest: names[best], lowest: names[worst],
      difference: rates[best].minus(rates[worst], reach: shownReach),
      ratio: rates[best].hits == 0 ? nil : (rates[worst].value / rates[best].value).reported)
    return (gap, judgements)
  }

  private static func subject(_ measure: BiasMeasure, _ favourable: String, _ label: String)
    -> String
  {
    switch measure {
    case .predictedRate: "The prediction is \"\(favourable)\""
    case .truePositiveRate: "Where \"\(label)\" is \"\(favourable)\", the prediction is so"
    case .falsePositiveRate:
      "Where \"\(label)\" is not \"\(favourable)\", the prediction is \"\(favourable)\""
    default: "\"\(label)\" is \"\(favourable)\""
    }
  }

  private static func listed(_ columns: [String]) -> String {
    columns.map { "\"\($0)\"" }.joined(separator: " and ")
  }

  /// Compares each group's mean with the highest.
  func means(
    columns: [String], names: [String], shown: [String], means: [Moments], beyond: Double
  ) -> (gap: BiasDetails.Gap, judgements: [Judgement])? {
    guard names.count >= 2, means.allSatisfy({ $0.mean.isFinite && $0.variance.isFinite }) else {
      return nil
    }
    let order = names.indices.sorted { (means[$1].mean, $0) < (means[$0].mean, $1) }
    let (best, worst) = (order[0], order[order.count - 1])
    var judgements: [Judgement] = []
    for group in order.dropFirst() {
      let difference = means[best].minus(means[group], reach: reach)
      let effect = means[best].effect(over: means[group])
      guard difference.low > 0, difference.value > beyond,
        effect >= parameters.number("minimum_effect")
      else { continue }
      judgements.append(
        Judgement(
          finding: BiasDetails.Finding(
            measure: .mean, columns: columns, group: names[group], comparedWith: names[best],
            effect: difference,
            sentence: "The mean of \"\(label)\" is \(means[group].mean.inWords) for "
              + "\"\(shown[group])\" (\(means[group].count.counted("row"))), but \(means[best].mean.inWords) "
              + "for \"\(shown[best])\" (\(means[best].count.counted("row"))), by \(Self.listed(columns)); "
              + "that is \(effect.shown()) standard deviations."),
          damage: Self.correlation(effect * difference.low / difference.value),
          size: difference.value))
    }
    return (
      BiasDetails.Gap(
        measure: .mean, highest: names[best], lowest: names[worst],
        difference: means[best].minus(means[worst], reach: shownReach), ratio: nil),
      judgements
    )
  }

  /// The correlation that belongs to a difference of means between two groups of one size (Cohen 1988, §2.2).
  ///
  /// - Parameter effect: the difference in standard deviations.
  private static func correlation(_ effect: Double) -> Double {
    effect.isFinite ? effect / (effect * effect + 4).squareRoot() : 1
  }

  /// How strongly groups (rows of the table) and classes go together.
  func association(
    columns: [String], _ table: [[Int]], beyond: Double
  ) -> (estimate: Estimate, judgement: Judgement?)? {
    guard let shown = CramersV(table, confidence: shownConfidence),
      let wide = CramersV(table, confidence: confidence)
    else { return nil }
    let estimate = Estimate(value: shown.corrected, low: shown.low, high: shown.high)
    guard wide.low > 0, wide.corrected >= parameters.number("minimum_association"),
      wide.corrected > beyond
    else { return (estimate, nil) }
    let finding = BiasDetails.Finding(
      measure: .association, columns: columns, group: nil, comparedWith: nil,
      effect: Estimate(value: wide.corrected, low: wide.low, high: wide.high),
      sentence: "\"\(label)\" goes together with \(Self.listed(columns)): Cramér's V is "
        + "\(wide.corrected.shown()) (0 is none, 1 is full).")
    return (
      estimate, Judgement(finding: finding, damage: wide.low, size: wide.corrected)
    )
  }

  /// Groups of far fewer rows than expected.
  ///
  /// Even shares are a yardstick, no claim about the world: they take nothing from soundness.
  func shares(columns: [String], _ measured: BiasComparison.Measured) -> [Judgement] {
    guard let expected = measured.expected else { return [] }
    let total = measured.groups.counts.reduce(0, +)
    guard total >= parameters.count("minimum_group_size") else { return [] }
    let bound = parameters.number(
      expected.areOfReference ? "minimum_ratio" : "minimum_share")
    let groups =
      measured.groups.names.indices.map { group in
        (measured.groups.names[group], measured.groups.counts[group], expected.ofGroups[group])
      } + expected.ofAbsent.map { ($0.name, 0, $0.share) }
    return groups.compactMap { name, rows, due -> Judgement? in
      guard due > 0 else { return nil }
      let rate = Rate(hits: rows, total: total)
      let share = rate.interval(reach: reach)
      guard rate.value < bound * due, share.high < due else { return nil }
      let finding = BiasDetails.Finding(
        measure: .representation, columns: columns, group: name, comparedWith: nil,
        effect: Estimate(
          value: rate.value / due, low: share.low / due, high: share.high / due),
        sentence: "\"\(name)\" of \(Self.listed(columns)) has \(rate.value.percent) of the rows "
          + "(\(rate.hits.grouped)), "
          + (expected.areOfReference
            ? "but \(due.percent) of the reference dataset."
            : "where an even share is \(due.percent)."))
      return Judgement(
        finding: finding, damage: expected.areOfReference ? 1 - share.high / due : 0,
        size: 1 - rate.value / due)
    }
  }
}

extension Double {
  /// A mean in a sentence.
  fileprivate var inWords: String { shown(abs(self) < 1_000 ? 2 : 0) }
}
