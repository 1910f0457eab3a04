/// A set of small numbers.
struct Bitset: Hashable {
  /// Without zeros at the end, so that equal sets are equal values.
  private var words: [UInt64] = []

  func contains(_ number: Int) -> Bool {
    let word = number / 64
    return word < words.count && words[word] & 1 << UInt64(number % 64) != 0
  }

  mutating func insert(_ number: Int) {
    let word = number / 64
    while words.count <= word { words.append(0) }
    words[word] |= 1 << UInt64(number % 64)
  }

  mutating func remove(_ number: Int) {
    guard contains(number) else { return }
    words[number / 64] &= ~(1 << UInt64(number % 64))
    while words.last == 0 { words.removeLast() }
  }

  func isSubset(of other: Bitset) -> Bool {
    words.count <= other.words.count && zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
  }
}
