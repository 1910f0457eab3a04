import Testing

@testable import Analysis

@Suite struct TextSimilarityTests {
  @Test func normalisingKeepsLettersAndDigits() {
    func normalised(_ text: String) -> String {
      String(decoding: NormalizedText.bytes(of: Array(text.utf8)), as: UTF8.self)
    }
    #expect(normalised("  Hello,\tWORLD -- 42! ") == "hello world 42")
    #expect(normalised("ÄRGER über Straße") == "ärger über straße")
    #expect(normalised("...") == "")
    // What programs write in their own ways: quotes, dashes, and accents as a part of letters or alone.
    #expect(normalised("“Don’t” — he said… 「東京」。") == normalised("\"don't\" - he said... '東京'"))
    #expect(
      normalised("cafe\u{301} 한국")
        == normalised("café \u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}"))
    #expect(normalised("5 µm, 1ª 佐々木") == "5 µm 1ª佐々木")
  }

  @Test func similarityIsTheShareOfCommonRuns() {
    func set(_ text: String) -> ShingleSet { ShingleSet(Array(text.utf8)) }
    #expect(set("abcdef").hashes.count == 3)
    #expect(set("aaaaaaa").hashes.count == 1)
    // abcd, bcde, cdef and abcd, bcde, cdex.
    #expect(set("abcdef").similarity(to: set("abcdex")) == 0.5)
    #expect(set("abcdef").similarity(to: set("abcdef")) == 1)
    #expect(set("abcdef").similarity(to: set("uvwxyz")) == 0)
    #expect(set("abc").hashes.isEmpty)
  }

  /// Whether sets are kept or made again, and however early a comparison ends.
  @Test(arguments: [0, 500, 1_000_000])
  func setsOfAStoreAreAsSimilarAsTheyAre(_ capacity: Int) {
    var generator = SeededGenerator(seed: 14)
    let sets = (0..<60).map { number in
      ShingleSet((0..<(number % 40)).map { _ in UInt8(97 + generator.next(below: number % 4 + 1)) })
    }
    var store = ShingleStore(capacity: capacity)
    for set in sets { store.append(set) }
    for (first, second) in sets.indices.flatMap({ one in sets.indices.map { (one, $0) } }) {
      let share = sets[first].similarity(to: sets[second])
      for least in [0, 0.25, 0.5, 0.7, 1, share] {
        let found = store.similarity(first, second, atLeast: least) { sets[$0] }
        #expect(found.share == (share >= least ? share : nil))
      }
    }
  }

  @Test func bandsFindWhatComparingAllPairsFinds() throws {
    var generator = SeededGenerator(seed: 13)
    var texts: [[UInt8]] = []
    for _ in 0..<300 {
      texts.append((0..<60).map { _ in UInt8(97 + generator.next(below: 26)) })
    }
    for row in 0..<100 {
      var copy = texts[row]
      for _ in 0..<(row % 3 + 1) { copy[generator.next(below: 60)] = 0x20 }
      texts.append(copy)
    }
    let sets = texts.map(ShingleSet.init)
    var index = MinHashIndex(capacity: sets.count)
    for set in sets { index.append(set) }
    var candidates: Set<[Int]> = []
    try index.forEachCandidate(Checkpoint(report: { _ in }, isCancelled: { false })) {
      candidates.insert([$0, $1])
      return 1
    }
    var similar: Set<[Int]> = []
    for first in sets.indices {
      for second in (first + 1)..<sets.count
      where sets[first].similarity(to: sets[second]) >= 0.75 {
        similar.insert([first, second])
      }
    }
    #expect(similar.count > 50)
    #expect(similar.subtracting(candidates).count <= 1)
    #expect(candidates.count < 300)
  }

  // MARK: Parts
}
