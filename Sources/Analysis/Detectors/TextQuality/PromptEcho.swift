/// Tells how much of a prompt its response repeats: the containment of its sequences of three words
/// (Broder 1997, §2).
struct PromptEcho {
  static let span = 3
  /// Shorter prompts are echoed only by a response that is nothing else.
  static let minimumWords = 5

  private var asked: [UInt64] = []
  private var answered: [UInt64] = []

  /// From 0 to 1; the arguments are hashes of words.
  mutating func containment(of prompt: [UInt64], in response: [UInt64]) -> Double {
    guard prompt.count >= Self.minimumWords else {
      return prompt.count >= Self.span && prompt == response ? 1 : 0
    }
    // A response that lacks the words lacks the sequences.
    guard response.count >= prompt.count / 2 else { return 0 }
    Self.sequences(prompt, &asked)
    Self.sequences(response, &answered)
    var (common, distinct, position) = (0, 0, 0)
    for (index, sequence) in asked.enumerated() where index == 0 || asked[index - 1] != sequence {
      distinct += 1
      while position < answered.count, answered[position] < sequence { position += 1 }
      if position < answered.count, answered[position] == sequence { common += 1 }
    }
    return Double(common) / Double(distinct)
  }

  private static func sequences(_ words: [UInt64], _ result: inout [UInt64]) {
    result.removeAll(keepingCapacity: true)
    guard words.count >= span else { return }
    for start in 0...(words.count - span) {
      var hash = words[start]
      for offset in 1..<span {
        hash = (hash &* 0x9E37_79B9_7F4A_7C15) ^ words[start + offset]
      }
      result.append(hash)
    }
    result.sort()
  }
}
