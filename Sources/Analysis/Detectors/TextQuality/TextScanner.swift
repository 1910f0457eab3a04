/// Reads texts. Keeps buffers between them.
struct TextScanner {
  private let stopWords = StopWords()
  private let openWords = StopWords.openWords
  private let marks: [UInt8]
  private var lastStopWord: UInt64 = 0
  /// Hits by language.
  private var hits = [Int32](repeating: 0, count: StopWords.languages.count)
  /// Hashes of the last text's words that have a letter.
  private(set) var words: [UInt64] = []
  /// Fewer words tell no language.
  let languageWords: Int

  init(languageWords: Int) {
    self.languageWords = languageWords
    var marks = [UInt8](repeating: 0, count: 256)
    func mark(_ bytes: some Sequence<UInt8>, _ mark: TextFacts.Marks) {
      for byte in bytes { marks[Int(byte)] |= mark.rawValue }
    }
    mark(0x80...0xFF, .beyondASCII)
    mark("<".utf8, .angle)
    mark("&".utf8, .ampersand)
    mark("`".utf8, .backtick)
    mark("@".utf8, .at)
    mark("\n".utf8, .newline)
    mark([0x7F], .control)
    mark((0x00...0x1F).filter { ![0x09, 0x0A, 0x0D].contains($0) }, .control)
    self.marks = marks
  }

  mutating func scan(_ text: UnsafeBufferPointer<UInt8>) -> TextFacts {
    var facts = TextFacts()
    words.removeAll(keepingCapacity: true)
    lastStopWord = 0
    for language in hits.indices { hits[language] = 0 }
    var bits: UInt8 = 0
    var hash = StableHash.start
    var wordLength = 0
    var hasLetter = false
    var token: Int32 = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      bits |= marks[Int(byte)]
      if byte >= UnspacedScript.firstLead, let piece = UnspacedScript.piece(text, at: index) {
        if wordLength > 0 { end(word: hash, hasLetter: hasLetter, &facts) }
        (hash, wordLength, hasLetter) = (StableHash.start, 0, false)
        let range = index..<(index + piece.length)
        if piece.isWord {
          end(word: WordHash.of(text[range]), hasLetter: true, &facts)
          facts.unspaced += 1
        }
        facts.characters += Int32(piece.scalars)
        token += Int32(piece.length)
        index = range.upperBound
        continue
      }
      index += 1
      if byte & 0xC0 != 0x80 { facts.characters += 1 }
      if byte.isWordByte {
        if byte.isASCIIDigit { facts.digits += 1 } else { hasLetter = true }
        hash = StableHash.adding(byte.lowered, to: hash)
        wordLength += 1
        token += 1
        continue
      }
      if wordLength > 0 {
        end(word: hash, hasLetter: hasLetter, &facts)
        (hash, wordLength, hasLetter) = (StableHash.start, 0, false)
      }
      if byte.isSpace {
        facts.longestToken = max(facts.longestToken, token)
        token = 0
      } else {
        token += 1
      }
    }
    if wordLength > 0 { end(word: hash, hasLetter: hasLetter, &facts) }
    facts.longestToken = max(facts.longestToken, token)
    facts.marks = TextFacts.Marks(rawValue: bits)
    facts.ending = ending(text, &facts)
    facts.language = language(words: Int(facts.words))
    facts.script = ScriptCount.script(text, beyondASCII: facts.marks.contains(.beyondASCII))
    return facts
  }

  private mutating func end(word hash: UInt64, hasLetter: Bool, _ facts: inout TextFacts) {
    facts.words += 1
    guard hasLetter else { return }
    words.append(hash)
    var mask = stopWords.languages(of: hash)
    // "pro-war, pro-trade" has one common word of Czech, not two.
    guard mask != 0, hash != lastStopWord else { return }
    lastStopWord = hash
    while mask != 0 {
      hits[mask.trailingZeroBitCount] += 1
      mask &= mask - 1
    }
  }

  /// The language of at least a sixth of whose words are the commonest of one language, and less
  /// than half as many those of any other.
  private func language(words: Int) -> Int8 {
    guard words >= languageWords else { return -1 }
    var (best, second) = (0, Int32(0))
    for language in 1..<hits.count {
      if hits[language] > hits[best] {
        second = hits[best]
        best = language
      } else {
        second = max(second, hits[language])
      }
    }
    let found = hits[best]
    return found >= 4 && Int(found) * 6 >= words && found >= 2 * second ? Int8(best) : -1
  }

  private func ending(_ text: UnsafeBufferPointer<UInt8>, _ facts: inout TextFacts)
    -> TextFacts.Ending
  {
    var end = text.count
    while end > 0, text[end - 1].isSpace { end -= 1 }
    guard end > 0 else { return .closed }
    let last = text[end - 1]
    switch last {
    case UInt8(ascii: ","): return .comma
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      // A sad face.
      return end > 1 && ":;=-".utf8.contains(text[end - 2]) ? .closed : .bracket
    default: break
    }
    // "11 AM ET" closes in its way.
    if last.isASCIIDigit || (0x41...0x5A).contains(last) { return .neutral }
    guard last.isASCIILetter || last >= 0x80 else { return .closed }
    if last >= 0x80, let scalar = Self.lastScalar(text, end) {
      // Of Arabic, of Chinese, and of Japanese.
      if "\u{60C}\u{FF0C}\u{3001}".unicodeScalars.contains(scalar) { return .comma }
      if "（［｛「『【《".unicodeScalars.contains(scalar) { return .bracket }
      guard Self.isAlphabetic(scalar) else { return .closed }
    }
    var start = end
    while start > 0, !text[start - 1].isSpace { start -= 1 }
    // Addresses, tags, names of files, code.
    for position in start..<end where "/.@#_=$\\:<>".utf8.contains(text[position]) {
      return .neutral
    }
    var word = end
    while word > start, text[word - 1].isASCIILetter || text[word - 1] >= 0x80 { word -= 1 }
    var hash = StableHash.start
    for position in word..<end { hash = StableHash.adding(text[position].lowered, to: hash) }
    facts.lastWord = hash
    facts.lastWordLength = Int32(clamping: end - word)
    return openWords.contains(hash) ? .openWord : .bare
  }

  /// Whether a character beyond ASCII is a letter of an alphabet, after which texts that close in
  /// punctuation do not end. Those from Latin to Arabic take two bytes.
  private static func isAlphabetic(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x800 && scalar.properties.isAlphabetic
  }

  /// The last character before `end`.
  private static func lastScalar(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> Unicode.Scalar?
  {
    var start = end - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return String(decoding: text[start..<end], as: UTF8.self).unicodeScalars.last
  }
}
