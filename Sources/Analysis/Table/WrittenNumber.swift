/// What stands between the digits of a number: before its fraction, or before each three digits.
enum NumberMark: Int, CaseIterable, Sendable {
  case point, comma, apostrophe, space

  /// Several of them, in words.
  var words: String {
    switch self {
    case .point: "points"
    case .comma: "commas"
    case .apostrophe: "apostrophes"
    case .space: "spaces"
    }
  }

  /// The byte of those that stand before fractions.
  var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".") }

  /// The mark that the bytes begin with, and its length. Spaces may be thin, narrow or no-break ones,
  /// which programs write so that lines do not end within a number.
  static func first(_ bytes: ArraySlice<UInt8>) -> (mark: NumberMark, length: Int)? {
    switch bytes.first {
    case UInt8(ascii: "."): return (.point, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: "'"): return (.apostrophe, 1)
    case UInt8(ascii: " "): return (.space, 1)
    case 0xC2 where bytes.starts(with: [0xC2, 0xA0]): return (.space, 2)
    case 0xE2 where bytes.starts(with: [0xE2, 0x80, 0xAF]): return (.space, 3)
    case 0xE2 where bytes.starts(with: [0xE2, 0x80, 0x89]): return (.space, 3)
    case 0xE2 where bytes.starts(with: [0xE2, 0x80, 0x99]): return (.apostrophe, 3)
    default: return nil
    }
  }
}

/// The digits of a number and the marks between them: `12`, `1.234,50`, `1 234`, `1'234.5`.
///
/// Thousands are set off in groups of three digits by one kind of mark (CLDR, "Number Symbols" and
/// "Number Patterns"). A number of one point or comma before three digits is *open*: `1.234` may be 1234
/// or a fraction; its column has to decide (``MarkEvidence``).
struct WrittenNumber: Equatable {
  /// Of nineteen digits, a sign and a fraction, with marks of three bytes.
  static let longest = 64

  let isNegative: Bool
  /// Its digits before the fraction, and those of the fraction.
  let whole: [UInt8]
  let fraction: [UInt8]
  /// What sets thousands off; nil if nothing does, or it is open.
  private(set) var grouping: NumberMark?
  /// What stands before the fraction; nil if there is none.
  private(set) var fractionMark: NumberMark?
  private(set) var isOpen = false
  /// Whether a space in it is none of those that one types.
  let hasNoBreakSpace: Bool

  /// Nil if the bytes, but for spaces and tabs around them, are no such number. An exponent is none of it.
  init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes.trimmingSpaces()
    guard rest.count <= Self.longest else { return nil }
    isNegative = rest.first == UInt8(ascii: "-")
    let hasPlus = rest.first == UInt8(ascii: "+")
    if isNegative || hasPlus { rest.removeFirst() }
    var groups: [ArraySlice<UInt8>] = []
    var marks: [NumberMark] = []
    var isUnusual = false
    while true {
      let digits = rest.prefix(while: \.isASCIIDigit)
      guard !digits.isEmpty else { return nil }
      groups.append(digits)
      rest = rest.dropFirst(digits.count)
      if rest.isEmpty { break }
      guard let (mark, length) = NumberMark.first(rest) else { return nil }
      marks.append(mark)
      if mark == .space, length > 1 { isUnusual = true }
      rest = rest.dropFirst(length)
    }
    hasNoBreakSpace = isUnusual
    var wholeGroups = groups.count
    if let last = marks.last {
      let before = marks.dropLast()
      let mayBeFraction = last == .point || last == .comma
      if before.isEmpty, mayBeFraction {
        isOpen = Self.areThousands(groups[...])
        fractionMark = last
        wholeGroups = 1
      } else if marks.allSatisfy({ $0 == last }) {
        guard Self.areThousands(groups[...]), !Self.isAddress(groups, last) else { return nil }
        grouping = last
      } else {
        guard mayBeFraction, let first = before.first, first != last,
          before.allSatisfy({ $0 == first }), Self.areThousands(groups.dropLast())
        else { return nil }
        (grouping, fractionMark) = (first, last)
        wholeGroups -= 1
      }
    }
    // Numbers of telephones abroad: +49 170 123 456.
    if hasPlus, grouping == .space { return nil }
    whole = Array(groups.prefix(wholeGroups).joined())
    fraction = Array(groups.dropFirst(wholeGroups).joined())
  }

  private static func areThousands(_ groups: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    guard groups.count > 1, let first = groups.first else { return false }
    return first.count <= 3 && first.first != 0x30
      && groups.dropFirst().allSatisfy { $0.count == 3 }
  }

  /// Whether the groups may be those of an IP address, such as 10.100.200.100.
  private static func isAddress(_ groups: [ArraySlice<UInt8>], _ mark: NumberMark) -> Bool {
    mark == .point && groups.count == 4
      && groups.allSatisfy { UInt8(String(decoding: $0, as: UTF8.self)) != nil }
  }

  /// The number without marks of thousands.
  ///
  /// - Parameters:
  ///   - isThousands: Whether the mark of an open number sets thousands off.
  ///   - mark: What is written before the fraction.
  func plain(isThousands: Bool = false, mark: NumberMark = .point) -> [UInt8] {
    let joined = fraction.isEmpty || (isOpen && isThousands)
    return (isNegative ? [UInt8(ascii: "-")] : []) + whole + (joined ? [] : [mark.byte]) + fraction
  }
}
