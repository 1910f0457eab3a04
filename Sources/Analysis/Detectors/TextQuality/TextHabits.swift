import Foundation

/// What the texts of a column are usually like, and which of them are not.
struct TextHabits {
  /// Habits take so many texts to be told.
  static let minimumTexts = 20
  /// Texts of fewer words, in the median, are names and titles: they have any length and ending.
  static let proseWords = 5
  /// `closed_share` for answers and passages, if it is not set lower.
  static let writtenShare = 0.9
  /// Share of open endings beyond which they are the column's way.
  static let mostOpen = 0.25

  /// Texts that were counted: each as often as rows have it.
  private(set) var texts = 0
  private(set) var medianCharacters = 0.0
  /// Whether most texts are sentences rather than names.
  private(set) var isProse = false
  /// The usual range of lengths; nil with few texts.
  private(set) var usualCharacters: ClosedRange<Double>?
  /// Share of texts, of six words or more, that end in punctuation.
  private(set) var closedShare: Double?
  /// Share of those that end in a comma, an opening bracket or a word that another must follow.
  private(set) var openShare = 0.0
  /// The commonest language, and its share of the texts whose language can be told.
  private(set) var language: (index: Int8, share: Double)?
  private(set) var script: (script: Script, share: Double)?
  /// A length that many texts have, to the character, and none passes.
  private(set) var cap: Int32?

  private let parameters: ParameterValues

  /// - Parameters:
  ///   - facts: of each level of the column.
  ///   - counts: rows of each level.
  init(_ facts: [TextFacts], _ counts: [Int], _ parameters: ParameterValues) {
    self.parameters = parameters
    var (closed, open, ended) = (0, 0, 0)
    var languages = [Int](repeating: 0, count: StopWords.languages.count)
    var scripts = [Int](repeating: 0, count: Script.allCases.count)
    var lengths: [(characters: Int32, count: Int)] = []
    lengths.reserveCapacity(facts.count)
    for (fact, count) in zip(facts, counts) where count > 0 {
      texts += count
      lengths.append((fact.characters, count))
      if fact.words >= 6, fact.ending != .neutral {
        ended += count
        if fact.ending == .closed { closed += count }
        if fact.ending.isOpen { open += count }
      }
      if fact.language >= 0 { languages[Int(fact.language)] += count }
      if let script = fact.script { scripts[Int(script.rawValue)] += count }
    }
    lengths.sort { $0.characters < $1.characters }
    measure(lengths)
    let wordy = zip(facts, counts).reduce(0) {
      $1.0.spacedWords >= Self.proseWords ? $0 + $1.1 : $0
    }
    isProse = 2 * wordy >= texts
    if ended >= Self.minimumTexts {
      closedShare = Double(closed) / Double(ended)
      openShare = Double(open) / Double(ended)
    }
    if let (index, share) = Self.commonest(languages) { language = (Int8(index), share) }
    if let (index, share) = Self.commonest(scripts), let found = Script(rawValue: UInt8(index)) {
      script = (found, share)
    }
  }

  private static func commonest(_ counts: [Int]) -> (index: Int, share: Double)? {
    let total = counts.reduce(0, +)
    guard total >= minimumTexts, let best = counts.indices.max(by: { counts[$0] < counts[$1] })
    else {
      return nil
    }
    return (best, Double(counts[best]) / Double(total))
  }

