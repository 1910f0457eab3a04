/// Which of two numbers before a year is the day: one value can leave it open, so a whole column
/// decides.
enum DayOrder: Sendable {
  case dayFirst
  case monthFirst
}

/// A date, or a date and time of day, as it was written.
///
/// Read are ISO 8601 (`2024-03-01`, `2024-03-01T14:05:09.25+01:00`, a space for the `T`, seconds and
/// zone optional), years first with slashes or points, days first with points (`01.03.2024`),
/// days or months first with slashes or hyphens (`03/01/2024`), and English names of months
/// (`Mar 1, 2024`, `1 March 2024`, `01-MAR-24`, `Fri, 1 Mar 2024`), each with a time of day on
/// request, on a clock of 24 or of 12 hours. A time without a zone is UTC.
///
/// Years have four digits, or two where they stand last after slashes (`3/1/24`), after points and
/// two digits each (`01.03.24`), or after a month's name; those from 69 on are of the 20th century,
/// as POSIX has it (strptime, `%y`).
struct WrittenDate {
  /// Whether the day and the month could be either way round.
  private let isOpen: Bool
  private let year: Int
  /// The month and the day, or where it is open the first and the second number.
  private let numbers: (Int, Int)
  private let secondOfDay: Double
  /// Whether a double of seconds tells the time from that of any other spelling.
  let isExact: Bool
  /// Whether the century has to be guessed.
  let hasShortYear: Bool

  /// Nil if the bytes are no date.
  init?(_ bytes: ArraySlice<UInt8>) {
    var cursor = Cursor(bytes: bytes.trimmingSpaces())
    guard let day = Day(inNumbers: &cursor) ?? Day(inWords: bytes.trimmingSpaces(), &cursor),
      let time = cursor.timeOfDay()
    else { return nil }
    year = day.hasShortYear ? day.year + (day.year < 69 ? 2_000 : 1_900) : day.year
    (numbers, isOpen, hasShortYear) = (day.numbers, day.isOpen, day.hasShortYear)
    secondOfDay = time.seconds
    // A double has 53 bits: microseconds of two centuries around 1970, or milliseconds of any year.
    isExact = time.decimals <= 3 || (time.decimals <= 6 && (1850...2100).contains(year))
  }

  /// Seconds from 1970-01-01T00:00:00Z, leap seconds not counted; nil if there is no such day.
  func seconds(_ order: DayOrder) -> Double? {
    let swaps = isOpen && order == .dayFirst
    let (month, day) = swaps ? (numbers.1, numbers.0) : numbers
    guard let days = CivilDay.daysSince1970(year: year, month: month, day: day) else { return nil }
    return Double(days) * 86_400 + secondOfDay
  }

  /// Whether both orders give a day, and different ones.
  var isAmbiguous: Bool {
    isOpen && numbers.0 != numbers.1 && seconds(.dayFirst) != nil && seconds(.monthFirst) != nil
  }
}

// MARK: - Days

/// The day of a date, as far as one spelling tells.
private struct Day {
  var year: Int
  /// The month and the day, or where it is open the first and the second number.
  var numbers: (Int, Int)
  var isOpen = false
  var hasShortYear = false

  /// Three numbers with one separator.
  init?(inNumbers cursor: inout Cursor) {
    guard let first = cursor.number(digits: 1...4) else { return nil }
    let firstLength = cursor.length
    guard let separator = cursor.take(anyOf: "-/."), let second = cursor.number(digits: 1...2)
    else { return nil }
    let secondLength = cursor.length
    guard cursor.take(separator), let third = cursor.number(digits: 1...4) else { return nil }
    if firstLength == 4 {
      guard cursor.length <= 2 else { return nil }
      (year, numbers) = (first, (second, third))
      return
    }
    guard firstLength <= 2, cursor.length == 2 || cursor.length == 4 else { return nil }
    let isDayFirst = separator == UInt8(ascii: ".")
    (year, numbers) = (third, isDayFirst ? (second, first) : (first, second))
    isOpen = !isDayFirst
    guard cursor.length == 2 else { return }
    hasShortYear = true
    // 1.2.10 is a version, and 24-03-01 may begin with the year.
    let isSafe =
      separator == UInt8(ascii: "/") || (isDayFirst && firstLength == 2 && secondLength == 2)
    guard isSafe else { return nil }
  }

  /// A month by its name, before or after the day, and a year behind both or before them.
  init?(inWords bytes: ArraySlice<UInt8>, _ cursor: inout Cursor) {
    cursor = Cursor(bytes: bytes)
    cursor.skipWeekday()
    if let month = cursor.month() {
      cursor.skip(" -/.")
      guard let day = cursor.number(digits: 1...2) else { return nil }
      cursor.skipOrdinal()
      cursor.skip(" ,-/.")
      guard let year = cursor.number(digits: 4...4) else { return nil }
      (self.year, numbers) = (year, (month, day))
      return
    }
    guard let first = cursor.number(digits: 1...4) else { return nil }
    let firstLength = cursor.length
    guard firstLength != 3 else { return nil }
    if firstLength <= 2 { cursor.skipOrdinal() }
    cursor.skip(" -/.")
    guard let month = cursor.month() else { return nil }
    cursor.skip(" ,-/.")
    guard let last = cursor.number(digits: 1...4) else { return nil }
    if firstLength == 4 {
      guard cursor.length <= 2 else { return nil }
      (year, numbers) = (first, (month, last))
    } else {
      guard cursor.length == 2 || cursor.length == 4 else { return nil }
      (year, numbers, hasShortYear) = (last, (month, first), cursor.length == 2)
    }
  }
}

