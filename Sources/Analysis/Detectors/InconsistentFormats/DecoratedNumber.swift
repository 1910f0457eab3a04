/// A number that is text for what stands beside its digits or between them: `$1,234.50`, `1.234,50`,
/// `12 kg`, `15 %`, `(300)`.
struct DecoratedNumber: Equatable {
  /// The number as it should be written, with the column's decimal mark.
  let plain: String
  /// What that says.
  let value: Double
  /// The unit or currency, if any.
  let unit: String
  /// What makes it text, in words.
  let decoration: String
  /// Whether the plain number says the same: 15 % may be 15 or 0.15, 3k is 3000, 136A a name, and 1,234
  /// a fraction where nothing tells.
  let isCertain: Bool
  /// Whether one mark before three digits was read as its column tells.
  let isOpen: Bool

  private static let currencies = ["$", "€", "£", "¥", "₹", "usd", "eur", "gbp", "chf", "jpy"]
  /// Units that nothing else is meant by.
  private static let units: Set<String> = [
    "mg", "g", "kg", "lb", "lbs", "oz", "mm", "cm", "km", "mi", "ft", "ml", "cl", "l", "cc", "sec",
    "secs", "min", "mins", "h", "hr", "hrs", "hour", "hours", "day", "days", "week", "weeks",
    "month", "months", "year", "years", "yr", "yrs", "°c", "°f", "w", "kw", "kwh", "hp", "mph",
    "km/h", "hz", "khz", "mhz", "ghz", "kb", "mb", "gb", "tb", "px", "pcs", "m²", "m2",
  ]
  private static let longestUnit = 6

  /// The digits of a value and what stands beside them.
  private struct Parts {
    var number: WrittenNumber
    var unit: String
    var isNegative: Bool
    var hasBrackets: Bool
  }

  /// The digits of a value and the marks between them, without what stands beside; nil if there is more.
  static func digits(_ bytes: ArraySlice<UInt8>) -> WrittenNumber? { parts(bytes)?.number }

  private static func parts(_ bytes: ArraySlice<UInt8>) -> Parts? {
    guard bytes.count <= WrittenNumber.longest, bytes.contains(where: \.isASCIIDigit) else {
      return nil
    }
    var text = Substring(String(decoding: bytes, as: UTF8.self).trimmed)
    var isNegative = false
    let hasBrackets = text.hasPrefix("(") && text.hasSuffix(")")
    let sign = text.first
    if hasBrackets {
      text = text.dropFirst().dropLast()
      isNegative = true
    } else if sign == "-" || sign == "+" {
      isNegative = sign == "-"
      text = text.dropFirst()
    }
    var unit = ""
    for currency in currencies where unit.isEmpty {
      if text.lowercased().hasPrefix(currency) {
        unit = String(text.prefix(currency.count))
        text = text.dropFirst(currency.count)
      }
    }
    text = Substring(String(text).trimmed)
    let length = numberLength(Array(text.utf8)[...])
    guard let number = WrittenNumber(Array(text.utf8.prefix(length))[...]) else { return nil }
    let rest = String(decoding: text.utf8.dropFirst(length), as: UTF8.self).trimmed
    if !rest.isEmpty {
      guard unit.isEmpty, rest.count <= longestUnit,
        rest.allSatisfy({ $0.isLetter || "%°²³µ/".contains($0) }) || currencies.contains(rest)
      else { return nil }
      unit = rest
    }
    // Numbers of telephones abroad: +49 170 123 456.
    if sign == "+", unit.isEmpty, number.grouping == .space { return nil }
    return Parts(number: number, unit: unit, isNegative: isNegative, hasBrackets: hasBrackets)
  }

  /// Nil if the bytes are no such number, or a plain one.
  ///
  /// - Parameters:
  ///   - evidence: What the column tells of marks between digits.
  ///   - mark: What stands before fractions in the column's plain numbers.
  init?(
    _ bytes: ArraySlice<UInt8>, _ evidence: MarkEvidence = MarkEvidence(), mark: NumberMark = .point
  ) {
    guard let parts = Self.parts(bytes) else { return nil }
    let number = parts.number
    unit = parts.unit
    let isMoney = Self.currencies.contains(unit.lowercased())
    var meaning = number.fractionMark.map(evidence.meaning(ofOpen:)) ?? .fraction
    // Amounts of money have no three decimals.
    if isMoney, number.fractionMark == .comma, meaning == .unknown { meaning = .thousands }
    let isUnknown = number.isOpen && meaning == .unknown
    let isThousands = meaning == .thousands || (isUnknown && number.fractionMark != mark)
    let separator = Self.separator(number, isThousands: isThousands, isUnknown: isUnknown, mark)
    if let grouping = number.grouping, grouping == .space || grouping == .point, unit.isEmpty,
      number.fractionMark == nil, !evidence.setsThousandsOff(grouping)
    {
      return nil
    }
    guard !unit.isEmpty || separator != nil || parts.hasBrackets else { return nil }
    isOpen = number.isOpen
    let sign = parts.isNegative ? "-" : ""
    plain =
      sign + String(decoding: number.plain(isThousands: isThousands, mark: mark), as: UTF8.self)
    value = NumberParser.parse(Array(plain.utf8)[...], point: mark.byte)?.value ?? .nan
    isCertain =
      (unit.isEmpty || isMoney || Self.units.contains(unit.lowercased())) && !isUnknown
    decoration = unit.isEmpty ? separator ?? "brackets" : "\"\(unit)\""
  }

  /// How many bytes of digits and marks between them there are in front.
  private static func numberLength(_ text: ArraySlice<UInt8>) -> Int {
    var rest = text
    while let byte = rest.first {
      if byte.isASCIIDigit {
        rest.removeFirst()
      } else if let spelling = MarkSpelling(rest),
        spelling == .point || spelling == .comma
          || rest.dropFirst(spelling.length).first?.isASCIIDigit == true
      {
        rest = rest.dropFirst(spelling.length)
      } else {
        break
      }
    }
    return text.count - rest.count
  }

  /// Which marks make a number text, in words; nil if it is plain.
  private static func separator(
    _ number: WrittenNumber, isThousands: Bool, isUnknown: Bool, _ mark: NumberMark
  ) -> String? {
    guard let found = number.fractionMark else { return number.grouping?.words }
    let (name, usual) = found == .comma ? ("comma", "point") : ("point", "comma")
    if number.isOpen {
      if isUnknown, found != mark {
        return "a \(name) that may set thousands off or stand for the \(usual)"
      }
      if isThousands { return found.words }
    }
    let fraction = found == mark ? nil : "a \(name) for the \(usual)"
    return number.grouping.map { grouping in
      grouping.words + (fraction.map { " between thousands and \($0)" } ?? "")
    } ?? fraction
  }
}
