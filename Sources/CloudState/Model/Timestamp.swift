/// A moment: milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since the Unix epoch.
  public let milliseconds: Int64

  /// Takes milliseconds since the Unix epoch.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// By time.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The moment this many milliseconds later; never leaves ``valid``.
  public func adding(milliseconds delta: Int64) -> Timestamp {
    let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
    let limit = Timestamp.valid.upperBound.milliseconds
    return Timestamp(milliseconds: overflow ? limit : min(max(sum, 0), limit))
  }

  /// The Unix epoch to the end of the year 9999, the last that RFC 3339 can write.
  public static let valid =
    Timestamp(milliseconds: 0)...Timestamp(milliseconds: 253_402_300_799_999)
}

/// A calendar month in UTC, the period over which rows are counted and billed.
public struct Month: Hashable, Comparable, Sendable {
  /// Months since January of the year 0: `year * 12 + month - 1`.
  public let ordinal: Int64

  /// Takes `year * 12 + month - 1`.
  public init(ordinal: Int64) {
    self.ordinal = ordinal
  }

  /// The month that a moment falls into.
  public init(containing moment: Timestamp) {
    let date = CivilDate(daysSinceEpoch: floorDivide(moment.milliseconds, Month.dayLength))
    ordinal = date.year * 12 + date.month - 1
  }

  /// Reads `YYYY-MM`; nothing for any other text.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"),
      let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]),
      (1...12).contains(month), (1970...9999).contains(year)
    else { return nil }
    ordinal = year * 12 + month - 1
  }

  /// The first moment of the month.
  public var start: Timestamp {
    let first = CivilDate(year: floorDivide(ordinal, 12), month: ordinal % 12 + 1, day: 1)
    return Timestamp(milliseconds: first.daysSinceEpoch * Month.dayLength)
  }

  /// The first moment after the month: when a monthly quota resets.
  public var end: Timestamp { Month(ordinal: ordinal + 1).start }

  /// By time.
  public static func < (left: Month, right: Month) -> Bool { left.ordinal < right.ordinal }

  private static let dayLength: Int64 = 86_400_000
}

extension Month: CustomStringConvertible {
  /// `YYYY-MM`.
  public var description: String {
    let year = String(ordinal / 12)
    let month = String(ordinal % 12 + 1)
    return String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year
      + (month.utf8.count < 2 ? "-0" : "-") + month
  }
}

/// A day of the proleptic Gregorian calendar.
///
/// The conversions count days in eras of 400 years (146,097 days) that begin on 1 March, so that a
/// leap day is the last of its year: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
private struct CivilDate {
  let year: Int64
  let month: Int64
  let day: Int64

  init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  init(daysSinceEpoch: Int64) {
    let shifted = daysSinceEpoch + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSinceEpoch: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = floorDivide(shiftedYear, 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? quotient - 1 : quotient
}

private func decimal(_ digits: some Sequence<UInt8>) -> Int64? {
  var value: Int64 = 0
  for digit in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
    value = value * 10 + Int64(digit - UInt8(ascii: "0"))
  }
  return value
}
