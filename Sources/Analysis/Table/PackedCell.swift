/// A cell in eight bytes: a decimal number as it was written, or the number of another spelling in
/// the column's dictionary.
///
/// A decimal is held as `mantissa / 10^scale` with exactly `scale` digits after the point or comma, which
/// gives its spelling back: an optional minus, no superfluous zero in front, and if there is a point,
/// digits after it (`-12.50` is 1250 with scale 2). Bit 63 is the minus, bits 58 to 62 are the scale,
/// bit 57 tells that a comma stands before the fraction, the rest is the mantissa, which has room for any
/// 17 digits; a scale of 31 marks the number of a spelling.
struct PackedCell: Sendable, Equatable {
  private static let scaleShift: UInt64 = 58
  private static let maximumScale = 30
  private static let commaBit: UInt64 = 1 << 57
  private static let maximumMantissa: UInt64 = 1 << 57 - 1
  private static let signBit: UInt64 = 1 << 63
  private static let spellingMark: UInt64 = 31 << 58
  /// As many always fit in the 64 bits that they are gathered in.
  private static let maximumDigits = 19
  /// Those of 63 bits.
  private static let powersOfTen: [Int64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000,
  ]

  let bits: UInt64

  init(bits: UInt64) {
    self.bits = bits
  }

  /// A cell that holds a spelling of the dictionary.
  init(spelling: UInt32) {
    bits = Self.spellingMark | UInt64(spelling)
  }

  /// Nil if the number takes more than there is room for.
  @inline(__always)
  init?(isNegative: Bool, mantissa: UInt64, scale: Int, hasComma: Bool = false) {
    guard mantissa <= Self.maximumMantissa, scale <= Self.maximumScale else { return nil }
    bits =
      (isNegative ? Self.signBit : 0) | UInt64(scale) << Self.scaleShift
      | (hasComma ? Self.commaBit : 0) | mantissa
  }

  @inline(__always)
  var isDecimal: Bool { bits & Self.spellingMark != Self.spellingMark }
  /// The number of the spelling; meaningless for a decimal.
  var spelling: Int { Int(bits & 0xFFFF_FFFF) }

  var isNegative: Bool { bits & Self.signBit != 0 }
  var mantissa: UInt64 { bits & Self.maximumMantissa }
  var scale: Int { Int(bits >> Self.scaleShift & 31) }
  /// Whether it was written as 0 or 1, which may stand for no and yes.
  var isZeroOrOne: Bool { bits <= 1 }

  /// How many digits are written before the fraction.
  var digitCount: Int {
    var (rest, count) = (mantissa, 0)
    while rest > 0 { (rest, count) = (rest / 10, count + 1) }
    return max(count - scale, 1)
  }

  /// What stands before the fraction of a decimal; nil if it has none.
  var fractionMark: NumberMark? {
    scale == 0 ? nil : bits & Self.commaBit == 0 ? .point : .comma
  }
  /// Whether that might set thousands off, as in `1.234`.
  var isOpen: Bool { scale == 3 && (1_000..<1_000_000).contains(mantissa) }

  /// The nearest double of a decimal.
  @inline(__always)
  var value: Double {
    let magnitude = DecimalRounding.nearest(mantissa, exponent: -scale)
    return isNegative ? -magnitude : magnitude
  }

  /// How many times `10^-scale` it is; nil if that takes more than 63 bits.
  ///
  /// - Parameter scale: not less than its own.
  @inline(__always)
  func units(scale: Int) -> Int64? {
    guard scale - self.scale < Self.powersOfTen.count else { return nil }
    let (units, overflow) = Int64(mantissa).multipliedReportingOverflow(
      by: Self.powersOfTen[scale - self.scale])
    return overflow ? nil : isNegative ? -units : units
  }

  /// The same for `1` and `1.0`, and different for different numbers.
  var key: UInt64 {
    var mantissa = mantissa
    var scale = scale
    while scale > 0, mantissa % 10 == 0 {
      mantissa /= 10
      scale -= 1
    }
    guard mantissa > 0 else { return 0 }
    return bits & Self.signBit | UInt64(scale) << Self.scaleShift | mantissa
  }

  /// The spelling of a decimal.
  var text: [UInt8] {
    var reversed: [UInt8] = []
    reversed.reserveCapacity(24)
    var rest = mantissa
    repeat {
      reversed.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    while reversed.count <= scale { reversed.append(0x30) }
    if let mark = fractionMark { reversed.insert(mark.byte, at: scale) }
    if isNegative { reversed.append(UInt8(ascii: "-")) }
    return reversed.reversed()
  }
}

// MARK: - Scanning

extension PackedCell {
  /// The decimal that the bytes begin with, and its length; nil if they begin with none that can be
  /// packed.
  ///
  /// - Parameter takesCommas: Whether a comma may stand before the fraction.
  @inline(__always)
  static func scan(
    _ start: UnsafePointer<UInt8>, _ count: Int, takesCommas: Bool = false
  ) -> (cell: PackedCell, length: Int)? {
    guard count > 0 else { return nil }
    let isNegative = start[0] == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    var mantissa: UInt64 = 0
    let whole = scanDigits(start + index, count - index, &mantissa)
    guard whole == 1 || (whole > 1 && start[index] != 0x30) else { return nil }
    index += whole
    var scale = 0
    let hasComma = takesCommas && index < count && start[index] == UInt8(ascii: ",")
    if hasComma || (index < count && start[index] == UInt8(ascii: ".")) {
      index += 1
      scale = scanDigits(start + index, count - index, &mantissa)
      guard scale > 0 else { return nil }
      index += scale
    }
    guard whole + scale <= maximumDigits,
      let cell = PackedCell(
        isNegative: isNegative, mantissa: mantissa, scale: scale, hasComma: hasComma)
    else { return nil }
    return (cell, index)
  }

  /// Adds the digits at `start` to the end of `mantissa`, eight at a time: each byte's distance from
  /// `0` is at most 9 in a digit, and neighbouring digits are joined to pairs, fours and eights by
  /// one multiplication each (Lemire, "Number Parsing at a Gigabyte per Second", 2021, §3).
  ///
  /// - Returns: How many there are; beyond ``maximumDigits`` the mantissa is meaningless.
  @inline(__always)
  private static func scanDigits(
    _ start: UnsafePointer<UInt8>, _ count: Int, _ mantissa: inout UInt64
  ) -> Int {
    var length = 0
    while length + 8 <= count {
      let bytes = UInt64(
        littleEndian: UnsafeRawPointer(start + length).loadUnaligned(as: UInt64.self))
      let distances = bytes ^ 0x3030_3030_3030_3030
      let others =
        ((distances & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | distances)
        & 0x8080_8080_8080_8080
      let digits = others.trailingZeroBitCount / 8
      if digits == 0 { return length }
      // Zeros in front fill up what is no digit.
      var joined = distances << UInt64(64 - 8 * digits)
      joined = (joined &* 10) &+ (joined >> 8)
      joined =
        ((joined & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
          &+ (joined >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) >> 32
      mantissa = mantissa &* powerOfTen(digits) &+ joined
      length += digits
      if digits < 8 || length > maximumDigits { return length }
    }
    while length < count, length <= maximumDigits {
      let digit = start[length] &- 0x30
      guard digit <= 9 else { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      length += 1
    }
    return length
  }

  @inline(__always)
  private static func powerOfTen(_ exponent: Int) -> UInt64 {
    switch exponent {
    case 8: 100_000_000
    case 7: 10_000_000
    case 6: 1_000_000
    case 5: 100_000
    case 4: 10_000
    case 3: 1_000
    case 2: 100
    default: 10
    }
  }
}
