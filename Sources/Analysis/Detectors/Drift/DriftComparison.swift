extension DriftDetector {
  /// What differs between groups of rows.
  struct Comparison {
    let groups: DriftGroups
    /// The rows of each group that stand for all where distributions of numbers are estimated.
    private let samples: [[Int]]
    let contrasts: [Range<Int>]
    /// Those that could be compared, in table order.
    private(set) var columns: [MeasuredColumn] = []
    private var missingColumns: [String] = []
    private var newColumns: [String] = []
    private var typeChanges: [DriftDetails.TypeChange] = []

    /// Distributions of numbers are estimated on this many rows of two groups, and of all periods.
    private static let rowLimit = 100_000

    init(
      _ groups: DriftGroups, _ subject: AnalysisSubject, _ checkpoint: Checkpoint
    ) throws(AnalysisCancelled) {
      self.groups = groups
      contrasts = groups.contrasts
      let tables = groups.groups.map(\.table)
      let table = subject.table
      if groups.kind == .reference {
        let (old, new) = (Set(tables[0].names), Set(table.names))
        missingColumns = tables[0].names.filter { !new.contains($0) }
        newColumns = table.names.filter { !old.contains($0) }
      }
      samples = Self.samples(groups, seed: subject.seed)
      var indices = subject.featureColumns
      if let label = subject.label { indices.append(label.column) }
      for (step, index) in indices.sorted().enumerated() where !groups.excluded.contains(index) {
        try checkpoint.reached(Double(step) / Double(indices.count))
        let own = table.columns[index]
        guard let columns = Self.columns(own, groups) else { continue }
        let old = columns[0]
        guard let scale = DriftScale(old.type, own.type) else {
          typeChanges.append(
            DriftDetails.TypeChange(column: own.name, before: old.type, after: own.type))
          continue
        }
        let values: MeasuredColumn.Values =
          switch scale {
          case .numbers: .numbers(GroupedNumbers(columns, samples, contrasts: contrasts))
          case .classes: .classes(Self.classes(index, groups, columns, subject))
          case .presence: .presence
          }
        self.columns.append(
          MeasuredColumn(index, values, groups.groups, columns, contrasts: contrasts))
      }
    }

    /// The column in each group's table; nil if the reference has none of its name.
    private static func columns(_ own: Column, _ groups: DriftGroups) -> [Column]? {
      var columns = Array(repeating: own, count: groups.groups.count)
      guard groups.kind == .reference else { return columns }
      let reference = groups.groups[0].table
      guard let index = reference.columnIndex(named: own.name) else { return nil }
      columns[0] = reference.columns[index]
      return columns
    }

    /// Of periods each has the same share of its rows in the sample, since they are put together.
    private static func samples(_ groups: DriftGroups, seed: UInt64) -> [[Int]] {
      let all = groups.groups.reduce(0) { $0 + $1.rows.count }
      return groups.groups.map { group in
        let limit =
          groups.kind == .time
          ? max(minimumRows, rowLimit * group.rows.count / all) : rowLimit / 2
        return RowSample.rows(of: group.rows.count, limit: limit, seed: seed).map { group.rows[$0] }
      }
    }

    private static func classes(
      _ index: Int, _ groups: DriftGroups, _ columns: [Column], _ subject: AnalysisSubject
    ) -> GroupedClasses {
      let own = subject.levels(of: index)
      let old = groups.kind == .reference ? columns[0].levels() : own
      return GroupedClasses(
        groups.groups, columns.enumerated().map { ($1, $0 == 0 ? old : own) })
    }

    // MARK: - Judging

    /// What is told of a column.
    struct Judgement {
      /// The contrast in which the change is told.
      var contrast: Range<Int>
      var measure: DriftMeasure
      /// From 0, no shift beyond chance and the parameters' bounds, to 1, of the contrast where it is
      /// largest: so more of a shift never has less.
      var severity: Double
      /// The least one, corrected.
      var probability: Double
      /// The groups in which a class counts as new.
      var news: Range<Int>
    }

    /// Judges a column.
    ///
    /// The change is where a shift is least likely by chance, which of the places between two
    /// distributions is the likeliest one (Carlstein, "Nonparametric Change-Point Estimation", 1988);
    /// without any, the later half is told about.
    ///
    /// - Parameter probabilities: by contrast, corrected for the number of all.
    func judgement(
      _ column: MeasuredColumn, probabilities: ArraySlice<Double>, _ parameters: ParameterValues
    ) -> Judgement {
      let measures = column.measures
      let shifted = measures.indices.filter { index in
        probabilities[probabilities.startIndex + index] <= parameters.number("significance")
          && (measures[index].psi >= parameters.number("psi")
            || (measures[index].distance ?? 0) >= parameters.number("distance"))
      }
      let change = shifted.min {
        (measures[$0].probability, measures[$1].size) < (
          measures[$1].probability, measures[$0].size
        )
      }
      let told = change ?? contrasts.firstIndex(of: groups.halves) ?? 0
      return Judgement(
        contrast: contrasts[told], measure: measures[told],
        severity: shifted.reduce(0) { max($0, measures[$1].size) },
        probability: probabilities.min() ?? 1,
        news: groups.news(of: change.map { contrasts[$0] }))
    }

    /// - Parameter judgements: of the columns.
    func details(_ judgements: [Judgement], _ table: Table) -> DriftDetails.Comparison {
      DriftDetails.Comparison(
        kind: groups.kind, before: groups.before, after: groups.after,
        rows: groups.groups.map(\.rows.count), timeColumn: groups.periods?.column,
        periods: groups.periods.map { periods in
          (0..<periods.count).map { period in
            DriftDetails.Period(
              from: periods[period].from, to: periods[period].to,
              rows: groups.groups[period].rows.count)
          }
        },
        columns: zip(columns, judgements).map { shift($0, $1, table.columns[$0.column]) },
        missingColumns: missingColumns, newColumns: newColumns, typeChanges: typeChanges)
    }

    private func shift(
      _ column: MeasuredColumn, _ judgement: Judgement, _ own: Column
    ) -> DriftDetails.ColumnShift {
      let contrast = judgement.contrast
      let others = column.others(contrast)
      let periods = judgement.severity > 0 ? groups.periods : nil
      var classes: ClassShift?
      if case .classes(let values) = column.values { classes = values.shift(judgement.news) }
      return DriftDetails.ColumnShift(
        column: own.name, severity: judgement.severity.reported,
        psi: judgement.measure.psi.reported,
        distance: judgement.measure.distance?.reported,
        probability: judgement.probability.reported,
        changedFrom: periods.map { $0[contrast.lowerBound].from },
        changedTo: periods.flatMap {
          contrast.upperBound < $0.count ? $0[contrast.upperBound - 1].to : nil
        },
        psiByPeriod: periods.map { periods in
          (0..<periods.count).map { column.psi(of: $0..<($0 + 1), against: others).reported }
        },
        missingBefore: column.missingShare(others).reported,
        missingAfter: column.missingShare(contrast).reported,
        newClasses: classes.map { $0.listed($0.new) } ?? [],
        vanishedClasses: classes.map { $0.listed($0.vanished) } ?? [],
        words: judgement.severity > 0
          ? column.words(contrast, Self.columns(own, groups) ?? [], samples) : "")
    }

    /// The rows that have a new class, if there are more of them than was to be expected.
    func newClassRows(_ column: MeasuredColumn, _ news: Range<Int>) -> [Int] {
      guard case .classes(let values) = column.values else { return [] }
      let shift = values.shift(news)
      return shift.areNewSurprising
        ? values.rows(of: Set(shift.new), in: groups.groups[news]) : []
    }
  }
}
