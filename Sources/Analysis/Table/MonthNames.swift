/// The English names of months and days of the week, whole or in their usual abbreviations.
enum MonthNames {
  /// The month that letters name, in either case; nil if they name none.
  static func month(_ letters: ArraySlice<UInt8>) -> Int? {
    guard (3...9).contains(letters.count) else { return nil }
    let name = String(decoding: letters.map { $0 | 0x20 }, as: UTF8.self)
    if name == "sept" { return 9 }
    return months.firstIndex { name == $0 || name == $0.prefix(3) }.map { $0 + 1 }
  }

  /// Whether letters name a day of the week.
  static func isWeekday(_ letters: ArraySlice<UInt8>) -> Bool {
    guard (3...9).contains(letters.count) else { return false }
    let name = String(decoding: letters.map { $0 | 0x20 }, as: UTF8.self)
    return weekdays.contains {
      name == $0 || name == $0.prefix(3) || name == $0.prefix(4) || name == $0.prefix(5)
    }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]
}
