/// A cell in eight bytes: a decimal number or a moment as it was written, or the number of another spelling
/// in the column's dictionary.
///
/// A decimal is held as `mantissa / 10^scale` with exactly `scale` digits after the point or comma, which
/// gives its spelling back: an optional minus, no superfluous zero in front, and if there is a point,
/// digits after it (`-12.50` is 1250 with scale 2). One mark may set its thousands off, all of them
/// (`1.234,5` is 12345 with scale 1).
///
/// Bit 63 is the minus, bits 58 to 62 are the scale, bit 57 tells that a comma stands before the fraction, and
/// the rest is the mantissa, which has room for any 17 digits. Where thousands are set off the scale is 25 more,
/// and bits 54 to 56 tell how their mark is written; the mantissa then has room for any 16 digits. 31 for the
/// scale marks the number of a spelling or, with bit 57, a moment (`PackedMoment.swift`).
struct PackedCell: Sendable, Equatable {
  private static let scaleShift: UInt64 = 58
  /// What is added to the scale where thousands are set off.
  private static let groupedCode: UInt64 = 25
  private static let maximumScale = 24
  private static let maximumScaleOfGrouped = 5
  private static let commaBit: UInt64 = 1 << 57
  private static let maximumMantissa: UInt64 = 1 << 57 - 1
  private static let groupingShift: UInt64 = 54
  private static let maximumMantissaOfGrouped: UInt64 = 1 << 54 - 1
  private static let signBit: UInt64 = 1 << 63
  static let spellingMark: UInt64 = 31 << 58
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
  ///
  /// - Parameter hasComma: Whether a comma stands before the fraction.
  @inline(__always)
  init?(isNegative: Bool, mantissa: UInt64, scale: Int, hasComma: Bool = false) {
    guard mantissa <= Self.maximumMantissa, scale <= Self.maximumScale else { return nil }
    bits = Self.bits(isNegative, UInt64(scale), hasComma) | mantissa
  }

  /// A number whose thousands are set off, of which there are some; nil if it takes more than there is room
  /// for.
  @inline(__always)
  init?(
    isNegative: Bool, mantissa: UInt64, scale: Int, hasComma: Bool, grouping: MarkSpelling
  ) {
    guard mantissa <= Self.maximumMantissaOfGrouped, scale <= Self.maximumScaleOfGrouped else {
      return nil
    }
    bits =
      Self.bits(isNegative, UInt64(scale) + Self.groupedCode, hasComma)
      | UInt64(grouping.rawValue) << Self.groupingShift | mantissa
  }

  @inline(__always)
  private static func bits(_ isNegative: Bool, _ scaleCode: UInt64, _ hasComma: Bool) -> UInt64 {
    (isNegative ? signBit : 0) | scaleCode << scaleShift | (hasComma ? commaBit : 0)
  }

  @inline(__always)
  var isDecimal: Bool { bits & Self.spellingMark != Self.spellingMark }
  @inline(__always)
  var isSpelling: Bool { !isDecimal && !isMoment }
  /// The number of the spelling; meaningless for a decimal and a moment.
  var spelling: Int { Int(bits & 0xFFFF_FFFF) }

  var isNegative: Bool { bits & Self.signBit != 0 }
  @inline(__always)
  var mantissa: UInt64 {
    bits & (isGrouped ? Self.maximumMantissaOfGrouped : Self.maximumMantissa)
  }
  @inline(__always)
  private var scaleCode: UInt64 { bits >> Self.scaleShift & 31 }
  /// Digits of a decimal's fraction.
  @inline(__always)
  var scale: Int { Int(isGrouped ? scaleCode - Self.groupedCode : scaleCode) }
  /// Whether a decimal's thousands are set off.
  @inline(__always)
  var isGrouped: Bool { scaleCode >= Self.groupedCode }
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
  /// What sets thousands off; nil if nothing does.
  var grouping: MarkSpelling? {
    isGrouped ? MarkSpelling(rawValue: UInt8(bits >> Self.groupingShift & 7)) : nil
  }

  /// Whether the mark before the fraction might set thousands off, as in `1.234`.
  @inline(__always)
  var isOpen: Bool { scaleCode == 3 && (1_000..<1_000_000).contains(mantissa) }
  /// Whether the mark that sets thousands off might stand before a fraction.
  var isOpenGroup: Bool {
    (grouping == .point || grouping == .comma) && scale == 0 && mantissa < 1_000_000
  }

  /// An open number, written the same, whose mark sets thousands off.
  var asThousands: PackedCell {
    let grouping = fractionMark == .comma ? MarkSpelling.comma : .point
    return PackedCell(
      bits: Self.bits(isNegative, Self.groupedCode, false)
        | UInt64(grouping.rawValue) << Self.groupingShift | mantissa)
  }

  /// The nearest double of a decimal.
  @inline(__always)
  var value: Double {
    let magnitude = DecimalRounding.nearest(mantissa, exponent: -scale)
    return isNegative ? -magnitude : magnitude
  }

  /// What the mantissa of each smaller scale is times, to be of this one; nil if it may take more than 63 bits.
  static func factors(to scale: Int) -> [Int64]? {
    scale < powersOfTen.count ? powersOfTen[...scale].reversed() : nil
  }

  /// How many times `10^-scale` it is, and whether that takes more than 63 bits.
  ///
  /// - Parameter factors: to that scale, which is not less than its own.
  @inline(__always)
  func units(_ factors: [Int64]) -> (partialValue: Int64, overflow: Bool) {
    let (units, overflow) = Int64(mantissa).multipliedReportingOverflow(by: factors[scale])
    return (isNegative ? 0 &- units : units, overflow)
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

  /// How it was written, unless it holds the number of a spelling.
  var text: [UInt8] {
    if isMoment { return textOfMoment }
    var reversed: [UInt8] = []
    reversed.reserveCapacity(32)
    let mark = grouping.map { Array($0.bytes.reversed()) } ?? []
    var rest = mantissa
    var power = -scale
    repeat {
      reversed.append(0x30 + UInt8(rest % 10))
      rest /= 10
      power += 1
      if power == 0, let mark = fractionMark { reversed.append(mark.byte) }
      if power > 0, power % 3 == 0, rest > 0 { reversed.append(contentsOf: mark) }
    } while rest > 0 || power <= 0
    if isNegative { reversed.append(UInt8(ascii: "-")) }
    return reversed.reversed()
  }
}
