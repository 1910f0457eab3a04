/// Compares groups, and tells which differences are beyond chance and of a size that matters.
///
/// Intervals shown hold each for itself. Findings use wider ones, which hold for all comparisons at
/// once; how many there are is known only when all groups have been added.
struct BiasComparison {
  private let subject: AnalysisSubject
  private let outcome: BiasOutcome
  private let parameters: ParameterValues
  private let minimumSize: Int
  private var attributes: [Measured] = []

  /// Groups with all that was counted of them.
  struct Measured {
    var groups: SensitiveGroups
    var isGuessed: Bool
    /// For each measure the rate of each group.
    var rates: [(measure: BiasMeasure, byGroup: [Rate])] = []
    /// Rows of each group by class.
    var classCounts: [[Int]] = []
    var means: [Moments] = []
    var medians: [Estimate?] = []
    /// The shares that groups should have; nil if nothing tells.
    var expected: ExpectedShares?
  }

  init(_ subject: AnalysisSubject, _ outcome: BiasOutcome, _ parameters: ParameterValues) {
    self.subject = subject
    self.outcome = outcome
    self.parameters = parameters
    minimumSize = parameters.count("minimum_group_size")
  }

  // MARK: - Counting

  mutating func add(_ groups: SensitiveGroups, isGuessed: Bool) {
    var measured = Measured(groups: groups, isGuessed: isGuessed)
    // What a column says of itself is no association.
    if !groups.columns.contains(where: { $0 == outcome.column }) {
      countClasses(&measured)
      measureNumbers(&measured)
    }
    measured.expected = ExpectedShares(groups, subject)
    attributes.append(measured)
  }

