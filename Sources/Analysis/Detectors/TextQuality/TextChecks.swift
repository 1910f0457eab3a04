/// What can be told of a text without the column's others.
struct TextChecks {
  private let role: TextRole?
  private let refusalReach: Int
  private let markupTags: Int
  private let personal: String
  private var scanner: TextScanner
  private var repetition: Repetition

  init(role: TextRole?, _ parameters: ParameterValues) {
    self.role = role
    refusalReach = parameters.count("refusal_reach")
    markupTags = parameters.count("markup_tags")
    personal = parameters.word("personal_data")
    scanner = TextScanner(languageWords: parameters.count("language_words"))
    repetition = Repetition(
      repeats: parameters.count("repeats"), share: parameters.number("repeated_share"))
  }

  /// - Returns: besides facts and flaws, the personal datum that the text is, if it is nothing else.
  mutating func look(
    at text: UnsafeBufferPointer<UInt8>
  ) -> (facts: TextFacts, flaws: [FoundFlaw], whole: TextFlaw?) {
    let facts = scanner.scan(text)
    var flaws: [FoundFlaw] = []
    var whole: TextFlaw?
    if personal != "none" {
      let data = PersonalData(text, facts, secretsOnly: personal == "keys").found
      if !data.isEmpty { flaws += Self.flaws(data) }
      if data.count == 1, let only = data.first {
        let isAlone =
          text[..<only.range.lowerBound].allSatisfy { !$0.isWordByte }
          && text[only.range.upperBound...].allSatisfy { !$0.isWordByte }
        if isAlone { whole = only.flaw }
      }
    }
    guard let role else { return (facts, flaws, whole) }
    if facts.words == 0, role == .prompt || role == .response {
      flaws.append(
        FoundFlaw(flaw: .empty, score: 0.9, predicate: "has no letter and no digit"))
    }
    // Texts without spaces have few words.
    if refusalReach > 0, facts.words >= 3 || facts.characters >= 8,
      let phrase = Refusals.phrase(text, reach: refusalReach, isResponse: role == .response)
    {
      flaws.append(
        FoundFlaw(flaw: .refusal, score: 0.9, predicate: "begins like a refusal: \"\(phrase)\""))
    }
    if facts.marks.contains(.backtick) || text.contains(UInt8(ascii: "~")),
      let line = CodeFences.unclosedLine(text)
    {
      flaws.append(
        FoundFlaw(
          flaw: .codeFence, score: 0.7,
          predicate: "opens a code fence in line \(line) that is not closed"))
    }
    if let flaw = repetition.find(
      text, words: scanner.words, areCharacters: 2 * facts.unspaced > facts.words,
      hasLines: facts.marks.contains(.newline))
    {
      flaws.append(flaw)
    }
    if facts.marks.contains(.control) || facts.marks.contains(.beyondASCII),
      let flaw = EncodingTrash.find(text)
    {
      flaws.append(flaw)
    }
    if let flaw = leftovers(text, facts) { flaws.append(flaw) }
    return (facts, flaws, whole)
  }

  private func leftovers(_ text: UnsafeBufferPointer<UInt8>, _ facts: TextFacts) -> FoundFlaw? {
    if facts.marks.contains(.angle) || facts.marks.contains(.ampersand) {
      let markup = Markup(text)
      if markup.tagCount >= markupTags {
        return FoundFlaw(
          flaw: .markup, score: 0.5,
          predicate: "has \(markup.tagCount.grouped) tags of HTML, such as \(markup.example)")
      }
      if markup.entityCount > 0 {
        return FoundFlaw(
          flaw: .markup, score: 0.3, predicate: "has an entity of HTML, \(markup.example)")
      }
    }
    guard facts.words >= 2, let phrase = Boilerplate.find(text, isPassage: role == .passage) else {
      return nil
    }
    return FoundFlaw(
      flaw: .markup, score: 0.5,
      predicate: "has what web pages say beside their content: \"\(phrase)\"")
  }

  /// A flaw for each kind of datum.
  private static func flaws(_ data: [PersonalData.Found]) -> [FoundFlaw] {
    TextFlaw.allCases.compactMap { kind in
      let some = data.filter { $0.flaw == kind }
      guard let first = some.first else { return nil }
      let score: Double =
        switch kind {
        case .secret, .cardNumber, .iban: 0.95
        case .email, .phone: 0.8
        default: 0.6
        }
      return FoundFlaw(
        flaw: kind, score: score,
        predicate: some.count == 1
          ? "holds \(kind.noun) (\(first.masked))"
          : "holds \(some.count.grouped) \(kind.plural) (the first: \(first.masked))")
    }
  }
}
