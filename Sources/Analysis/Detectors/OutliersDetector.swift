/// Finds numbers far from the rest of their column, each column by itself; ``RobustFences`` says
/// what "far" is, with sources.
///
/// A row is flagged once, with its worst column. Its score is z / (z + threshold): 0.5 at the
/// threshold, 1 infinitely far away. Identifiers, two-valued columns and class labels are left out.
struct OutliersDetector: Detector {
  static let kind = DetectorKind.outliers
  static let weight = 0.10
  static let meaning = "Numbers far from the rest of their column."

  private struct Outlier {
    var column: Int
    var text: String
    var score: Double
  }

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<OutliersDetails> {
    let table = subject.table
    let columns = table.columns.indices.filter { index in
      let isLabel = index == subject.label?.column
      return table.columns[index].type.isNumeric
        && !(isLabel && subject.label?.task == .classification)
    }
    guard !columns.isEmpty else {
      return .skipped(reason: "No column holds numbers.")
    }
    var outliers: [Int: [Outlier]] = [:]
    var ranges: [OutliersDetails.ColumnRange] = []
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(Double(step) / Double(columns.count))
      let column = table.columns[index]
      let numbers = column.numericValues()
      let values = subject.order(of: index).map { numbers[Int($0)] }
      guard let fences = RobustFences(values) else { continue }
      var count = 0
      for (row, number) in numbers.enumerated() {
        guard !number.isNaN, number < fences.lower || number > fences.upper || !number.isFinite
        else { continue }
        let z = fences.score(number)
        let score = z.isFinite ? z / (z + fences.cut) : 1
        count += 1
        outliers[row, default: []].append(
          Outlier(column: index, text: Self.reason(column, row, fences), score: score))
      }
      ranges.append(
        OutliersDetails.ColumnRange(
          column: column.name, outliers: count, median: fences.median.reported,
          lower: fences.lower.isFinite ? fences.lower.reported : nil,
          upper: fences.upper.isFinite ? fences.upper.reported : nil,
          power: fences.power.reported, threshold: fences.cut.reported))
    }
    guard !ranges.isEmpty else {
      return .skipped(
        reason: "No column has the \(RobustFences.minimumCount) numbers that it takes to tell what "
          + "is usual.")
    }

    let flagged = outliers.map { row, found in
      let sorted = found.sorted { ($1.score, $0.column) < ($0.score, $1.column) }
      let shown = sorted.prefix(3).map(\.text).joined(separator: "; ")
      return FlaggedRow(
        row: row, score: sorted[0].score,
        reason: shown + (sorted.count > 3 ? "; and \(sorted.count - 3) more." : "."),
        column: table.columns[sorted[0].column].name)
    }
    let total = ranges.reduce(0) { $0 + $1.outliers }
    return .done(
      Finding<OutliersDetails>.Evidence(
        flagged: flagged.sortedByScore(),
        soundness: 100 * (1 - Double(flagged.count) / Double(table.rowCount)),
        chosen: [
          "threshold": .number(RobustFences.threshold),
          "fence_factor": .number(RobustFences.fenceFactor),
          "false_alarm_rate": .number(RobustFences.falseAlarmRate),
          "minimum_count": .number(Double(RobustFences.minimumCount)),
        ],
        details: OutliersDetails(columns: ranges),
        sentence: total == 0
          ? "No number is far from the rest of its column."
          : "\(total) numbers in \(flagged.count) rows are far from the rest of their columns."))
  }

  private static func reason(_ column: Column, _ row: Int, _ fences: RobustFences) -> String {
    let value = TextCheck.excerpt(column.bytes(row))
    let number = column.number(row)
    if !number.isFinite { return "\(column.name) is \(value)" }
    let isLow = number < fences.lower
    let bound = (isLow ? fences.lower : fences.upper).significant
    return "\(column.name) is \(value), \(isLow ? "below" : "above") the usual "
      + "\(isLow ? "least" : "most"), \(bound) (median \(fences.median.significant))"
  }
}

extension Double {
  /// The number with about four significant digits, for a sentence.
  fileprivate var significant: String {
    var scale = 1.0
    let magnitude = abs(self)
    guard magnitude > 0, isFinite else { return "0" }
    if magnitude >= 1e15 || magnitude < 1e-9 { return "\(self)" }
    while magnitude * scale < 1_000 { scale *= 10 }
    let rounded = (self * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

/// The usual range of each column of numbers.
public struct OutliersDetails: DetectorDetails {
  /// A column of numbers.
  public struct ColumnRange: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// Values outside the range.
    public var outliers: Int
    /// Its median.
    public var median: Double
    /// The least usual value; nil if any is.
    public var lower: Double?
    /// The largest usual value; nil if any is.
    public var upper: Double?
    /// The power scale on which it was judged: 1 as it is, 0 logarithmic.
    public var power: Double
    /// The modified z-score from which values are outliers.
    public var threshold: Double
  }

  /// The columns that were judged, in table order.
  public var columns: [ColumnRange]
}

extension OutliersDetails {
  /// What the properties mean.
  public static let meanings = [
    "columns": "The columns of numbers.",
    "columns.column": "The column.",
    "columns.outliers": "Values outside the usual range.",
    "columns.median": "The median.",
    "columns.lower": "The least usual value; absent if any is.",
    "columns.upper": "The largest usual value; absent if any is.",
    "columns.power": "The power scale on which it was judged: 1 as it is, 0 logarithmic.",
    "columns.threshold": "The modified z-score from which values are outliers.",
  ]
}
