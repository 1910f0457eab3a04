import Testing

@testable import Raft

/// How far back a number of bytes reaches.
@Suite struct LogSizesTests {
  private func entry(_ index: Int, _ weight: Int) -> Entry {
    Entry(
      position: LogPosition(index: LogIndex(UInt64(index)), term: Term(1)),
      content: .command([UInt8](repeating: 0, count: weight - 32), proposal: nil))
  }

  /// Bytes of the entries after `index` up to `end`.
  private func kept(_ weights: [Int], after index: LogIndex, through end: Int) -> Int {
    weights[Int(index.rawValue)..<end].reduce(0, +)
  }

  @Test func keepsAboutAsMuchAsMayStay() {
    var luck = SeededGenerator(seed: 1)
    for largest in [40, 500, 9_000] {
      let weights = (0..<2_000).map { _ in Int.random(in: 33...largest, using: &luck) }
      var sizes = LogSizes()
      for (i, weight) in weights.enumerated() { sizes.append(entry(i + 1, weight)) }
      for bound in [1_000, 10_000, 40_000] {
        for end in [2_000, 1_777] {
          let last = sizes.lastBeyond(bound, before: LogIndex(UInt64(end)))
          let kept = kept(weights, after: last, through: end)
          #expect(last > .zero && kept <= bound + 2 * LogSizes.stride + largest)
          #expect(kept >= bound)
        }
      }
      #expect(sizes.lastBeyond(weights.reduce(0, +) + 1, before: LogIndex(2_000)) == .zero)
    }
  }

  /// Whatever is replaced, compacted or read back from segments, never much more is kept.
  @Test func staysWithinTheBoundWhateverHappensToTheLog() {
    var luck = SeededGenerator(seed: 2)
    for _ in 0..<50 {
      var weights = (0..<30).map { _ in Int.random(in: 33...4_000, using: &luck) }
      var base = 0
      let pieces = stride(from: 0, to: 30, by: 10).map { start in
        (through: LogIndex(UInt64(start + 10)), bytes: weights[start..<start + 10].reduce(0, +))
      }
      let segment = pieces.map(\.bytes).max() ?? 0
      var sizes = LogSizes(pieces)
      for _ in 0..<200 {
        switch Int.random(in: 0..<10, using: &luck) {
        case 0 where weights.count > base:
          let from = Int.random(in: base + 1...weights.count, using: &luck)
          sizes.truncate(from: LogIndex(UInt64(from)))
          weights.removeLast(weights.count - from + 1)
        case 1:
          base = Int.random(in: base...weights.count, using: &luck)
          sizes.compact(through: LogIndex(UInt64(base)))
        default:
          weights.append(Int.random(in: 33...4_000, using: &luck))
          sizes.append(entry(weights.count, weights[weights.count - 1]))
        }
        let last = sizes.lastBeyond(8_000, before: LogIndex(UInt64(weights.count)))
        let start = max(last, LogIndex(UInt64(base)))
        let kept = kept(weights, after: start, through: weights.count)
        #expect(kept <= 8_000 + 2 * LogSizes.stride + 4_000 + segment)
      }
    }
  }
}
