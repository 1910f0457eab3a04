/// Reads decimal numbers from bytes, whatever the locale: digits, one point, an exponent, a sign,
/// and `inf` or `infinity`.
enum NumberParser {
  struct Parsed {
    /// The nearest double.
    var value: Double
    /// Written without point and exponent.
    var isInteger: Bool
    /// The number itself; nil if it is infinite or has more than 19 significant digits.
    var decimal: ExactDecimal?
  }

  private static let maximumDigits = 19

  /// - Parameter point: What stands before the fraction.
  static func parse(
    _ bytes: ArraySlice<UInt8>, point: UInt8 = UInt8(ascii: ".")
  ) -> Parsed? {
    let text = bytes.trimmingSpaces()
    var index = text.startIndex
    var isNegative = false
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      index += 1
    }
    let body = text[index...]
    if isInfinity(body) {
      return Parsed(value: isNegative ? -.infinity : .infinity, isInteger: false)
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var exponent = 0
    var hasPoint = false
    while index < text.endIndex {
      let byte = text[index]
      if (0x30...0x39).contains(byte) {
        digits += 1
        if significant > 0 || byte != 0x30 { significant += 1 }
        if significant <= maximumDigits { mantissa = mantissa &* 10 &+ UInt64(byte - 0x30) }
        if hasPoint { exponent -= 1 }
      } else if byte == point, !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    var isInteger = !hasPoint
    if index < text.endIndex {
      guard text[index] | 0x20 == UInt8(ascii: "e"),
        let given = Self.exponent(text[(index + 1)...])
      else { return nil }
      isInteger = false
      exponent += given
    }
    let isExact = significant <= maximumDigits
    let magnitude: Double
    if isExact, DecimalRounding.exponents.contains(exponent) {
      magnitude = DecimalRounding.nearest(mantissa, exponent: exponent)
    } else {
      let plain = body.map { $0 == point ? UInt8(ascii: ".") : $0 }
      guard let value = Double(String(decoding: plain, as: UTF8.self)) else { return nil }
      magnitude = value
    }
    return Parsed(
      value: isNegative ? -magnitude : magnitude, isInteger: isInteger,
      decimal: isExact
        ? ExactDecimal(isNegative: isNegative, mantissa: mantissa, exponent: exponent) : nil)
  }

  private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
    var digits = text
    let sign = digits.first == UInt8(ascii: "-") ? -1 : 1
    if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      digits.removeFirst()
    }
    guard !digits.isEmpty else { return nil }
    var value = 0
    for byte in digits {
      guard (0x30...0x39).contains(byte) else { return nil }
      // Far beyond any double; kept from overflowing.
      value = min(value * 10 + Int(byte - 0x30), 100_000)
    }
    return sign * value
  }

  private static func isInfinity(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count == 3 || text.count == 8 else { return false }
    let lower = text.map { $0 | 0x20 }
    return lower.elementsEqual("inf".utf8) || lower.elementsEqual("infinity".utf8)
  }
}

/// A decimal number, the same however it is written: the mantissa does not end in 0.
struct ExactDecimal: Hashable, Sendable {
  let isNegative: Bool
  let mantissa: UInt64
  let exponent: Int

  init(isNegative: Bool, mantissa: UInt64, exponent: Int) {
    var (mantissa, exponent) = (mantissa, exponent)
    while mantissa > 0, mantissa % 10 == 0 {
      mantissa /= 10
      exponent += 1
    }
    self.mantissa = mantissa
    self.isNegative = isNegative && mantissa > 0
    self.exponent = mantissa > 0 ? exponent : 0
  }

  /// What ``PackedCell/key`` is for the same number; nil if that has no room for it.
  var packedKey: UInt64? {
    var (mantissa, exponent) = (mantissa, exponent)
    while exponent > 0 {
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      (mantissa, exponent) = (product, exponent - 1)
    }
    return PackedCell(isNegative: isNegative, mantissa: mantissa, scale: -exponent)?.bits
  }
}
