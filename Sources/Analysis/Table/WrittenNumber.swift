/// The digits of a number and the marks between them: `12`, `1.234,50`, `1 234`, `1'234.5`.
///
/// Thousands are set off in groups of three digits by one kind of mark (CLDR, "Number Symbols" and
/// "Number Patterns"). A number of one point or comma before three digits is *open*: `1.234` may be 1234
/// or a fraction; its column has to decide (``MarkEvidence``).
struct WrittenNumber {
  /// Of nineteen digits, a sign and a fraction, with marks of three bytes.
  static let longest = 64

  let isNegative: Bool
  /// How many digits stand before the fraction, and how many in all.
  let wholeDigits: Int
  private let digits: Int
  /// What sets thousands off; nil if nothing does, or it is open.
  private(set) var grouping: NumberMark?
  /// What stands before the fraction; nil if there is none.
  private(set) var fractionMark: NumberMark?
  let isOpen: Bool
  /// Whether a space in it is none of those that one types.
  let hasNoBreakSpace: Bool
  /// Whether its groups may be those of an IP address, such as 10.100.200.100.
  let mayBeAddress: Bool
  /// As it is written, but for the sign.
  private let written: ArraySlice<UInt8>

  /// Nil if the bytes, but for spaces and tabs around them, are no such number. An exponent is none of it.
  init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes.trimmingSpaces()
    guard rest.count <= Self.longest else { return nil }
    isNegative = rest.first == UInt8(ascii: "-")
    let hasPlus = rest.first == UInt8(ascii: "+")
    if isNegative || hasPlus { rest.removeFirst() }
    written = rest
    var groups = DigitGroups()
    var marks: (first: NumberMark, last: NumberMark)?
    var isUnusual = false
    while true {
      let length = rest.prefix(while: \.isASCIIDigit).count
      guard length > 0 else { return nil }
      groups.add(rest.prefix(length))
      rest = rest.dropFirst(length)
      if rest.isEmpty { break }
      guard let spelling = MarkSpelling(rest) else { return nil }
      let mark = spelling.mark
      // One kind sets thousands off, and what stands before the fraction comes last.
      guard marks.map({ $0.first == $0.last }) ?? true else { return nil }
      marks = (marks?.first ?? mark, mark)
      if spelling.isNoBreakSpace { isUnusual = true }
      rest = rest.dropFirst(spelling.length)
    }
    hasNoBreakSpace = isUnusual
    let areThousands = groups.areThousands && groups.last == 3
    var isOpen = false
    if let (first, last) = marks {
      let mayBeFraction = last == .point || last == .comma
      if groups.count == 2, mayBeFraction {
        isOpen = areThousands
        fractionMark = last
      } else if first == last {
        guard areThousands else { return nil }
        grouping = last
      } else {
        guard mayBeFraction, groups.areThousands else { return nil }
        (grouping, fractionMark) = (first, last)
      }
    }
    // Numbers of telephones abroad: +49 170 123 456.
    if hasPlus, grouping == .space { return nil }
    self.isOpen = isOpen
    mayBeAddress = grouping == .point && fractionMark == nil && groups.mayBeAddress
    digits = groups.digits
    wholeDigits = fractionMark == nil ? groups.digits : groups.digits - groups.last
  }

  /// The number without marks of thousands.
  ///
  /// - Parameters:
  ///   - isThousands: Whether the mark of an open number sets thousands off.
  ///   - mark: What is written before the fraction.
  func plain(isThousands: Bool = false, mark: NumberMark = .point) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(digits + 2)
    if isNegative { plain.append(UInt8(ascii: "-")) }
    var left = isOpen && isThousands ? digits : wholeDigits
    for byte in written where byte.isASCIIDigit {
      if left == 0 { plain.append(mark.byte) }
      plain.append(byte)
      left -= 1
    }
    return plain
  }
}

/// The lengths of a number's groups of digits.
private struct DigitGroups {
  private(set) var count = 0
  private(set) var digits = 0
  private(set) var last = 0
  /// Whether thousands are set off before the last group: at most three digits in front, the first of them no
  /// zero, and three in each other.
  private(set) var areThousands = true
  private var areBytes = true

  mutating func add(_ group: ArraySlice<UInt8>) {
    if count == 1 { areThousands = last <= 3 && areThousands }
    if count > 1, last != 3 { areThousands = false }
    if count == 0, group.first == UInt8(ascii: "0") { areThousands = false }
    count += 1
    digits += group.count
    last = group.count
    if group.count > 3 || group.reduce(0, { 10 * $0 + Int($1 - 0x30) }) > 255 { areBytes = false }
  }

  /// Four numbers of a byte each.
  var mayBeAddress: Bool { count == 4 && areBytes }
}
