/// Units of time that periods may begin with, the longest first.
enum CalendarUnit: CaseIterable {
  case year, month, day, hour, minute

  /// The unit that a time is in; ascending with time.
  ///
  /// - Parameter time: in seconds since 1970.
  func index(of time: Double) -> Int {
    let date = CivilDay.date(at: time)
    return switch self {
    case .year: date.year
    case .month: date.year * 12 + date.month
    case .day: Self.whole(time, 86_400)
    case .hour: Self.whole(time, 3_600)
    case .minute: Self.whole(time, 60)
    }
  }

  /// The unit's name, the beginning of an ISO 8601 time: `2024-03`.
  func name(of time: Double) -> String {
    let date = CivilDay.date(at: time)
    func digits(_ number: Int, _ count: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let minute = Self.whole(time, 60) - Self.whole(time, 86_400) * 1_440
    let (year, month) = (digits(date.year, 4), digits(date.month))
    return switch self {
    case .year: year
    case .month: "\(year)-\(month)"
    case .day: "\(year)-\(month)-\(digits(date.day))"
    case .hour: "\(year)-\(month)-\(digits(date.day)) \(digits(minute / 60)):00"
    case .minute:
      "\(year)-\(month)-\(digits(date.day)) \(digits(minute / 60)):\(digits(minute % 60))"
    }
  }

  private static func whole(_ time: Double, _ length: Double) -> Int {
    Int((time / length).rounded(.down))
  }
}
