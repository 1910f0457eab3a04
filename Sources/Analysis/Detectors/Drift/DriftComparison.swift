import Foundation

extension DriftDetector {
  /// What differs between the two sides of a window.
  struct Comparison {
    let window: Window
    /// A measurement for each column that could be compared.
    private(set) var shifts: [Shift] = []
    private(set) var missingColumns: [String] = []
    private(set) var newColumns: [String] = []
    private(set) var typeChanges: [DriftDetails.TypeChange] = []

    /// How a column's values have shifted.
    struct Shift {
      /// In the table that is analysed.
      var column: Int
      var psi: Double
      /// For numbers, the Kolmogorov–Smirnov distance.
      var distance: Double?
      /// Of as much by chance, before correction.
      var probability: Double
      var missingBefore: Double
      var missingAfter: Double
      /// For classes.
      var classes: ClassShift?
      /// For numbers, the medians.
      var medians: (before: Double, after: Double)?
    }

    /// Distributions of numbers are estimated on this many rows of a side.
    private static let rowLimit = 50_000

    init(
      _ window: Window, _ subject: AnalysisSubject, _ checkpoint: Checkpoint
    ) throws(AnalysisCancelled) {
      self.window = window
      let (before, after) = (window.before.table, window.after.table)
      let isSame = window.kind != .reference
      if !isSame {
        let (old, new) = (Set(before.names), Set(after.names))
        missingColumns = before.names.filter { !new.contains($0) }
        newColumns = after.names.filter { !old.contains($0) }
      }
      var columns = subject.featureColumns
      if let label = subject.label { columns.append(label.column) }
      let samples = [window.before, window.after].map { side in
        RowSample.rows(of: side.rows.count, limit: Self.rowLimit, seed: subject.seed)
          .map { side.rows[$0] }
      }
      for (step, index) in columns.sorted().enumerated() where !window.excluded.contains(index) {
        try checkpoint.reached(Double(step) / Double(columns.count))
        let new = after.columns[index]
        guard let other = isSame ? index : before.columns.firstIndex(where: { $0.name == new.name })
        else { continue }
        let old = before.columns[other]
        guard let scale = DriftScale(old.type, new.type) else {
          typeChanges.append(
            DriftDetails.TypeChange(column: new.name, before: old.type, after: new.type))
          continue
        }
        shifts.append(
          shift(
            index, scale, old, new, samples,
            oldLevels: { isSame ? subject.levels(of: index) : old.levels() },
            newLevels: { subject.levels(of: index) }))
      }
    }

    private func shift(
      _ index: Int, _ scale: DriftScale, _ old: Column, _ new: Column, _ samples: [[Int]],
      oldLevels: () -> ColumnLevels, newLevels: () -> ColumnLevels
    ) -> Shift {
      let absent = [
        window.before.rows.count { old.isMissing($0) },
        window.after.rows.count { new.isMissing($0) },
      ]
      let totals = [window.before.rows.count, window.after.rows.count]
      var counts = ContingencyTable(rows: 2, columns: 2)
      for side in 0..<2 {
        counts.add(side, 0, count: totals[side] - absent[side])
        counts.add(side, 1, count: absent[side])
      }
      let missing = counts.independence.map { $0.leastExpected >= 1 ? $0.probability : 1 } ?? 1
      var shift = Shift(
        column: index,
        psi: PopulationStability.index(
          [totals[0] - absent[0], absent[0]], [totals[1] - absent[1], absent[1]]),
        distance: nil, probability: missing,
        missingBefore: Double(absent[0]) / Double(totals[0]),
        missingAfter: Double(absent[1]) / Double(totals[1]))
      switch scale {
      case .numbers:
        let values = [(old, samples[0]), (new, samples[1])].map { column, rows in
          rows.map { column.number($0) }.filter(\.isFinite).sorted()
        }
        guard let test = KolmogorovSmirnov(values[0], values[1]) else { return shift }
        shift.distance = test.distance
        // Two tests, of which the smaller probability counts.
        shift.probability = min(1, 2 * min(missing, test.probability))
        shift.psi = NumberBins(values[0]).psi(values[0], values[1], samples, old, new)
        shift.medians = (
          values[0].quantile(0.5), values[1].quantile(0.5)
        )
      case .classes:
        let classes = ClassShift(
          old, oldLevels(), window.before.rows, new, newLevels(), window.after.rows)
        shift.psi = classes.psi
        shift.probability = min(1, 2 * min(missing, classes.probability))
        shift.classes = classes
      case .presence: break
      }
      return shift
    }