  /// Lengths are products of many parts rather than sums, so that Tukey's outer fences (1977, §2D)
  /// are laid on their logarithms.
  private mutating func measure(_ lengths: [(characters: Int32, count: Int)]) {
    guard !lengths.isEmpty else { return }
    func quantile(_ share: Double) -> Double {
      var remaining = share * Double(texts)
      for (characters, count) in lengths {
        remaining -= Double(count)
        if remaining < 0 { return Double(characters) }
      }
      return Double(lengths[lengths.count - 1].characters)
    }
    medianCharacters = quantile(0.5)
    if texts >= Self.minimumTexts {
      let (first, third) = (log(1 + quantile(0.25)), log(1 + quantile(0.75)))
      // Where half of the texts have nearly one length, a tenth more or less is still usual.
      let reach = parameters.number("length_fence") * max(third - first, 0.1)
      // What has an eighth of the usual length is short, but no text gone astray.
      usualCharacters = min(exp(first - reach) - 1, medianCharacters / 8)...(exp(third + reach) - 1)
    }
    let (longest, _) = lengths[lengths.count - 1]
    // One text that comes many times has its length but once.
    let atCap = lengths.count { $0.characters == longest }
    let below = lengths.count { (longest - 5..<longest).contains($0.characters) }
    if longest >= 50, atCap >= 5, atCap > below { cap = longest }
  }

  // MARK: - Unusual texts

  /// What is unusual about a text.
  func flaws(_ facts: TextFacts, role: TextRole) -> [FoundFlaw] {
    var found: [FoundFlaw] = []
    if let flaw = length(facts, role) { found.append(flaw) }
    if isProse || role != .text, let flaw = truncation(facts, role) { found.append(flaw) }
    if let flaw = otherLanguage(facts) { found.append(flaw) }
    return found
  }

  private func length(_ facts: TextFacts, _ role: TextRole) -> FoundFlaw? {
    let characters = Double(facts.characters)
    let usual = "the median is \(medianCharacters.shown(0))"
    func score(_ bound: Double) -> Double {
      let distance = abs(log(1 + characters) - log(1 + bound))
      return 0.5 + 0.5 * distance / (1 + distance)
    }
    let most = parameters.number("maximum_characters")
    if role != .text, characters > most {
      return FoundFlaw(
        flaw: .tooLong, score: score(most),
        predicate: "has \(facts.characters) characters, more than \(most.shown(0))")
    }
    let least = parameters.number("minimum_characters")
    if medianCharacters >= 20, characters < least {
      return FoundFlaw(
        flaw: .tooShort, score: score(least),
        predicate: "has \(facts.characters) of at least \(least.shown(0)) characters (\(usual))",
        isAbsolute: false)
    }
    guard isProse || role != .text, let usualCharacters, !usualCharacters.contains(characters)
    else { return nil }
    let isShort = characters < usualCharacters.lowerBound
    let bound = isShort ? usualCharacters.lowerBound : usualCharacters.upperBound
    return FoundFlaw(
      flaw: isShort ? .tooShort : .tooLong, score: score(bound),
      predicate: "has \(facts.characters) characters, \(isShort ? "fewer" : "more") than the usual "
        + "\(bound.shown(0)) (\(usual))",
      isAbsolute: false)
  }

  /// An ending that shows by itself that something follows, or that the column's texts do not have.
  private func truncation(_ facts: TextFacts, _ role: TextRole) -> FoundFlaw? {
    guard facts.words >= 6 else { return nil }
    if facts.ending.isOpen {
      // Not even where all texts were cut at random do so many end so; lines of verse do.
      guard openShare <= Self.mostOpen else { return nil }
      let what =
        switch facts.ending {
        case .comma: "a comma"
        case .bracket: "an opening bracket"
        default: "a word that another must follow"
        }
      return FoundFlaw(
        flaw: .truncated, score: 0.7, predicate: "ends in \(what)", isAbsolute: false)
    }
    guard facts.ending == .bare else { return nil }
    if facts.characters == cap {
      return FoundFlaw(
        flaw: .truncated, score: 0.8,
        predicate:
          "ends within a sentence at \(facts.characters) characters, which many texts have "
          + "and none passes",
        isAbsolute: false)
    }
    // Answers and passages are written with more care than other texts.
    let written = parameters.number("closed_share")
    let least = role == .response || role == .passage ? min(Self.writtenShare, written) : written
    guard let closedShare, closedShare >= least, closedShare < 1 else { return nil }
    return FoundFlaw(
      flaw: .truncated, score: 0.4,
      predicate: "ends without punctuation, as only \((1 - closedShare).percent) of the texts do",
      isAbsolute: false)
  }

