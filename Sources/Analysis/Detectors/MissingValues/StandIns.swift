/// Finds values that probably stand for "missing": numbers such as -999, dates such as 1900-01-01,
/// and words such as "unknown" (``MissingTokens``).
///
/// A number or date is suspected only if it is one of those that are used so, occurs several times,
/// and lies alone beyond all other values: by more than their whole range, or below zero where none
/// of them is. (van der Loo and de Jonge, "Statistical Data Cleaning with Applications in R", 2018,
/// §1.2, on such codes.)
enum StandIns {
  /// A value that probably stands for "missing".
  struct Suspect {
    var column: Int
    /// As it is written first.
    var value: String
    var reason: String
    /// The rows that have it, in ascending order.
    var rows: [Int]

    func details(_ table: Table) -> MissingValuesDetails.StandIn {
      MissingValuesDetails.StandIn(
        column: table.columns[column].name, value: value, rows: rows.count, reason: reason)
    }
  }

  /// Rarer values are not suspected.
  static let minimumCount = 3

  /// The range of fewer different values than this tells little: a suspect lies beyond ten times of it.
  private static let fewValues = 5
  private static let farOfFew = 10.0

  /// Runs of nines and eights, and the ends of the ranges of machine integers.
  static let numbers: Set<Double> = [
    -9, -99, -999, -9_999, -99_999, -999_999, -9_999_999, -88, -888, -8_888, -88_888,
    99, 999, 9_999, 99_999, 999_999, 9_999_999, 99_999_999, 888, 8_888, 88_888,
    -32_768, -2_147_483_648, 32_767, 2_147_483_647, 4_294_967_295, -1e30, 1e30,
  ]

  /// 0001-01-01, 1900-01-01, 1970-01-01 and 9999-12-31, the first and last days of common calendars.
  static let days: Set<Double> = [-62_135_596_800, -2_208_988_800, 0, 253_402_214_400]

  /// The suspects of all columns but the label, in table order.
  static func find(
    in subject: AnalysisSubject, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [Suspect] {
    let table = subject.table
    var suspects: [Suspect] = []
    for (index, column) in table.columns.enumerated() where index != subject.label?.column {
      try checkpoint.reached(Double(index) / Double(table.columns.count))
      switch column.type {
      case .integer, .real, .dateTime:
        suspects += numericSuspects(column, index)
      case .category, .text:
        suspects += wordSuspects(subject.levels(of: index), column, index)
      case .boolean, .identifier, .empty: continue
      }
    }
    return suspects
  }

  // MARK: Numbers

  /// The numbers or dates of a column that are suspected.
  static func numericSuspects(_ column: Column, _ index: Int) -> [Suspect] {
    let candidates = column.type == .dateTime ? days : numbers
    let values = column.numericValues()
    var rows: [Double: [Int]] = [:]
    var (low, high) = (Double.infinity, -Double.infinity)
    var others = 0
    var distinct: Set<Double> = []
    for (row, value) in values.enumerated() where value.isFinite {
      // Most fractions need no look into the set.
      if value == value.rounded(.towardZero), candidates.contains(value) {
        rows[value, default: []].append(row)
      } else {
        low = min(low, value)
        high = max(high, value)
        others += 1
        if distinct.count < fewValues { distinct.insert(value) }
      }
    }
    let far = distinct.count < fewValues ? farOfFew : 1
    guard others >= minimumCount else { return [] }
    // From the nearest to the others outwards: one that is ordinary widens their range.
    var found: [Double] = []
    for value in rows.keys.sorted(by: {
      (distance($0, low, high), $0) < (distance($1, low, high), $1)
    }) {
      let reach = far * (high > low ? high - low : abs(high))
      let isAlone =
        value < low ? low - value > reach || (low >= 0 && value < 0) : value - high > reach
      if isAlone, rows[value, default: []].count >= minimumCount {
        found.append(value)
      } else if found.isEmpty {
        low = min(low, value)
        high = max(high, value)
      }
    }
    return found.sorted().map { value in
      let found = rows[value, default: []]
      let (least, most) = ends(column, low, high, values)
      return Suspect(
        column: index, value: TextCheck.excerpt(column.bytes(found[0])),
        reason:
          "which probably stands for a missing value: the others are from \(least) to \(most)",
        rows: found)
    }
  }

  private static func distance(_ value: Double, _ low: Double, _ high: Double) -> Double {
    value < low ? low - value : max(0, value - high)
  }

  /// The two ends as they are written.
  private static func ends(
    _ column: Column, _ low: Double, _ high: Double, _ values: [Double]
  ) -> (String, String) {
    func spelling(_ number: Double) -> String {
      values.firstIndex(of: number).map { TextCheck.excerpt(column.bytes($0)) } ?? "\(number)"
    }
    return (spelling(low), spelling(high))
  }

  // MARK: Words

  private static func wordSuspects(
    _ levels: ColumnLevels, _ column: Column, _ index: Int
  ) -> [Suspect] {
    var reasons: [UInt32: Int] = [:]
    var suspects: [Suspect] = []
    for level in levels.counts.indices.dropFirst() {
      let bytes = column.bytes(Int(levels.firstRow[level])).trimmingSpaces()
      guard MissingTokens.standsIn(bytes) else { continue }
      reasons[UInt32(level)] = suspects.count
      suspects.append(
        Suspect(
          column: index, value: "\"\(TextCheck.excerpt(bytes))\"",
          reason: "which probably stands for a missing value", rows: []))
    }
    // A word that fills the column is what its values are.
    guard !suspects.isEmpty, levels.valueCount > suspects.count + 1 else { return [] }
    for (row, level) in levels.levelOfRow.enumerated() {
      if let suspect = reasons[level] { suspects[suspect].rows.append(row) }
    }
    // Among texts that hardly repeat, one may well be called "Missing".
    return column.type == .text ? suspects.filter { $0.rows.count >= minimumCount } : suspects
  }
}
