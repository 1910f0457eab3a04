/// A number that is text for what stands beside its digits: `$1,234.50`, `12 kg`, `15 %`, `(300)`.
struct DecoratedNumber: Equatable {
  /// The number as it should be written, with the column's decimal mark.
  let plain: String
  /// What that says.
  let value: Double
  /// The unit or currency, if any.
  let unit: String
  /// What makes it text, in words.
  let decoration: String
  /// Whether the plain number says the same: 15 % may be 15 or 0.15, 3k is 3000, and 136A a name.
  let isCertain: Bool

  private static let currencies = ["$", "€", "£", "¥", "₹", "usd", "eur", "gbp", "chf", "jpy"]
  /// Units that nothing else is meant by.
  private static let units: Set<String> = [
    "mg", "g", "kg", "lb", "lbs", "oz", "mm", "cm", "km", "mi", "ft", "ml", "cl", "l", "cc", "sec",
    "secs", "min", "mins", "h", "hr", "hrs", "hour", "hours", "day", "days", "week", "weeks",
    "month", "months", "year", "years", "yr", "yrs", "°c", "°f", "w", "kw", "kwh", "hp", "mph",
    "km/h", "hz", "khz", "mhz", "ghz", "kb", "mb", "gb", "tb", "px", "pcs", "m²", "m2",
  ]
  private static let longestUnit = 6

  /// Nil if the bytes are no such number, or a plain one.
  ///
  /// - Parameter hasComma: Whether fractions follow a comma in the column, and points set thousands off.
  init?(_ bytes: ArraySlice<UInt8>, hasComma: Bool = false) {
    guard bytes.count <= 40, bytes.contains(where: { (0x30...0x39).contains($0) }) else {
      return nil
    }
    var text = Substring(String(decoding: bytes, as: UTF8.self).trimmed)
    var isNegative = false
    if text.hasPrefix("("), text.hasSuffix(")") {
      text = text.dropFirst().dropLast()
      isNegative = true
    } else if let first = text.first, first == "-" || first == "+" {
      isNegative = first == "-"
      text = text.dropFirst()
    }
    var unit = ""
    for currency in Self.currencies where unit.isEmpty {
      if text.lowercased().hasPrefix(currency) {
        unit = String(text.prefix(currency.count))
        text = text.dropFirst(currency.count)
      }
    }
    while text.first == " " || text.first == "\u{A0}" { text = text.dropFirst() }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "," || $0 == "'") }
    let rest = String(text.dropFirst(digits.count)).trimmed
    guard let number = hasComma ? Self.number(withComma: digits) : Self.number(digits) else {
      return nil
    }
    if !rest.isEmpty {
      guard unit.isEmpty, rest.count <= Self.longestUnit,
        rest.allSatisfy({ $0.isLetter || "%°²³µ/".contains($0) }) || Self.currencies.contains(rest)
      else { return nil }
      unit = rest
    }
    guard !unit.isEmpty || number.separator != nil || text.count < bytes.count - 1 && isNegative
    else { return nil }
    self.unit = unit
    plain = (isNegative ? "-" : "") + number.plain
    let mark = UInt8(ascii: hasComma ? "," : ".")
    value = NumberParser.parse(Array(plain.utf8)[...], point: mark)?.value ?? .nan
    isCertain =
      unit.isEmpty || Self.currencies.contains(unit.lowercased())
      || Self.units.contains(unit.lowercased())
    if let separator = number.separator, unit.isEmpty {
      decoration = separator
    } else if unit.isEmpty {
      decoration = "brackets"
    } else {
      decoration = "\"\(unit)\""
    }
  }

  /// The same where comma and point have changed their parts.
  private static func number(withComma text: Substring) -> (plain: String, separator: String?)? {
    number(exchanged(text)[...]).map { found in
      let words = ["commas": "points", "a comma for the point": "a point for the comma"]
      return (exchanged(found.plain[...]), found.separator.map { words[$0] ?? $0 })
    }
  }

  private static func exchanged(_ text: Substring) -> String {
    String(text.map { $0 == "," ? "." : $0 == "." ? "," : $0 })
  }

  /// Digits with one point, or with commas or apostrophes before each three of them, or with a comma
  /// for the point where no thousands can be meant.
  private static func number(_ text: Substring) -> (plain: String, separator: String?)? {
    guard let first = text.first, first.isNumber, text.last?.isNumber == true else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2,
      parts.last.map({ $0.allSatisfy(\.isNumber) || parts.count == 1 }) == true
    else { return nil }
    let fraction = parts.count == 2 ? ".\(parts[1])" : ""
    let whole = parts[0]
    if whole.allSatisfy(\.isNumber) { return (whole + fraction, nil) }
    for (mark, words) in [("," as Character, "commas"), ("'", "apostrophes")]
    where whole.contains(mark) {
      let groups = whole.split(separator: mark, omittingEmptySubsequences: false)
      guard groups.allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return nil }
      if (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }) {
        return (groups.joined() + fraction, words)
      }
      if mark == ",", groups.count == 2, fraction.isEmpty, !groups[0].isEmpty, !groups[1].isEmpty {
        return ("\(groups[0]).\(groups[1])", "a comma for the point")
      }
    }
    return nil
  }
}
