/// What pages say beside their content; the phrases by which Raffel et al. (2020, §2.2) cleaned
/// their corpus C4, and what asks for a browser's settings.
enum Boilerplate {
  private static let alone = ["lorem ipsum", "enable javascript", "javascript is disabled"]
    .map { Array($0.utf8) }
  private static let together = [
    "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies",
    "use cookies", "all rights reserved", "terms of service", "subscribe to our newsletter",
    "sign up for our newsletter", "skip to content", "share on facebook",
  ].map { Array($0.utf8) }
  private static let starts: [Bool] = {
    var starts = [Bool](repeating: false, count: 256)
    for phrase in alone + together { starts[Int(phrase[0])] = true }
    return starts
  }()

  /// A phrase that pages of content do not hold, or of a passage two that go with menus; nil if
  /// there is none.
  static func find(_ text: UnsafeBufferPointer<UInt8>, isPassage: Bool) -> String? {
    var found: [Int] = []
    var previous: UInt8 = 0x20
    for (index, byte) in text.enumerated() {
      defer { previous = byte }
      guard !previous.isWordByte, starts[Int(byte.lowered)] else { continue }
      if let phrase = alone.first(where: { matches(text, index, $0) }) {
        return String(decoding: phrase, as: UTF8.self)
      }
      guard isPassage, let phrase = together.firstIndex(where: { matches(text, index, $0) })
      else { continue }
      if !found.contains(phrase) { found.append(phrase) }
    }
    guard found.count >= 2 else { return nil }
    return found.prefix(2).map { String(decoding: together[$0], as: UTF8.self) }
      .joined(separator: "\" and \"")
  }

  private static func matches(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ phrase: [UInt8]
  ) -> Bool {
    guard text.count - start >= phrase.count else { return false }
    for (offset, byte) in phrase.enumerated() where text[start + offset].lowered != byte {
      return false
    }
    return true
  }
}
