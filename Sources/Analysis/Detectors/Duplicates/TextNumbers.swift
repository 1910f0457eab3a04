/// The numbers and codes of a text: its words with digits, neighbours of digits alone as one, so that
/// `2024-05-24` is one however it is written.
///
/// They name things: "Order 28981 was shipped to Rome" and "Order 82403 was shipped to Rome" are two
/// records in the same words.
struct TextNumbers {
  /// Ascending, without repetition.
  private let hashes: [UInt64]

  /// - Parameter text: a normalised one.
  init(_ text: [UInt8]) {
    var found: Set<UInt64> = []
    var (word, hasLetter, hasDigit) = (StableHash.start, false, false)
    /// Neighbouring words of digits alone, and the word after them.
    var (number, isNumber, digits) = (StableHash.start, false, StableHash.start)
    for byte in text + [0x20] {
      if byte.isASCIIDigit || byte.isASCIILetter {
        word = StableHash.adding(byte, to: word)
        digits = StableHash.adding(byte, to: digits)
        if byte.isASCIIDigit { hasDigit = true } else { hasLetter = true }
        continue
      }
      if hasDigit, hasLetter { found.insert(word) }
      if hasDigit, !hasLetter { (number, isNumber) = (digits, true) }
      if hasLetter || byte != 0x20 {
        if isNumber { found.insert(number) }
        (number, isNumber) = (StableHash.start, false)
      }
      (word, hasLetter, hasDigit, digits) = (StableHash.start, false, false, number)
    }
    if isNumber { found.insert(number) }
    hashes = found.sorted()
  }

  /// Whether less than a share of the numbers of the text that has fewer are in the other. One that
  /// was added or left out contradicts nothing.
  func contradict(_ other: TextNumbers, share: Double) -> Bool {
    let fewer = min(hashes.count, other.hashes.count)
    let both = Set(hashes).intersection(other.hashes).count
    return Double(both) < share * Double(fewer)
  }
}
