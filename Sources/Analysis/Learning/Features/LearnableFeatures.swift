/// What the columns of a table give to learn from, for some of its rows: numbers, categories and
/// texts. Nothing here looks at labels.
///
/// A boolean is a number. A date is its moment, month, weekday and hour, the last two also as
/// categories. A column of text whose values are single words names rows, as identifiers do, and is
/// left out.
struct LearnableFeatures: Sendable {
  /// A feature and the column it comes from. Its values are made when they are asked for, as all of
  /// a large table's would take as much room again as the table.
  struct Number: Sendable {
    let column: Int
    /// What of a date it is.
    var part: DatePart?
  }

  struct Category: Sendable {
    let column: Int
    var part: DatePart?
    /// The level of each row: 0 is missing, others ascend with their text.
    let levelOfRow: [Int32]
    /// Rows of each level.
    let counts: [Int]
  }

  /// About as many additions and multiplications as looking at a value takes.
  static let workPerValue = 10
  /// Texts with less than this share of values of several words name rows.
  static let wordyShare = 0.1

  let rows: [Int]
  private let table: Table
  /// Whether each row of a boolean column that has a value is true.
  private var truths: [Int: [Bool]] = [:]
  private(set) var numbers: [Number] = []
  private(set) var categories: [Category] = []
  /// The columns of text.
  private(set) var texts: [Int] = []

  /// - Parameter rows: rows of the table.
  init(_ subject: AnalysisSubject, rows: [Int], pace: Pace) throws(AnalysisCancelled) {
    self.rows = rows
    table = subject.table
    for index in subject.learnableColumns {
      try pace.spend(rows.count * Self.workPerValue)
      let column = table.columns[index]
      switch column.type {
      case .integer, .real: numbers.append(Number(column: index))
      case .boolean:
        truths[index] = Self.truths(column, subject.levels(of: index))
        numbers.append(Number(column: index))
      case .dateTime:
        let values = column.numericValues()
        let moments = rows.map { values[$0] }
        for part in DatePart.allCases {
          numbers.append(Number(column: index, part: part))
          guard part.isCyclic else { continue }
          categories.append(
            Category(
              column: index, part: part,
              levels: moments.map { $0.isNaN ? 0 : Int32(part.value($0)) + 1 },
              count: part.limit + 1))
        }
      case .category:
        categories.append(Self.category(subject, index, rows))
      case .text:
        let wordy = rows.count { row in
          column.bytes(row).contains { $0 <= 0x20 }
            || UnspacedScript.letters(in: column.bytes(row)) >= UnspacedScript.nameLetters
        }
        if Double(wordy) >= Self.wordyShare * Double(rows.count) { texts.append(index) }
      case .identifier, .empty:
        continue
      }
    }
  }

  /// The feature's value of each of the rows; NaN where it is missing.
  func values(of number: Number) -> [Double] {
    let column = table.columns[number.column]
    if let truths = truths[number.column] {
      return rows.map { column.isMissing($0) ? .nan : truths[$0] ? 1 : 0 }
    }
    let values = column.numericValues()
    // Rows are mostly all there are.
    let chosen = rows.count == table.rowCount ? values : rows.map { values[$0] }
    return number.part.map { chosen.map($0.value) } ?? chosen
  }

  /// Spellings of one truth value begin alike.
  private static func truths(_ column: Column, _ levels: ColumnLevels) -> [Bool] {
    let isTrue = levels.firstRow.indices.map { level in
      guard level > 0, let first = column.bytes(Int(levels.firstRow[level])).trimmingSpaces().first
      else { return false }
      return "tTyY1".utf8.contains(first)
    }
    return levels.levelOfRow.map { isTrue[Int($0)] }
  }

  private static func category(
    _ subject: AnalysisSubject, _ index: Int, _ rows: [Int]
  ) -> Category {
    let column = subject.table.columns[index]
    let levels = subject.levels(of: index)
    let ordered = levels.counts.indices.dropFirst()
      .sorted { a, b in
        let (a, b) = (column.bytes(Int(levels.firstRow[a])), column.bytes(Int(levels.firstRow[b])))
        return a.lexicographicallyPrecedes(b)
      }
    var rank = [Int32](repeating: 0, count: levels.counts.count)
    for (position, level) in ordered.enumerated() { rank[level] = Int32(position + 1) }
    return Category(
      column: index, levels: rows.map { rank[Int(levels.levelOfRow[$0])] },
      count: levels.counts.count)
  }
}

extension LearnableFeatures.Category {
  init(column: Int, part: DatePart? = nil, levels: [Int32], count: Int) {
    var counts = [Int](repeating: 0, count: count)
    for level in levels { counts[Int(level)] += 1 }
    self.init(column: column, part: part, levelOfRow: levels, counts: counts)
  }
}

/// What can be learnt from a date.
enum DatePart: String, Sendable, CaseIterable {
  case moment, month, weekday, hour

  /// Whether neighbours in the cycle are alike but no order holds all around.
  var isCyclic: Bool { self == .weekday || self == .hour }

  /// Values of a cyclic part are below this.
  var limit: Int { self == .weekday ? 7 : 24 }

  /// The part of a moment, given in seconds since 1970-01-01T00:00:00Z; NaN of NaN.
  func value(_ seconds: Double) -> Double {
    // Beyond these years no calendar holds.
    guard abs(seconds) < 1e12 else { return .nan }
    let day = (seconds / 86_400).rounded(.down)
    switch self {
    case .moment: return seconds / 86_400
    case .month: return Double(Self.month(Int(day)))
    // The first of January 1970 was a Thursday; weeks begin on Monday.
    case .weekday: return Double(((Int(day) + 3) % 7 + 7) % 7)
    case .hour: return (seconds - day * 86_400) / 3_600
    }
  }

  /// The month of a day counted from 1970-01-01 in the Gregorian calendar, from 1 (Hinnant,
  /// "chrono-compatible low-level date algorithms").
  private static func month(_ day: Int) -> Int {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let fromMarch = (5 * ofYear + 2) / 153
    return fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  }
}
