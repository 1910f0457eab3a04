/// How the numbers of a column are written: what stands before fractions, and what sets thousands off.
struct NumberMarks: Equatable, Sendable {
  /// A point before fractions, and nothing between thousands.
  static let plain = NumberMarks(fraction: .point, grouping: nil)

  let fraction: NumberMark
  let grouping: NumberMark?

  /// The number that is written so; nil if it is none.
  func parse(_ bytes: ArraySlice<UInt8>) -> NumberParser.Parsed? {
    guard let grouping, let number = WrittenNumber(bytes) else {
      return NumberParser.parse(bytes, point: fraction.byte)
    }
    let isThousands = number.isOpen && number.fractionMark == grouping
    guard (number.grouping ?? grouping) == grouping,
      isThousands || (number.fractionMark ?? fraction) == fraction
    else { return nil }
    return NumberParser.parse(number.plain(isThousands: isThousands)[...])
  }

  /// What a person should know of it; nil of plain numbers.
  var note: String? {
    let comma = fraction == .comma ? "A comma stands before the fraction" : nil
    guard let grouping else { return comma.map { $0 + "." } }
    return comma.map { "\($0), and \(grouping.words) set thousands off." }
      ?? "\(grouping.words.capitalized) set thousands off."
  }
}
