/// The double that is nearest to a decimal number, ties to even.
///
/// Small numbers take one exact division or multiplication (Clinger, "How to Read Floating Point
/// Numbers Accurately", 1990). Others are multiplied by 128 bits of the power of five, which always
/// suffices to round (Lemire, "Number Parsing at a Gigabyte per Second", 2021, §5; Mushtak and
/// Lemire, "Fast Number Parsing Without Fallback", 2023).
enum DecimalRounding {
  /// Exponents of ten within this take no more than 128 bits of a power of five to make its
  /// reciprocal; the others are rare.
  static let exponents = -54...54

  /// The nearest double to `mantissa * 10^exponent`, the exponent within ``exponents``.
  @inline(__always)
  static func nearest(_ mantissa: UInt64, exponent: Int) -> Double {
    if mantissa <= 1 << 53 {
      if exponent == 0 { return Double(mantissa) }
      if exponent < 0, exponent >= -22 { return Double(mantissa) / powersOfTen[-exponent] }
      if exponent > 0, exponent <= 22 { return Double(mantissa) * powersOfTen[exponent] }
    }
    return product(mantissa, exponent)
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  @inline(__always)
  private static func product(_ mantissa: UInt64, _ exponent: Int) -> Double {
    guard mantissa > 0 else { return 0 }
    let shift = mantissa.leadingZeroBitCount
    let significand = mantissa << UInt64(shift)
    let power = powersOfFive[exponent - exponents.lowerBound]
    var (high, low) = significand.multipliedFullWidth(by: power.high)
    // 55 bits decide, unless those below could still carry into them.
    if high & 0x1FF == 0x1FF {
      let carry = significand.multipliedFullWidth(by: power.low).high
      let (sum, overflow) = low.addingReportingOverflow(carry)
      low = sum
      if overflow { high += 1 }
    }
    // 53 bits and one to round by: the top bit of the product may be 0.
    let top = Int(high >> 63)
    let dropped = UInt64(top + 9)
    var kept = high >> dropped
    // A tie goes to the even neighbour. A product can be exactly between two doubles only if the
    // power of five fits in 64 bits; then all that was dropped is zero.
    let isTie =
      low <= 1 && (-4...23).contains(exponent) && kept & 3 == 1 && kept << dropped == high
    if isTie { kept &= ~1 }
    kept = (kept + kept & 1) >> 1
    // log2(10^exponent), rounded down, by a fraction that is right for all exponents of doubles.
    let binaryExponent = (217_706 * exponent) >> 16 + 63 - shift + top
    // The leading bit, which a double does not hold, adds one to the exponent.
    return Double(bitPattern: UInt64(binaryExponent + 1_022) << 52 + kept)
  }

  /// For each exponent the first 128 bits of its power of five, rounded down. Reciprocals of powers
  /// that fit in 64 bits are rounded up, so that products that are exact look so.
  private static let powersOfFive: [(high: UInt64, low: UInt64)] = exponents.map { exponent in
    var power: UInt128 = 1
    for _ in 0..<abs(exponent) { power *= 5 }
    var bits: UInt128 = 0
    if exponent >= 0 {
      bits = power << UInt128(power.leadingZeroBitCount)
    } else {
      // Long division of a power of two, a bit at a time, until 128 bits are there.
      var rest: UInt128 = 1
      while rest < power { rest <<= 1 }
      for _ in 0..<128 {
        bits <<= 1
        if rest >= power {
          bits |= 1
          rest -= power
        }
        rest <<= 1
      }
      if exponent >= -27 { bits += 1 }
    }
    return (UInt64(truncatingIfNeeded: bits >> 64), UInt64(truncatingIfNeeded: bits))
  }
}
