/// Tells by its beginning whether a text refuses to answer.
///
/// Phrases are those that models are known to refuse with (the lists that Zou et al. 2023 and
/// WizardLM's unfiltered data are checked by, in our own selection). Letters in either case; curly
/// apostrophes, quotes and repeated spaces do not matter.
enum Refusals {
  /// Said of oneself by machines alone, anywhere in the beginning of a text.
  private static let machine = [
    "as an ai language model", "as a large language model", "as an ai assistant", "as an ai model",
    "as an ai, i", "i am an ai language model", "i'm an ai language model", "i'm just an ai",
    "i am just an ai", "as an artificial intelligence", "i'm just a language model",
    "i am just a language model", "i'm a language model", "i am a language model",
    "against my guidelines", "against my programming", "violates my guidelines",
    "my training data only goes",
    "als ki-sprachmodell", "als ki-modell", "en tant que modèle de langage",
    "en tant qu'intelligence artificielle", "como modelo de lenguaje", "como modelo de linguagem",
    "come modello linguistico",
  ].map { Array($0.utf8) }

  /// Beginnings that ask for pardon.
  private static let apologies = [
    "i'm sorry", "i am sorry", "im sorry", "sorry", "i'm really sorry", "i'm very sorry",
    "i apologize", "i apologise", "my apologies", "apologies", "unfortunately", "i'm afraid",
    "i am afraid", "i regret",
  ].map { Array($0.utf8) }

  /// Between pardon and refusal.
  private static let links = [
    ", but as an ai", ", but", " but", ",", ".", "!", " that", ": ", " to say",
    " for the confusion, but",
    " for any inconvenience, but", " for the inconvenience, but",
  ].map { Array($0.utf8) }

  private static let inability = [
    "i cannot and will not", "i can't and won't", "i can not and will not", "i will not and cannot",
    "i can't and will not", "i'm not comfortable helping", "i am not comfortable helping",
    "i'm not comfortable providing", "i am not comfortable providing", "i'm not comfortable with",
    "i am not comfortable with",
    "i can't", "i cannot", "i can not", "i am unable to", "i'm unable to", "i am not able to",
    "i'm not able to", "i won't be able", "i won't", "i will not be able", "i must decline",
    "i have to decline", "i must refuse", "i do not feel comfortable", "i don't feel comfortable",
    "i am not programmed", "i'm not programmed", "that's not something i can", "i'm not allowed to",
    "i am not allowed to", "it would not be appropriate for me",
    "it wouldn't be appropriate for me",
  ].map { Array($0.utf8) }

  /// Beginnings of those that nobody says of anything else.
  private static let clear = [
    "i must", "it would", "i don't feel comfortable", "i do not feel", "i'm not comfortable",
    "i am not comfortable",
  ].map { Array($0.utf8) }

  /// What is refused, where no pardon is asked.
  private static let services = [
    "help you", "help with", "to help", "assist", "provide", "fulfill", "fulfil", "comply",
    "answer that",
    "answer this", "answer your", "generate", "create content", "support", "engage in",
    "participate", "discuss", "do that", "complete this", "complete that", "complete your",
    "give you", "offer", "respond to", "process your", "access", "browse", "write that",
    "write this", "promote", "condone", "in good conscience",
  ].map { Array($0.utf8) }

  /// Refusals in other languages, at the beginning.
  private static let foreign = [
    "es tut mir leid, aber ich kann", "tut mir leid, aber ich kann",
    "es tut mir leid, aber dabei kann ich", "tut mir leid, aber dabei kann ich",
    "es tut mir leid, aber damit kann ich", "es tut mir leid, aber das kann ich nicht",
    "lo siento, pero no puedo", "je suis désolé, mais je ne peux", "désolé, mais je ne peux",
    "mi dispiace, ma non posso", "desculpe, mas não posso", "sinto muito, mas não posso",
    "het spijt me, maar ik kan",
    "抱歉，我无法", "抱歉，我不能", "很抱歉，我无法", "很抱歉，我不能", "对不起，我无法", "对不起，我不能",
    "抱歉,我无法", "抱歉,我不能",
  ].map { Array($0.utf8) }