    /// - Parameter probabilities: of the shifts, corrected for their number.
    func details(
      probabilities: [Double], significance: Double, psi: Double, distance: Double
    ) -> DriftDetails.Comparison {
      let columns = zip(shifts, probabilities).map { shift, probability in
        let isLarge = shift.psi >= psi || (shift.distance ?? 0) >= distance
        let severity =
          isLarge && probability <= significance
          ? max(1 - exp(-shift.psi), shift.distance ?? 0) : 0
        return DriftDetails.ColumnShift(
          column: window.after.table.columns[shift.column].name, severity: severity.reported,
          psi: shift.psi.reported, distance: shift.distance?.reported,
          probability: probability.reported, missingBefore: shift.missingBefore.reported,
          missingAfter: shift.missingAfter.reported, newClasses: shift.classes?.listed(\.new) ?? [],
          vanishedClasses: shift.classes?.listed(\.vanished) ?? [], words: words(shift))
      }
      return DriftDetails.Comparison(
        kind: window.kind, before: window.before.name, after: window.after.name,
        beforeRows: window.before.rows.count, afterRows: window.after.rows.count, columns: columns,
        missingColumns: missingColumns, newColumns: newColumns, typeChanges: typeChanges)
    }

    private func words(_ shift: Shift) -> String {
      var parts: [String] = []
      if let medians = shift.medians {
        parts.append("the median went from \(medians.before.shown(4)) to \(medians.after.shown(4))")
      }
      if let most = shift.classes?.largestChange {
        parts.append(
          "\"\(most.name)\" went from \(most.before.percent) to \(most.after.percent) of the rows")
      }
      if abs(shift.missingAfter - shift.missingBefore) >= 0.01 {
        parts.append(
          "missing values went from \(shift.missingBefore.percent) to \(shift.missingAfter.percent)"
        )
      }
      return parts.joined(separator: "; ")
    }
  }
}

/// What two columns are compared by.
enum DriftScale {
  case numbers
  case classes
  /// Only whether there is a value.
  case presence

  /// Nil if the types do not go together. Few rows may make integers look like booleans, or classes
  /// like text, so these do.
  init?(_ before: ColumnType, _ after: ColumnType) {
    switch (before, after) {
    case (.integer, .integer), (.integer, .real), (.real, .integer), (.real, .real): self = .numbers
    case (.boolean, .boolean), (.boolean, .category), (.category, .boolean), (.category, .category),
      (.boolean, .integer), (.integer, .boolean):
      self = .classes
    case (.empty, _), (_, .empty), (.identifier, _), (_, .identifier), (.text, .text),
      (.text, .category), (.category, .text), (.dateTime, .dateTime):
      self = .presence
    default: return nil
    }
  }
}

/// Bins between quantiles of numbers.
struct NumberBins {
  /// Bins hold at least this many of the numbers that they were made from.
  private static let binSize = 20
  private static let maximumCount = 10

  /// Ascending; a bin ends with its upper edge.
  private let edges: [Double]

  /// - Parameter sorted: in ascending order; not empty.
  init(_ sorted: [Double]) {
    let count = max(2, min(Self.maximumCount, sorted.count / Self.binSize))
    var edges: [Double] = []
    for bin in 1..<count {
      let edge = sorted[min(sorted.count - 1, sorted.count * bin / count)]
      if edges.last != edge { edges.append(edge) }
    }
    self.edges = edges
  }

  /// How many of ascending numbers are in each bin.
  func counts(_ sorted: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count + 1)
    var bin = 0
    for number in sorted {
      while bin < edges.count, number > edges[bin] { bin += 1 }
      counts[bin] += 1
    }
    return counts
  }

  /// The stability index, missing values being a bin of their own.
  func psi(
    _ before: [Double], _ after: [Double], _ samples: [[Int]], _ old: Column, _ new: Column
  ) -> Double {
    PopulationStability.index(
      counts(before) + [samples[0].count { old.isMissing($0) }],
      counts(after) + [samples[1].count { new.isMissing($0) }])
  }
}
