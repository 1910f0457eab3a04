extension PackedCell {
  /// As many digits always fit in the 64 bits that they are gathered in.
  private static let maximumDigits = 19

  /// The decimal or moment that the bytes begin with, and its length; nil if they begin with none that can be
  /// packed.
  ///
  /// - Parameters:
  ///   - takesGroups: Whether a mark may set thousands off.
  ///   - takesCommas: Whether that mark, or the one before the fraction, may be a comma.
  @inline(__always)
  static func scan(
    _ start: UnsafePointer<UInt8>, _ count: Int, takesGroups: Bool = false,
    takesCommas: Bool = false
  ) -> (cell: PackedCell, length: Int)? {
    guard let plain = scanPlain(start, count, takesCommas: takesCommas) else { return nil }
    guard plain.length < count else { return plain }
    if plain.length == 4, start[4] == UInt8(ascii: "-") { return scanMoment(start, count) }
    // Nearly all numbers are followed by a delimiter.
    guard takesGroups, MarkSpelling.mayBegin(start[plain.length], takesCommas: takesCommas),
      plain.cell.mayBeginGroups,
      let next = MarkSpelling(start + plain.length, count - plain.length)
    else { return plain }
    return plain.cell.scanGroups(
      after: plain.length, next, start, count, takesCommas: takesCommas) ?? plain
  }

  /// Whether it is at most three digits, or two groups of them with a point or comma between.
  @inline(__always)
  private var mayBeginGroups: Bool { isOpen || (scale == 0 && (1..<1_000).contains(mantissa)) }

  /// The same, with nothing that sets thousands off.
  @inline(__always)
  private static func scanPlain(
    _ start: UnsafePointer<UInt8>, _ count: Int, takesCommas: Bool
  ) -> (cell: PackedCell, length: Int)? {
    guard count > 0 else { return nil }
    let isNegative = start[0] == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    if index + 8 <= count,
      let (cell, length) = scanShort(
        EightBytes(start + index), isNegative: isNegative, takesCommas: takesCommas)
    {
      return (cell, index + length)
    }
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

  /// The same, behind the sign, for a number that ends within eight bytes. Most do, and this one takes the same
  /// steps for all lengths, so that the processor has none to guess.
  ///
  /// - Returns: nil, too, if the number is longer.
  @inline(__always)
  private static func scanShort(
    _ bytes: EightBytes, isNegative: Bool, takesCommas: Bool
  ) -> (cell: PackedCell, length: Int)? {
    let whole = bytes.digitCount
    guard whole == 1 || (2..<8).contains(whole) && bytes[0] != 0x30 else { return nil }
    let hasComma = takesCommas && bytes[whole] == UInt8(ascii: ",")
    guard hasComma || bytes[whole] == UInt8(ascii: ".") else {
      return PackedCell(isNegative: isNegative, mantissa: bytes.number(digits: whole), scale: 0)
        .map { ($0, whole) }
    }
    let bytes = bytes.removing(whole)
    let digits = bytes.digitCount
    // Beyond the seventh byte the number may go on.
    guard digits > whole, digits < 7 else { return nil }
    return PackedCell(
      isNegative: isNegative, mantissa: bytes.number(digits: digits), scale: digits - whole,
      hasComma: hasComma
    ).map { ($0, digits + 1) }
  }

  /// The number that this is the first groups of, such as `12.345` of `12.345.678` and of `12.345,6`, and `12`
  /// of `12 345`.
  ///
  /// - Parameter next: The mark behind it.
  /// - Returns: nil, too, if it may be an address, such as `10.100.200.100`, or is too long.
  private func scanGroups(
    after length: Int, _ next: MarkSpelling, _ start: UnsafePointer<UInt8>, _ count: Int,
    takesCommas: Bool
  ) -> (cell: PackedCell, length: Int)? {
    // A point or comma after three digits would have been taken for the one before a fraction.
    let grouping = fractionMark.map { $0 == .comma ? MarkSpelling.comma : .point } ?? next
    var (index, mantissa) = (length, mantissa)
    var groups = isOpen ? 2 : 1
    var areBytes = mantissa / 1_000 <= 255 && mantissa % 1_000 <= 255
    while MarkSpelling(start + index, count - index) == grouping {
      index += grouping.length
      guard Self.scanGroup(start + index, count - index, &mantissa),
        3 * (groups + 1) <= Self.maximumDigits
      else { return nil }
      index += 3
      groups += 1
      if mantissa % 1_000 > 255 { areBytes = false }
    }
    var scale = 0
    let fraction = MarkSpelling(start + index, count - index)
    if let fraction, fraction == .point || (fraction == .comma && takesCommas) {
      index += 1
      scale = Self.scanDigits(start + index, count - index, &mantissa)
      guard scale > 0, 3 * groups + scale <= Self.maximumDigits else { return nil }
      index += scale
    }
    let mayBeFraction = scale == 0 && groups == 2 && (grouping == .point || grouping == .comma)
    let mayBeAddress = grouping == .point && groups == 4 && scale == 0 && areBytes
    guard groups > 1, !mayBeFraction, !mayBeAddress,
      let cell = PackedCell(
        isNegative: isNegative, mantissa: mantissa, scale: scale,
        hasComma: scale > 0 && fraction == .comma, grouping: grouping)
    else { return nil }
    return (cell, index)
  }

  /// Adds three digits at `start` to the end of `mantissa`; false if there are more or fewer.
  @inline(__always)
  private static func scanGroup(
    _ start: UnsafePointer<UInt8>, _ count: Int, _ mantissa: inout UInt64
  ) -> Bool {
    guard count >= 8 else { return scanDigits(start, count, &mantissa) == 3 }
    let bytes = EightBytes(start)
    mantissa = mantissa &* 1_000 &+ bytes.number(digits: 3)
    return bytes.digitCount == 3
  }

  /// Adds the digits at `start` to the end of `mantissa`, eight at a time.
  ///
  /// - Returns: How many there are; beyond ``maximumDigits`` the mantissa is meaningless.
  @inline(__always)
  static func scanDigits(
    _ start: UnsafePointer<UInt8>, _ count: Int, _ mantissa: inout UInt64
  ) -> Int {
    var length = 0
    while length + 8 <= count {
      let bytes = EightBytes(start + length)
      let digits = bytes.digitCount
      if digits == 0 { return length }
      mantissa = mantissa &* powerOfTen(digits) &+ bytes.number(digits: digits)
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

/// Eight bytes of text in one word, the first of them lowest.
private struct EightBytes {
  private var word: UInt64

  @inline(__always)
  init(_ start: UnsafePointer<UInt8>) {
    word = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  subscript(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: word >> UInt64(8 * index)) }

  /// What each byte differs from `0` in, which is at most 9 in a digit.
  private var distances: UInt64 { word ^ 0x3030_3030_3030_3030 }

  /// With how many digits they begin.
  @inline(__always)
  var digitCount: Int {
    let others =
      ((distances & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | distances)
      & 0x8080_8080_8080_8080
    return others.trailingZeroBitCount / 8
  }

  /// The number that the first of them are: neighbours are joined to pairs, fours and eights by one
  /// multiplication each (Lemire, "Number Parsing at a Gigabyte per Second", 2021, §3).
  ///
  /// - Parameter digits: How many of them it is, at least one.
  @inline(__always)
  func number(digits: Int) -> UInt64 {
    // Zeros in front fill up what is no digit.
    var joined = distances << UInt64(64 - 8 * digits)
    joined = (joined &* 10) &+ (joined >> 8)
    return
      ((joined & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
      &+ (joined >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) >> 32
  }

  /// The same without one of them; what follows moves up, and the last byte is no digit.
  @inline(__always)
  func removing(_ index: Int) -> EightBytes {
    let before: UInt64 = 1 << UInt64(8 * index) - 1
    var bytes = self
    bytes.word = word & before | word >> 8 & ~before | 0xFF << 56
    return bytes
  }
}
