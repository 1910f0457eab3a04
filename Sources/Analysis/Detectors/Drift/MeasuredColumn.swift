import Foundation

/// How much a column's values differ between two sides.
struct DriftMeasure {
  /// The population stability index.
  var psi: Double
  /// For numbers, the Kolmogorov–Smirnov distance.
  var distance: Double?
  /// Of as much by chance, before correction.
  var probability: Double

  /// From 0 to 1.
  var size: Double { max(1 - exp(-psi), distance ?? 0) }
}

/// What two columns are compared by.
enum DriftScale {
  case numbers
  case classes
  /// Only whether there is a value.
  case presence

  /// Nil if the types do not go together. Few rows may make integers look like booleans, or classes
  /// like text, and a missing value among 0 and 1 makes programs write 0.0 and 1.0, so these do.
  init?(_ before: ColumnType, _ after: ColumnType) {
    switch (before, after) {
    case (.integer, .integer), (.integer, .real), (.real, .integer), (.real, .real): self = .numbers
    case (.boolean, .boolean), (.boolean, .category), (.category, .boolean), (.category, .category),
      (.boolean, .integer), (.integer, .boolean), (.boolean, .real), (.real, .boolean):
      self = .classes
    case (.empty, _), (_, .empty), (.identifier, _), (_, .identifier), (.text, .text),
      (.text, .category), (.category, .text), (.dateTime, .dateTime):
      self = .presence
    default: return nil
    }
  }
}

/// A column in groups of rows, and how much the sides of each contrast differ.
struct MeasuredColumn {
  enum Values {
    case numbers(GroupedNumbers)
    case classes(GroupedClasses)
    case presence
  }

  /// In the table that is analysed.
  let column: Int
  let values: Values
  /// By contrast.
  private(set) var measures: [DriftMeasure] = []
  /// Rows of each group, and those without a value.
  private let rows: [Int]
  private let missing: [Int]

  /// - Parameter columns: the column in each group's table.
  init(
    _ column: Int, _ values: Values, _ groups: [DriftGroups.Group], _ columns: [Column],
    contrasts: [Range<Int>]
  ) {
    self.column = column
    self.values = values
    rows = groups.map(\.rows.count)
    missing = zip(groups, columns).map { group, column in
      column.missingCount == 0 ? 0 : group.rows.count { column.isMissing($0) }
    }
    measures = contrasts.enumerated().map { index, contrast in
      var measure = presence(contrast)
      let other: DriftMeasure? =
        switch values {
        case .numbers(let numbers): numbers.measures[index]
        case .classes(let classes): classes.measure(contrast)
        case .presence: nil
        }
      if let other {
        // Two tests, of which the smaller probability counts.
        let probability = min(1, 2 * min(measure.probability, other.probability))
        measure = other
        measure.probability = probability
      }
      return measure
    }
  }

  /// The groups that are not in a contrast.
  func others(_ contrast: Range<Int>) -> [Int] { rows.indices.filter { !contrast.contains($0) } }

  private func presence(_ contrast: Range<Int>) -> DriftMeasure {
    var counts = ContingencyTable(rows: 2, columns: 2)
    for group in rows.indices {
      let side = contrast.contains(group) ? 1 : 0
      counts.add(side, 0, count: rows[group] - missing[group])
      counts.add(side, 1, count: missing[group])
    }
    let test = counts.independence
    return DriftMeasure(
      psi: PopulationStability.index(
        [counts[0, 0], counts[0, 1]], [counts[1, 0], counts[1, 1]]),
      distance: nil, probability: test.map { $0.leastExpected >= 1 ? $0.probability : 1 } ?? 1)
  }

  /// The stability index of groups against others.
  func psi(of after: Range<Int>, against before: [Int]) -> Double {
    switch values {
    case .numbers(let numbers): return numbers.psi(of: after, against: before)
    case .classes(let classes): return classes.psi(of: after, against: before)
    case .presence:
      func counts(_ groups: some Sequence<Int>) -> [Int] {
        groups.reduce(into: [0, 0]) { sums, group in
          sums[0] += rows[group] - missing[group]
          sums[1] += missing[group]
        }
      }
      return PopulationStability.index(counts(before), counts(after))
    }
  }

  /// Share of missing values in groups.
  func missingShare(_ groups: some Sequence<Int>) -> Double {
    let (absent, all) = groups.reduce((0, 0)) { ($0.0 + missing[$1], $0.1 + rows[$1]) }
    return Double(absent) / Double(max(1, all))
  }

  /// What has changed, for a person.
  ///
  /// - Parameters:
  ///   - columns: the column in each group's table.
  ///   - samples: the rows of each group that stand for all.
  func words(_ contrast: Range<Int>, _ columns: [Column], _ samples: [[Int]]) -> String {
    var parts: [String] = []
    switch values {
    case .numbers:
      let sorted = SortedNumbers(columns, samples)
      let sides = [sorted.numbers(of: others(contrast)), sorted.numbers(of: contrast)]
      if !sides.contains([]) {
        let medians = sides.map { $0.quantile(0.5).shown(4) }
        parts.append(
          medians[0] == medians[1]
            ? "the median stayed at \(medians[0]), but the numbers are spread differently"
            : "the median went from \(medians[0]) to \(medians[1])")
      }
    case .classes(let classes):
      if let most = classes.shift(contrast).largestChange {
        parts.append(
          "\"\(most.name)\" went from \(most.before.percent) to \(most.after.percent) of the rows")
      }
    case .presence: break
    }
    let (before, after) = (missingShare(others(contrast)), missingShare(contrast))
    if abs(after - before) >= 0.01 {
      parts.append("missing values went from \(before.percent) to \(after.percent)")
    }
    return parts.joined(separator: "; ")
  }
}