  private func otherLanguage(_ facts: TextFacts) -> FoundFlaw? {
    let majority = parameters.number("language_majority")
    if let script, let mine = facts.script, mine != script.script, script.share >= majority {
      return FoundFlaw(
        flaw: .language, score: 0.9,
        predicate: "is written in \(mine.name), where \(script.share.percent) of the texts are in "
          + "\(script.script.name)",
        isAbsolute: false)
    }
    guard let language, facts.language >= 0, facts.language != language.index,
      language.share >= majority
    else { return nil }
    return FoundFlaw(
      flaw: .language, score: 0.7,
      predicate: "seems to be \(StopWords.languages[Int(facts.language)]), where "
        + "\(language.share.percent) of the texts are \(StopWords.languages[Int(language.index)])",
      isAbsolute: false)
  }

  // MARK: - Words cut short

  /// Which levels end in a word that no text has elsewhere, and that longer words of the column
  /// begin with: longer by three letters, so that a plural or past tense is not taken for the whole
  /// word. Looked for where most texts end in punctuation.
  func cutWords(
    _ facts: [TextFacts], counts: [Int], bytes: (Int) -> ArraySlice<UInt8>,
    checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [Int] {
    guard let closedShare, closedShare >= 0.8 else { return [] }
    let candidates = facts.indices.filter {
      counts[$0] > 0 && facts[$0].ending == .bare && facts[$0].words >= 6
        && facts[$0].lastWordLength >= 4
    }
    guard !candidates.isEmpty else { return [] }
    var uses = WordUses(candidates.map { facts[$0].lastWord })
    var looking = PacedCheckpoint(checkpoint)
    for level in facts.indices where counts[level] > 0 {
      let text = bytes(level)
      try looking.passed(text.count, at: Double(level) / Double(facts.count))
      text.withUnsafeBufferPointer { uses.count(in: $0) }
    }
    return candidates.filter { uses.isCut(facts[$0].lastWord) }
  }
}

/// How some words are used in texts: as whole words, and as the beginning of longer ones.
private struct WordUses {
  private struct Use {
    /// Texts that end in the word.
    var ends = 0
    var whole = 0
    var begins = 0
  }

  private var uses: [UInt64: Use] = [:]
  /// Nearly all words are told not to be among these by a few bits of their hash.
  private var filter = [Bool](repeating: false, count: 1 << 16)

  init(_ lastWords: [UInt64]) {
    for word in lastWords {
      uses[word, default: Use()].ends += 1
      filter[Int(word >> 48)] = true
    }
  }

  mutating func count(in text: UnsafeBufferPointer<UInt8>) {
    var hash = StableHash.start
    var length = 0
    /// The longest of the words that the current one begins with, and its length.
    var begun: (word: UInt64, length: Int)?
    for index in 0...text.count {
      if index < text.count, text[index].isWordByte {
        hash = StableHash.adding(text[index].lowered, to: hash)
        length += 1
        if length >= 4, filter[Int(hash >> 48)], uses[hash] != nil { begun = (hash, length) }
        continue
      }
      if let found = begun {
        if found.length == length {
          uses[found.word]?.whole += 1
        } else if length >= found.length + 3, !Self.endsInING(text, index) {
          uses[found.word]?.begins += 1
        }
        begun = nil
      }
      (hash, length) = (StableHash.start, 0)
    }
  }

  private static func endsInING(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> Bool {
    text[(end - 3)..<end].elementsEqual("ing".utf8)
  }

  func isCut(_ word: UInt64) -> Bool {
    guard let use = uses[word] else { return false }
    return use.whole == use.ends && use.begins > 0
  }
}
