/// Finds dates that are written differently from the column's others, days that do not exist, and
/// dates far from all others.
struct WrittenDates {
  /// From fewer dates it cannot be told what is far.
  static let minimumCount = 20
  /// A date is out of range if it lies so many interquartile ranges beyond the quartiles, and at
  /// least one, and a year, beyond all ordinary dates.
  static let fenceFactor = 3.0
  /// Dates out of range are rare; what is not is a second group of dates.
  static let rareShare = 0.01
  private static let year = 365.25 * 86_400

  private let column: Column
  private let rowCount: Int

  init(_ column: Column, rowCount: Int) {
    self.column = column
    self.rowCount = rowCount
  }

  /// What is wrong with a value that is no date in a column of dates, as these are read.
  static func stray(_ bytes: ArraySlice<UInt8>) -> FormatIssue {
    guard let date = WrittenDate(bytes) else {
      return FormatIssue(
        kind: .mixedType, reason: "where most values of the column are dates", suggestion: nil)
    }
    // It has a day in the order that is not the column's.
    for (order, words) in [(DayOrder.dayFirst, "day"), (.monthFirst, "month")]
    where date.seconds(order) != nil {
      return FormatIssue(
        kind: .dateFormat,
        reason: "a date written the other way round (\(words) first) than the others",
        suggestion: nil)
    }
    return FormatIssue(kind: .impossibleDate, reason: "a day that does not exist", suggestion: nil)
  }

  /// - Parameter order: the rows with a date by ascending date.
  func find(
    _ order: [UInt32], _ issues: inout ColumnIssues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let seconds = column.numericValues()
    for row in 0..<rowCount where seconds[row].isNaN && !column.isMissing(row) {
      issues.add(Self.stray(column.bytes(row)), row: row)
    }
    try checkpoint.reached(0.2)
    findFar(order, seconds, &issues)
    try checkpoint.reached(0.4)
    findFormats(seconds, &issues)
  }

  // MARK: Range

  private func findFar(_ order: [UInt32], _ seconds: [Double], _ issues: inout ColumnIssues) {
    guard order.count >= Self.minimumCount else { return }
    let sorted = order.map { seconds[Int($0)] }
    let first = sorted.quantile(0.25)
    let third = sorted.quantile(0.75)
    let range = max(third - first, 86_400)
    let gap = max(range, Self.year)
    let allowed = max(1, Int(Self.rareShare * Double(sorted.count)))
    // From the ordinary dates outwards to the first gap; what is beyond it is far if it is rare.
    var low = sorted.count / 4
    while low > 0,
      sorted[low - 1] >= first - Self.fenceFactor * range || sorted[low] - sorted[low - 1] < gap
    {
      low -= 1
    }
    var high = sorted.count - 1 - sorted.count / 4
    while high < sorted.count - 1,
      sorted[high + 1] <= third + Self.fenceFactor * range || sorted[high + 1] - sorted[high] < gap
    {
      high += 1
    }
    let (least, most) = (text(order[low]), text(order[high]))
    let (below, above) = (order[..<low], order[(high + 1)...])
    for (far, words) in [(below, "before"), (above, "after")] where far.count <= allowed {
      for row in far where !isStandIn(seconds[Int(row)], sorted) {
        issues.add(
          FormatIssue(
            kind: .dateRange,
            reason: "far \(words) the others, which are from \(least) to \(most)", suggestion: nil),
          row: Int(row))
      }
    }
  }

  /// What is told as a value that stands for a missing one is not told again.
  private func isStandIn(_ value: Double, _ sorted: [Double]) -> Bool {
    StandIns.days.contains(value) && sorted.count { $0 == value } >= StandIns.minimumCount
  }

  private func text(_ row: UInt32) -> String { TextCheck.excerpt(column.bytes(Int(row))) }

  // MARK: Formats

  private func findFormats(_ seconds: [Double], _ issues: inout ColumnIssues) {
    var counts: [UInt64: (count: Int, first: Int)] = [:]
    var formats = [UInt64](repeating: 0, count: rowCount)
    for row in 0..<rowCount where !seconds[row].isNaN {
      let format = Self.format(column.bytes(row))
      formats[row] = format
      counts[format, default: (0, row)].count += 1
    }
    guard counts.count > 1,
      let main = counts.max(by: {
        ($0.value.count, $1.value.first) < ($1.value.count, $0.value.first)
      })
    else { return }
    let rows = (0..<rowCount).lazy.filter { formats[$0] == main.key }
    let template = DateTemplate(rows.prefix(1_000).map { (column.bytes($0), seconds[$0]) })
    let example = text(UInt32(main.value.first))
    for row in 0..<rowCount where !seconds[row].isNaN && formats[row] != main.key {
      let date = WrittenDate(column.bytes(row))
      let isOpen = date.map { $0.isAmbiguous || $0.hasShortYear } ?? true
      issues.add(
        FormatIssue(
          kind: .dateFormat,
          reason: "a date in another format than most others, such as \(example)",
          suggestion: isOpen ? nil : template?.text(seconds[row])), row: row)
    }
  }

  /// A number that is the same for dates of one format: one or two digits count alike, and so do
  /// all months' names, all days of the week and all fractions of seconds.
  private static func format(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var hash = StableHash.start
    var hasTime = false
    var isFraction = false
    func add(_ byte: UInt8) { hash = StableHash.adding(byte, to: hash) }
    var rest = bytes.trimmingSpaces()
    while let byte = rest.first {
      let digits = rest.prefix { (0x30...0x39).contains($0) }.count
      let letters = rest.prefix { (0x61...0x7A).contains($0 | 0x20) }
      rest = rest.dropFirst(max(1, digits, letters.count))
      if digits > 0 {
        if !isFraction { add(digits <= 2 ? 2 : UInt8(digits & 0x1F)) }
      } else if MonthNames.month(letters) != nil {
        add(UInt8(ascii: "m"))
      } else if MonthNames.isWeekday(letters) {
        add(UInt8(ascii: "w"))
      } else if !letters.isEmpty {
        // Morning or afternoon is no other format, nor is which ordinal it is.
        let word = String(decoding: letters, as: UTF8.self).lowercased()
        for byte in (["st", "nd", "rd"].contains(word) ? "th" : word == "pm" ? "am" : word).utf8 {
          add(byte)
        }
      } else if hasTime, byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
        isFraction = true
        continue
      } else {
        // East or west of Greenwich.
        if byte == UInt8(ascii: ":") { hasTime = true }
        add(hasTime && byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte)
      }
      isFraction = false
    }
    return hash
  }
}
