/// Payment cards' numbers (ISO/IEC 7812): a known beginning, its length, Luhn's check digit (annex B),
/// together or in the groups that cards show.
enum PaymentCard {
  static func range(in text: ScannedText, at start: Int) -> Range<Int>? {
    let (sizes, ends) = text.groups(at: start, separators: " -")
    let layouts = [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3]]
    let end: Int
    if let layout = layouts.last(where: { sizes.starts(with: $0) }) {
      end = ends[layout.count - 1]
    } else if let first = sizes.first, (13...16).contains(first) {
      end = ends[0]
    } else {
      return nil
    }
    guard text.isEnd(end) else { return nil }
    let digits = text[start..<end].filter(\.isASCIIDigit).map { Int($0 - 0x30) }
    guard Set(digits).count >= 2, isCardLength(digits), passesLuhn(digits) else {
      return nil
    }
    return start..<end
  }

  private static func isCardLength(_ digits: [Int]) -> Bool {
    let (two, four) = (
      digits[0] * 10 + digits[1], digits.prefix(4).reduce(0) { $0 * 10 + $1 }
    )
    switch digits.count {
    case 13, 19: return digits[0] == 4
    case 14: return (300...305).contains(four / 10) || two == 36 || two == 38 || two == 39
    case 15: return two == 34 || two == 37
    case 16:
      return digits[0] == 4 || (51...55).contains(two) || (2221...2720).contains(four)
        || four == 6011 || two == 65 || (644...649).contains(four / 10)
        || (3528...3589).contains(four)
        || two == 62
    default: return false
    }
  }

  static func passesLuhn(_ digits: [Int]) -> Bool {
    var sum = 0
    for (position, digit) in digits.reversed().enumerated() {
      let doubled = position % 2 == 1 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }
}