// MARK: - Scanning

/// Takes one piece after the other off the front of a spelling.
private struct Cursor {
  var bytes: ArraySlice<UInt8>
  /// Digits of the last number.
  private(set) var length = 0

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  mutating func number(digits: ClosedRange<Int>) -> Int? {
    var value = 0
    length = 0
    while length < digits.upperBound, let byte = bytes.first, (0x30...0x39).contains(byte) {
      value = value * 10 + Int(byte - 0x30)
      length += 1
      bytes.removeFirst()
    }
    return length >= digits.lowerBound ? value : nil
  }

  /// Takes one of the given characters of ASCII, letters in either case.
  @discardableResult mutating func take(anyOf characters: StaticString) -> UInt8? {
    guard let byte = bytes.first else { return nil }
    let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    guard characters.withUTF8Buffer({ $0.contains(lower) }) else { return nil }
    bytes.removeFirst()
    return lower
  }

  /// Takes a byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard bytes.first == byte else { return false }
    bytes.removeFirst()
    return true
  }

  private mutating func skipSpaces() {
    while bytes.first == 0x20 { bytes.removeFirst() }
  }

  mutating func skip(_ characters: StaticString) {
    while let byte = bytes.first, characters.withUTF8Buffer({ $0.contains(byte) }) {
      bytes.removeFirst()
    }
  }

  private var letters: ArraySlice<UInt8> {
    bytes.prefix { (0x61...0x7A).contains($0 | 0x20) }
  }

  /// The month that is named next.
  mutating func month() -> Int? {
    guard let month = MonthNames.month(letters) else { return nil }
    bytes.removeFirst(letters.count)
    return month
  }

  mutating func skipWeekday() {
    guard MonthNames.isWeekday(letters) else { return }
    bytes.removeFirst(letters.count)
    skip(" .,")
  }

  /// The letters after 1st, 2nd, 3rd and 4th.
  mutating func skipOrdinal() {
    let suffix = String(decoding: letters, as: UTF8.self).lowercased()
    if ["st", "nd", "rd", "th"].contains(suffix) { bytes.removeFirst(2) }
  }

  /// The rest of the spelling as a time of day, less its distance from UTC; 0 if nothing is left.
  mutating func timeOfDay() -> (seconds: Double, decimals: Int)? {
    if bytes.isEmpty { return (0, 0) }
    // As JavaScript writes it: 3/1/2024, 2:05:09 PM.
    let hasComma = take(anyOf: ",") != nil
    guard take(anyOf: hasComma ? " " : "t ") != nil else { return nil }
    skipSpaces()
    guard var hour = number(digits: 1...2), take(anyOf: ":") != nil,
      let minute = number(digits: 2...2), minute < 60
    else { return nil }
    var second = 0
    var fraction = 0.0
    var decimals = 0
    if take(anyOf: ":") != nil {
      // 60 is a leap second.
      guard let whole = number(digits: 2...2), whole <= 60 else { return nil }
      second = whole
      if take(anyOf: ".,") != nil {
        guard let digits = number(digits: 1...18) else { return nil }
        decimals = length
        var unit = 1
        for _ in 0..<length { unit *= 10 }
        fraction = Double(digits) / Double(unit)
      }
    }
    skipSpaces()
    if let half = take(anyOf: "ap") {
      guard take(anyOf: "m") != nil, (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (half == UInt8(ascii: "p") ? 12 : 0)
      skipSpaces()
    }
    // 24:00 is the end of the day (ISO 8601).
    guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && fraction == 0),
      let offset = zone(), bytes.isEmpty
    else { return nil }
    return (Double(hour * 3_600 + minute * 60 + second - offset) + fraction, decimals)
  }

  /// Seconds ahead of UTC: `Z`, `UTC`, `+01:00`, `+0100` or `+01`; 0 if there is nothing.
  private mutating func zone() -> Int? {
    if take(anyOf: "z") != nil { return 0 }
    if take(anyOf: "u") != nil {
      return take(anyOf: "t") != nil && take(anyOf: "c") != nil ? 0 : nil
    }
    guard let sign = take(anyOf: "+-") else { return 0 }
    guard let hours = number(digits: 2...2), hours <= 15 else { return nil }
    var minutes = 0
    if !bytes.isEmpty {
      take(anyOf: ":")
      guard let given = number(digits: 2...2), given < 60 else { return nil }
      minutes = given
    }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }
}