  private func countClasses(_ measured: inout Measured) {
    guard let label = outcome.classes else { return }
    let size = measured.groups.names.count
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: label.classes.count), count: size)
    for (row, group) in measured.groups.groupOfRow.enumerated() where group >= 0 {
      if label.classOfRow[row] >= 0 { counts[Int(group)][label.classOfRow[row]] += 1 }
    }
    measured.classCounts = counts
    guard let favourable = outcome.favourable?.index else { return }
    measured.rates.append(
      (
        .selectionRate,
        counts.map { Rate(hits: $0[favourable], total: $0.reduce(0, +)) }
      ))
    guard !outcome.predictions.isEmpty else { return }
    let none = [Rate](repeating: Rate(hits: 0, total: 0), count: size)
    var (predicted, hits, alarms) = (none, none, none)
    for (row, group) in measured.groups.groupOfRow.enumerated() where group >= 0 {
      let prediction = outcome.predictions[row]
      guard prediction >= 0 else { continue }
      let group = Int(group)
      let isHit = prediction == favourable ? 1 : 0
      predicted[group].hits += isHit
      predicted[group].total += 1
      guard label.classOfRow[row] >= 0 else { continue }
      if label.classOfRow[row] == favourable {
        hits[group].hits += isHit
        hits[group].total += 1
      } else {
        alarms[group].hits += isHit
        alarms[group].total += 1
      }
    }
    measured.rates += [
      (.predictedRate, predicted), (.truePositiveRate, hits), (.falsePositiveRate, alarms),
    ]
  }

  private func measureNumbers(_ measured: inout Measured) {
    guard !outcome.order.isEmpty else { return }
    var sorted = [[Double]](repeating: [], count: measured.groups.names.count)
    for row in outcome.order {
      let group = measured.groups.groupOfRow[Int(row)]
      if group >= 0 { sorted[Int(group)].append(outcome.numbers[Int(row)]) }
    }
    measured.means = sorted.map { numbers in
      numbers.reduce(into: Moments()) { $0.add($1) }
    }
    let reach = NormalDistribution.reach(confidence: parameters.number("confidence"))
    measured.medians = sorted.map { Estimate(medianOf: $0, reach: reach) }
  }

  // MARK: - Judging

  private func pairs(_ count: Int) -> Int { count * max(0, count - 1) / 2 }

  /// The groups with enough rows for a rate or mean.
  private func large(_ totals: [Int]) -> [Int] {
    totals.indices.filter { totals[$0] >= minimumSize }
  }

  /// The classes and groups that are compared as a whole.
  private func associationTable(_ measured: Measured) -> [[Int]] {
    let rows = large(measured.classCounts.map { $0.reduce(0, +) })
    guard let width = measured.classCounts.first?.count, rows.count >= 2 else { return [] }
    let columns = large(
      (0..<width).map { column in rows.reduce(0) { $0 + measured.classCounts[$1][column] } })
    return columns.count < 2
      ? [] : rows.map { row in columns.map { measured.classCounts[row][$0] } }
  }

  private var comparisons: Int {
    attributes.reduce(0) { sum, measured in
      let ofRates = measured.rates.reduce(0) { $0 + pairs(large($1.byGroup.map(\.total)).count) }
      let ofMeans = pairs(large(measured.means.map(\.count)).count)
      let ofShares = measured.expected?.count ?? 0
      return sum + ofRates + ofMeans + ofShares + (associationTable(measured).isEmpty ? 0 : 1)
    }
  }

  func evidence() -> Finding<BiasDetails>.Evidence {
    let confidence = parameters.number("confidence")
    let comparisons = comparisons
    let judge = BiasJudge(
      parameters: parameters, shownConfidence: confidence,
      confidence: 1 - (1 - confidence) / Double(max(1, comparisons)),
      favourable: outcome.favourable.flatMap { outcome.classes?.classes[$0.index] },
      label: outcome.columnName ?? "")
    var judgements: [BiasJudge.Judgement] = []
    /// The largest gap of each measure that a single column has.
    var single: [[Int]: [BiasMeasure: Double]] = [:]
    var details: [BiasDetails.Attribute] = []
    for measured in attributes {
      let names = measured.groups.columns.map { subject.table.columns[$0].name }
      var gaps: [BiasDetails.Gap] = []
      var known: [BiasMeasure: Double] = [:]
      /// An intersection is news only where it differs more than both its columns do.
      func bound(_ measure: BiasMeasure) -> Double {
        guard measured.groups.making == .intersection else { return 0 }
        return measured.groups.columns.map { single[[$0]]?[measure] ?? 0 }.max() ?? 0
      }
      for (measure, rates) in measured.rates {
        let judged = large(rates.map(\.total))
        guard
          let found = judge.rates(
            measure, columns: names, names: judged.map { measured.groups.names[$0] },
            shown: judged.map { measured.groups.shown[$0] }, rates: judged.map { rates[$0] },
            beyond: bound(measure))
        else { continue }
        gaps.append(found.gap)
        known[measure] = found.gap.difference.value
        judgements += found.judgements
      }
      let judged = large(measured.means.map(\.count))
      if let found = judge.means(
        columns: names, names: judged.map { measured.groups.names[$0] },
        shown: judged.map { measured.groups.shown[$0] }, means: judged.map { measured.means[$0] },
        beyond: bound(.mean))
      {
        gaps.append(found.gap)
        known[.mean] = found.gap.difference.value
        judgements += found.judgements
      }
      let association = judge.association(
        columns: names, associationTable(measured), beyond: bound(.association))
      known[.association] = association?.estimate.value
      if let judgement = association?.judgement { judgements.append(judgement) }
      judgements += judge.shares(columns: names, measured)
      single[measured.groups.columns] = known
      details.append(
        attribute(measured, names, gaps, association?.estimate, reach: judge.shownReach))
    }
    let worst = judgements.reduce(0.0) { max($0, $1.damage) }
    judgements = news(judgements).sorted { $0.order < $1.order }
    return Finding<BiasDetails>.Evidence(
      flagged: [],
      soundness: 100 * (1 - min(1, worst)),
      details: BiasDetails(
        label: outcome.columnName,
        favourableClass: outcome.favourable.flatMap { outcome.classes?.classes[$0.index] },
        notes: outcome.notes + standIns, comparisons: comparisons, attributes: details,
        findings: judgements.map(\.finding)),
      sentence: sentence(judgements))
  }

  /// The findings but those that say of two classes again what is said of their rates.
  private func news(_ judgements: [BiasJudge.Judgement]) -> [BiasJudge.Judgement] {
    guard outcome.classes?.classes.count == 2 else { return judgements }
    let told = Set(
      judgements.filter { $0.finding.measure == .selectionRate }.map(\.finding.columns))
    return judgements.filter {
      $0.finding.measure != .association || !told.contains($0.finding.columns)
    }
  }

  /// Which rows belong to no group.
  private var standIns: [String] {
    attributes.filter { !$0.groups.standIns.isEmpty }.map { measured in
      let values = measured.groups.standIns.map { "\"\($0)\"" }.joined(separator: ", ")
      let name = subject.table.columns[measured.groups.columns[0]].name
      return "Rows with \(values) in \"\(name)\" belong to no group."
    }
  }

  private func attribute(
    _ measured: Measured, _ names: [String], _ gaps: [BiasDetails.Gap], _ association: Estimate?,
    reach: Double
  ) -> BiasDetails.Attribute {
    let groups = measured.groups
    let grouped = groups.counts.reduce(0, +)
    let listed = groups.names.indices.filter {
      groups.making != .intersection || groups.counts[$0] >= minimumSize
    }
    return BiasDetails.Attribute(
      columns: names, guessed: measured.isGuessed, grouping: groups.making.rawValue,
      ungrouped: subject.table.rowCount - grouped,
      groups: listed.map { group in
        let rates = measured.rates.filter { $0.byGroup[group].total >= minimumSize }.map {
          BiasDetails.GroupRate(measure: $0.measure, rate: $0.byGroup[group].interval(reach: reach))
        }
        let hasMean = !measured.means.isEmpty && measured.means[group].count >= minimumSize
        return BiasDetails.Group(
          name: groups.names[group], rows: groups.counts[group],
          share: Rate(hits: groups.counts[group], total: max(1, grouped)).interval(reach: reach),
          expectedShare: measured.expected?.ofGroups[group].reported,
          tooSmall: groups.counts[group] < minimumSize, rates: rates,
          mean: hasMean ? measured.means[group].interval(reach: reach) : nil,
          median: hasMean ? measured.medians[group] : nil)
      },
      association: association, gaps: gaps)
  }

  private func sentence(_ judgements: [BiasJudge.Judgement]) -> String {
    let names = attributes.filter { $0.groups.columns.count == 1 }
      .map { "\"\(subject.table.columns[$0.groups.columns[0]].name)\"" }
    let shown = names.prefix(5).joined(separator: ", ")
    let among = names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    let none =
      outcome.columnName == nil
      ? "There is no label to compare groups of \(among) by."
      : "No groups of \(among) differ beyond chance and by a size that matters."
    guard let first = judgements.first else { return none }
    let rest = judgements.count - 1
    return (first.damage > 0 ? "" : "\(none) ") + first.finding.sentence
      + (rest > 0
        ? " \(rest == 1 ? "One more finding is" : "\(rest) more findings are") about groups of \(among)."
        : "")
  }
}
