import Raft

/// Draws that are the same on every platform: whole numbers only.
extension RandomSource {
  /// Whether something of this chance, in millionths, happens.
  mutating func happens(_ chance: Int) -> Bool {
    chance > 0 && next(below: 1_000_000) < UInt64(chance)
  }

  mutating func coin() -> Bool { next() & 1 == 1 }

  /// A number of the range, all equally likely.
  mutating func draw(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next(below: UInt64(range.upperBound - range.lowerBound + 1)))
  }

  /// A number of the range; each power of two is about as likely as the next, so small and large
  /// bounds are both met often.
  mutating func drawScaled(_ range: ClosedRange<Int>) -> Int {
    precondition(range.lowerBound > 0)
    let low = range.lowerBound.bitWidth - range.lowerBound.leadingZeroBitCount
    let high = range.upperBound.bitWidth - range.upperBound.leadingZeroBitCount
    let bits = draw(low...high)
    let smallest = max(range.lowerBound, 1 << (bits - 1))
    return draw(smallest...max(smallest, min(range.upperBound, (1 << bits) - 1)))
  }

  /// One of the elements, all equally likely. There must be one.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[draw(0...elements.count - 1)]
  }

  /// The elements in any order (Fisher and Yates).
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, draw(0...last))
    }
    return elements
  }

  /// An independent generator.
  mutating func fork() -> RandomSource { RandomSource(seed: next()) }
}