  /// Japanese says at the end that it cannot be done.
  private static let japanese = (
    apologies: ["申し訳ありませんが", "申し訳ございませんが"].map { Array($0.utf8) },
    inability: ["できません", "できかねます"].map { Array($0.utf8) }
  )

  /// The phrase by which a text refuses; nil if it does not.
  ///
  /// - Parameters:
  ///   - reach: how many bytes of the text's beginning are read.
  ///   - isResponse: whether the text is an answer. Of other texts a customer may be sorry, too,
  ///     so that only what machines say counts.
  static func phrase(
    _ text: UnsafeBufferPointer<UInt8>, reach: Int, isResponse: Bool
  ) -> String? {
    guard let first = text.first(where: { !$0.isSpace }) else { return nil }
    let begin = normalised(text, reach: reach)
    if let found = machine.first(where: { contains(begin, $0) }) { return shown(found) }
    guard isResponse, !first.isASCIIDigit else { return nil }
    if let found = foreign.first(where: { begin.starts(with: $0) }) { return shown(found) }
    if let pardon = japanese.apologies.first(where: { begin.starts(with: $0) }),
      let refused = japanese.inability.first(where: { contains(begin, $0, atWords: false) })
    {
      return "\(shown(pardon)) … \(shown(refused))"
    }
    var rest = begin[...]
    var pardon: [UInt8] = []
    if let apology = apologies.first(where: { starts(rest, $0) }) {
      pardon = apology
      rest = rest.dropFirst(apology.count)
      while let link = links.first(where: { rest.starts(with: $0) }) {
        rest = rest.dropFirst(link.count)
        while rest.first == 0x20 { rest = rest.dropFirst() }
      }
      while rest.first == 0x20 { rest = rest.dropFirst() }
    }
    guard let refused = inability.first(where: { starts(rest, $0) }) else { return nil }
    if pardon.isEmpty {
      var what = rest.dropFirst(refused.count)
      while what.first == 0x20 { what = what.dropFirst() }
      let isClear = clear.contains { refused.starts(with: $0) }
      guard isClear || services.contains(where: { what.starts(with: $0) }) else { return nil }
      return shown(refused)
    }
    return "\(shown(pardon)) … \(shown(refused))"
  }

  private static func shown(_ phrase: [UInt8]) -> String { String(decoding: phrase, as: UTF8.self) }

  /// Whether the text starts with a phrase that ends there.
  private static func starts(_ text: ArraySlice<UInt8>, _ phrase: [UInt8]) -> Bool {
    guard text.starts(with: phrase) else { return false }
    let next = text.dropFirst(phrase.count).first
    return next.map { !$0.isWordByte } ?? true
  }

  /// The beginning in small letters, with straight apostrophes, single spaces, and without what
  /// stands before the first letter.
  private static func normalised(_ text: UnsafeBufferPointer<UInt8>, reach: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(min(reach, text.count))
    var index = 0
    while index < text.count, result.count < reach {
      let byte = text[index]
      if byte == 0xE2, index + 2 < text.count, text[index + 1] == 0x80,
        text[index + 2] == 0x99 || text[index + 2] == 0x98
      {
        if !result.isEmpty { result.append(UInt8(ascii: "'")) }
        index += 3
        continue
      }
      index += 1
      if byte.isSpace {
        if let last = result.last, last != 0x20 { result.append(0x20) }
      } else if !result.isEmpty || byte.isWordByte {
        result.append(byte.lowered)
      }
    }
    return result
  }

  /// - Parameter atWords: whether words are set apart, so that the phrase begins where one does.
  private static func contains(
    _ text: [UInt8], _ phrase: [UInt8], atWords: Bool = true
  ) -> Bool {
    guard text.count >= phrase.count else { return false }
    return text.withUnsafeBufferPointer { text in
      phrase.withUnsafeBufferPointer { phrase in
        for start in 0...(text.count - phrase.count) where text[start] == phrase[0] {
          if atWords, start > 0, text[start - 1].isWordByte { continue }
          var offset = 1
          while offset < phrase.count, text[start + offset] == phrase[offset] { offset += 1 }
          if offset == phrase.count { return true }
        }
        return false
      }
    }
  }
}
