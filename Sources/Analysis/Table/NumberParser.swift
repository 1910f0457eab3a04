/// Reads decimal numbers from bytes, whatever the locale: digits, one point, an exponent, a sign,
/// and `inf` or `infinity`.
enum NumberParser {
  struct Parsed {
    var value: Double
    /// Written without point and exponent.
    var isInteger: Bool
  }

  static func parse(_ bytes: ArraySlice<UInt8>) -> Parsed? {
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
    var scale = 0
    var hasPoint = false
    while index < text.endIndex {
      let byte = text[index]
      if (0x30...0x39).contains(byte) {
        digits += 1
        if significant > 0 || byte != 0x30 { significant += 1 }
        if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(byte - 0x30) }
        if hasPoint { scale -= 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    var isInteger = !hasPoint
    if index < text.endIndex {
      guard text[index] | 0x20 == UInt8(ascii: "e"), let exponent = exponent(text[(index + 1)...])
      else { return nil }
      isInteger = false
      scale += exponent
    }
    let magnitude: Double
    if significant <= 15, abs(scale) <= 22 {
      // Both are exact doubles, so one operation rounds correctly (Clinger 1990).
      let power = powersOfTen[abs(scale)]
      magnitude = scale < 0 ? Double(mantissa) / power : Double(mantissa) * power
    } else {
      guard let value = Double(String(decoding: body, as: UTF8.self)) else { return nil }
      magnitude = value
    }
    return Parsed(value: isNegative ? -magnitude : magnitude, isInteger: isInteger)
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

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
