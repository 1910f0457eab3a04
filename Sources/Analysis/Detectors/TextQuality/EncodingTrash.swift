/// Finds what a wrong encoding leaves in a text, and characters that cannot be seen.
enum EncodingTrash {
  /// What is wrong with a text; nil if nothing.
  static func find(_ text: UnsafeBufferPointer<UInt8>) -> FoundFlaw? {
    var previous: UInt32 = 0
    var (mojibake, cyrillic, replaced, controls, hidden) = (0, 0, 0, 0, 0)
    var isFlag = false
    Scalars.forEach(text) { scalar in
      switch scalar {
      case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0x7F: controls += 1
      // As part of a misread sequence these count there.
      case 0x80...0x9F where !isLead(previous): controls += 1
      case 0xFFFD: replaced += 1
      case 0xFEFF, 0x202A...0x202E, 0x2066...0x2069: hidden += 1
      // Tags belong to the flags of regions; elsewhere they hide text (Unicode TR 51, annex C).
      case 0xE0000...0xE007F where !isFlag: hidden += 1
      default: break
      }
      if scalar == 0x1F3F4 { isFlag = true } else if scalar < 0xE0000 { isFlag = false }
      switch (previous, scalar) {
      // UTF-8 of Latin letters and signs, read as Latin-1 or Windows-1252: é as Ã©, ° as Â°.
      case (0xC2, 0xA0...0xBF), (0xC3, 0xA0...0xBF): mojibake += scalar == 0xBB ? 0 : 1
      // Of quotes and dashes (â€™), of faces (ðŸ˜€), of the mark before a file (ï»¿) and of what
      // could not be read (ï¿½).
      case (0xE2, 0x20AC), (0xE2, 0x80), (0xF0, 0x178), (0xF0, 0x9F), (0xEF, 0xBB), (0xEF, 0xBF):
        mojibake += 1
      // Of Cyrillic letters: Ð¿Ñ€Ð¸.
      case (0xD0, 0x80...0xBF), (0xD1, 0x80...0xBF), (0xD0, 0x152...0x2122), (0xD1, 0x152...0x2122):
        cyrillic += 1
      default: break
      }
      previous = scalar
    }
    if cyrillic >= 3 { mojibake += cyrillic }
    func flaw(_ count: Int, _ one: String, _ many: String) -> FoundFlaw {
      FoundFlaw(
        flaw: .encoding, score: 0.8 + 0.2 * Double(count) / Double(count + 10),
        predicate: count == 1 ? "has \(one)" : "has \(count.grouped) \(many)")
    }
    if mojibake > 0 {
      return flaw(
        mojibake, "a character that was read in a wrong encoding",
        "characters that were read in a wrong encoding")
    }
    if replaced > 0 {
      return flaw(
        replaced, "a character that was lost in a wrong encoding",
        "characters that were lost in a wrong encoding")
    }
    if controls > 0 { return flaw(controls, "a control character", "control characters") }
    if hidden > 0 {
      return flaw(
        hidden, "a character that is not seen, or turns the order of others",
        "characters that are not seen, or turn the order of others")
    }
    return nil
  }

  private static func isLead(_ scalar: UInt32) -> Bool {
    [0xC2, 0xC3, 0xD0, 0xD1, 0xE2, 0xEF, 0xF0].contains(scalar)
  }
}
