/// Moments as programs write them most, packed: ISO 8601 from 1900 to 2099, such as `2024-03-01`,
/// `2024-03-01 14:05` and `2024-03-01T14:05:09.250Z` (RFC 3339, §5.6).
///
/// A moment is held as microseconds since 1900 in 53 bits; bits 53 to 56 tell how it is written. Dates in any
/// other form are words that ``WrittenDate`` reads.
extension PackedCell {
  private static let momentMark: UInt64 = spellingMark | 1 << 57
  private static let formShift: UInt64 = 53
  private static let microsecondMask: UInt64 = 1 << 53 - 1
  private static let years = 1_900...2_099
  /// 1900-01-01, in days since 1970-01-01.
  private static let firstDay = -25_567
  private static let secondsOfDay = 86_400
  private static let microsecondsOfSecond = 1_000_000

  /// How a moment is written.
  private struct Form {
    /// The date alone, to the minute, to the second, and with three and with six decimals.
    enum Precision: UInt64, Comparable {
      case day, minute, second, millisecond, microsecond

      static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
    }
    enum Zone { case none, letter, numbers }

    var precision: Precision
    var hasT: Bool
    var zone: Zone

    /// The form in four bits: `Z` stands only behind a `T`, and `+00:00` only behind seconds and a space.
    var code: UInt64? {
      if precision == .day { return zone == .none ? 0 : nil }
      switch zone {
      case .none: return precision.rawValue + (hasT ? 4 : 0)
      case .letter: return hasT ? precision.rawValue + 8 : nil
      case .numbers: return hasT || precision == .minute ? nil : precision.rawValue + 11
      }
    }

    init(precision: Precision, hasT: Bool, zone: Zone) {
      (self.precision, self.hasT, self.zone) = (precision, hasT, zone)
    }

    init(code: UInt64) {
      let (past, hasT, zone): (UInt64, Bool, Zone) =
        switch code {
        case 0...4: (0, false, .none)
        case 5...8: (4, true, .none)
        case 9...12: (8, true, .letter)
        default: (11, false, .numbers)
        }
      guard let precision = Precision(rawValue: code - past) else {
        preconditionFailure("no moment has the form \(code)")
      }
      self.init(precision: precision, hasT: hasT, zone: zone)
    }
  }

  @inline(__always)
  var isMoment: Bool { bits & Self.momentMark == Self.momentMark }

  /// The same for all spellings of a moment, and different for different ones.
  var momentKey: UInt64 { Self.momentMark | bits & Self.microsecondMask }

  /// The same for a moment that was written in another way.
  ///
  /// - Parameter seconds: since 1970, of at most six decimals; finite.
  /// - Returns: nil of moments that are too far away to be packed.
  static func momentKey(at seconds: Double) -> UInt64? {
    let first = firstDay * secondsOfDay
    guard seconds >= Double(first), seconds < Double(first + 200 * 366 * secondsOfDay) else {
      return nil
    }
    let microseconds = Int((seconds * Double(microsecondsOfSecond)).rounded())
    return momentMark | UInt64(microseconds - first * microsecondsOfSecond)
  }

  /// A moment's day since 1970-01-01, its second of that day, and its microsecond of that second.
  private var partsOfMoment: (day: Int, second: Int, microsecond: Int) {
    let (seconds, microsecond) = Int(bits & Self.microsecondMask)
      .quotientAndRemainder(dividingBy: Self.microsecondsOfSecond)
    let (days, second) = seconds.quotientAndRemainder(dividingBy: Self.secondsOfDay)
    return (days + Self.firstDay, second, microsecond)
  }

  /// Seconds since 1970-01-01T00:00:00Z, as ``WrittenDate/seconds(_:)`` has them.
  var secondsOfMoment: Double {
    let (day, second, microsecond) = partsOfMoment
    return Double(day * Self.secondsOfDay)
      + (Double(second) + Double(microsecond) / Double(Self.microsecondsOfSecond))
  }

  // MARK: Scanning

  /// The moment that the bytes begin with, and its length; nil if they begin with none that can be packed.
  static func scanMoment(
    _ start: UnsafePointer<UInt8>, _ count: Int
  ) -> (cell: PackedCell, length: Int)? {
    func number(_ index: Int) -> Int? {
      let (tens, ones) = (start[index] &- 0x30, start[index + 1] &- 0x30)
      return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
    }
    func has(_ byte: Unicode.Scalar, _ index: Int) -> Bool { start[index] == UInt8(ascii: byte) }
    guard count >= 10, has("-", 4), has("-", 7), let century = number(0), let year = number(2),
      years.contains(100 * century + year), let month = number(5), let day = number(8),
      let days = CivilDay.daysSince1970(year: 100 * century + year, month: month, day: day)
    else { return nil }
    var seconds = (days - firstDay) * secondsOfDay
    var microseconds: UInt64 = 0
    var form = Form(precision: .day, hasT: false, zone: .none)
    var length = 10
    if count >= 16, has("T", 10) || has(" ", 10), has(":", 13), let hour = number(11), hour < 24,
      let minute = number(14), minute < 60
    {
      form.hasT = has("T", 10)
      form.precision = .minute
      seconds += hour * 3_600 + minute * 60
      length = 16
      if count >= 19, has(":", 16), let second = number(17), second < 60 {
        form.precision = .second
        seconds += second
        length = 19
        if count > 19, has(".", 19) {
          let digits = scanDigits(start + 20, count - 20, &microseconds)
          guard digits == 3 || digits == 6 else { return nil }
          form.precision = digits == 3 ? .millisecond : .microsecond
          if digits == 3 { microseconds *= 1_000 }
          length += 1 + digits
        }
      }
      if length < count, has("Z", length) {
        form.zone = .letter
        length += 1
      } else if length + 6 <= count, has("+", length), has(":", length + 3),
        number(length + 1) == 0, number(length + 4) == 0
      {
        form.zone = .numbers
        length += 6
      }
    }
    guard let code = form.code else { return nil }
    let all = UInt64(seconds * microsecondsOfSecond) + microseconds
    return (PackedCell(bits: momentMark | code << formShift | all), length)
  }

  // MARK: Spelling

  /// The spelling of a moment.
  var textOfMoment: [UInt8] {
    let form = Form(code: bits >> Self.formShift & 15)
    let (day, second, microsecond) = partsOfMoment
    let date = CivilDay.date(daysSince1970: day)
    var text: [UInt8] = []
    text.reserveCapacity(32)
    /// Adds a mark and the digits of a number, whose first one counts `unit`.
    func add(_ mark: Unicode.Scalar?, _ number: Int, from unit: Int) {
      if let mark { text.append(UInt8(ascii: mark)) }
      var unit = unit
      while unit > 0 {
        text.append(0x30 + UInt8(number / unit % 10))
        unit /= 10
      }
    }
    add(nil, date.year, from: 1_000)
    add("-", date.month, from: 10)
    add("-", date.day, from: 10)
    if form.precision >= .minute {
      add(form.hasT ? "T" : " ", second / 3_600, from: 10)
      add(":", second / 60 % 60, from: 10)
    }
    if form.precision >= .second { add(":", second % 60, from: 10) }
    if form.precision == .millisecond { add(".", microsecond / 1_000, from: 100) }
    if form.precision == .microsecond { add(".", microsecond, from: 100_000) }
    switch form.zone {
    case .none: break
    case .letter: text.append(UInt8(ascii: "Z"))
    case .numbers: text += "+00:00".utf8
    }
    return text
  }
}
