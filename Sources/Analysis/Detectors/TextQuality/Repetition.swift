/// Tells whether a text says the same over and over, as the rules do by which Rae et al. (2021,
/// appendix A.1.1) cleaned MassiveText: by the share of one line, or of one sequence of four words. The
/// sequences of a sentence overlap: where all of them are repeated, each stands for one word.
struct Repetition {
  /// Words of a sequence.
  static let span = 4
  /// A sentence that is repeated has at most so many sequences: long texts have many that they repeat.
  static let sentence = 40
  /// Texts of fewer words are not looked at.
  static let minimumWords = 20

  let repeats: Int
  let share: Double
  private var sequences: [UInt64] = []
  /// A bit for each sequence seen, by hash.
  private var seen = [UInt64](repeating: 0, count: 64)

  /// - Parameters:
  ///   - repeats: how often something must stand in a text.
  ///   - share: the share of the text that it must make.
  init(repeats: Int, share: Double) {
    self.repeats = repeats
    self.share = share
  }

  /// What is repeated; nil if nothing is.
  ///
  /// - Parameters:
  ///   - words: hashes of the text's words.
  ///   - areCharacters: whether most of these are single characters.
  mutating func find(
    _ text: UnsafeBufferPointer<UInt8>, words: [UInt64], areCharacters: Bool, hasLines: Bool
  ) -> FoundFlaw? {
    if words.count >= Self.minimumWords, let (count, all) = sequenceCount(words) {
      // Each occurrence covers its words, unless occurrences overlap.
      let covered = min(1, Double(max(count * Self.span, all)) / Double(words.count))
      if covered >= share {
        return FoundFlaw(
          flaw: .repetition, score: 0.5 + 0.5 * covered,
          predicate: "repeats the same \(Self.span) \(areCharacters ? "characters" : "words") "
            + "\(count.grouped) times")
      }
    }
    guard hasLines, let (count, covered) = lineCount(text) else { return nil }
    return FoundFlaw(
      flaw: .repetition, score: 0.5 + 0.5 * covered,
      predicate: "repeats the same line \(count.grouped) times")
  }

  /// How often the commonest sequence stands in the text, and how often all of one sentence;
  /// nil if none is.
  private mutating func sequenceCount(_ words: [UInt64]) -> (most: Int, all: Int)? {
    let count = words.count - Self.span + 1
    for index in seen.indices { seen[index] = 0 }
    sequences.removeAll(keepingCapacity: true)
    var again = 0
    for start in 0..<count {
      var hash = words[start]
      for offset in 1..<Self.span {
        hash = (hash &* 0x9E37_79B9_7F4A_7C15) ^ words[start + offset]
      }
      sequences.append(hash)
      let bit = (hash &* 0x9E37_79B9_7F4A_7C15) >> 52
      if seen[Int(bit >> 6)] & (1 << (bit & 63)) != 0 { again += 1 }
      seen[Int(bit >> 6)] |= 1 << (bit & 63)
    }
    // Most texts have no sequence twice, and need no sorting.
    guard again >= repeats - 1 else { return nil }
    sequences.sort()
    var (most, all, different, start) = (0, 0, 0, 0)
    while start < sequences.count {
      var end = start
      while end < sequences.count, sequences[end] == sequences[start] { end += 1 }
      most = max(most, end - start)
      if end - start >= repeats {
        all += end - start
        different += 1
      }
      start = end
    }
    return most >= repeats ? (most, different <= Self.sentence ? all : 0) : nil
  }

  /// How often the line stands in the text that makes most of it, and its share of the bytes.
  private func lineCount(_ text: UnsafeBufferPointer<UInt8>) -> (count: Int, share: Double)? {
    var lines: [(hash: UInt64, length: Int)] = []
    var total = 0
    var start = 0
    while start < text.count {
      var end = start
      while end < text.count, text[end] != 0x0A { end += 1 }
      var (first, last) = (start, end)
      while first < last, text[first].isSpace { first += 1 }
      while last > first, text[last - 1].isSpace { last -= 1 }
      total += last - first
      let line = text[first..<last]
      // Rules, brackets and single words stand for themselves again and again.
      if line.contains(where: \.isASCIILetter) || line.contains(where: { $0 >= 0x80 }),
        line.contains(0x20) || UnspacedScript.letters(in: line) > UnspacedScript.nameLetters
      {
        var hash = StableHash.start
        for byte in line { hash = StableHash.adding(byte, to: hash) }
        lines.append((hash, last - first))
      }
      start = end + 1
    }
    guard lines.count >= repeats else { return nil }
    lines.sort { ($0.hash, $0.length) < ($1.hash, $1.length) }
    var (best, bestBytes, run) = (0, 0, 0)
    for index in lines.indices {
      run = index > 0 && lines[index - 1].hash == lines[index].hash ? run + 1 : 1
      if run >= repeats, run * lines[index].length > bestBytes {
        (best, bestBytes) = (run, run * lines[index].length)
      }
    }
    let covered = Double(bestBytes) / Double(max(1, total))
    return best > 0 && covered >= share ? (best, covered) : nil
  }
}
