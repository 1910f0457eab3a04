/// Columns that say a part of a time beside them, such as its year or month: they change with it, which is no
/// drift.
enum TimeParts {
  /// The share of the rows in which the two must agree.
  private static let share = 0.95

  private static let parts: [@Sendable (_ date: (year: Int, month: Int, day: Int)) -> Int] = [
    { $0.year }, { ($0.month + 2) / 3 }, { $0.month }, { $0.day },
    // The day of the year.
    { date in
      let first = CivilDay.daysSince1970(year: date.year, month: 1, day: 1) ?? 0
      let day = CivilDay.daysSince1970(year: date.year, month: date.month, day: date.day) ?? 0
      return day - first + 1
    },
  ]

  /// Those of a column of dates; none of one of numbers.
  static func columns(of time: Int, in subject: AnalysisSubject) -> Set<Int> {
    let table = subject.table
    let column = table.columns[time]
    guard column.type == .dateTime else { return [] }
    let dates = column.numericValues().map { $0.isFinite ? CivilDay.date(at: $0) : nil }
    return Set(
      subject.featureColumns.filter { index in
        guard index != time, table.columns[index].type == .integer else { return false }
        let numbers = table.columns[index].numericValues()
        return parts.contains { isPart($0, numbers, dates) }
      })
  }

  private static func isPart(
    _ part: (_ date: (year: Int, month: Int, day: Int)) -> Int, _ numbers: [Double],
    _ dates: [(year: Int, month: Int, day: Int)?]
  ) -> Bool {
    var (known, agreeing) = (0, 0)
    for (number, date) in zip(numbers, dates) {
      guard let date, number.isFinite else { continue }
      known += 1
      if number == Double(part(date)) { agreeing += 1 }
      // Most columns are no part: the first rows show it.
      if known == 100, agreeing == 0 { return false }
    }
    return known > 0 && Double(agreeing) >= share * Double(known)
  }
}
