import Foundation

/// What is left of a spelling without case, accents, and spaces and punctuation that do not matter.
enum SpellingKey {
  static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x80 || (0x61...0x7A).contains(byte) }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

  /// Spaces, `_`, `-`, `.`, `,`, `'` and `/` are dropped after a letter or digit and before another,
  /// unless both are digits; so is a `.` at the end. `A-` and `A+`, `1-10` and `110`, `C` and `C#` stay
  /// different.
  static func key(_ text: String) -> [UInt8] {
    let bytes = Array(folded(text).utf8)
    var key: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      guard [0x20, 0x5F, 0x2D, 0x2E, 0x2C, 0x27, 0x2F].contains(byte) else {
        key.append(byte)
        continue
      }
      guard let before = key.last, isWord(before) else {
        if byte != 0x20 { key.append(byte) }
        continue
      }
      let next = bytes[(index + 1)...].first { $0 != 0x20 && $0 != 0x2E }
      if let next {
        if isWord(next), !(isDigit(before) && isDigit(next)) { continue }
        if byte == 0x20 || byte == 0x2E, !isWord(next) { continue }
        key.append(byte)
      } else if byte != 0x20, byte != 0x2E {
        key.append(byte)
      }
    }
    return key
  }

  /// The text in small letters without accents or spaces around it.
  static func folded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased().trimmed }
    var kept = String.UnicodeScalarView()
    for scalar in text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
    where !(0x300...0x36F).contains(scalar.value) || makesLetters(kept.last) {
      kept.append(scalar.properties.isWhitespace ? " " : scalar)
    }
    return String(kept).trimmed
  }

  /// Whether an accent makes another letter of it: of the Cyrillic ones, as й of и, but for ё of е.
  private static func makesLetters(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { (0x400...0x52F).contains($0.value) && $0 != "\u{435}" } == true
  }
}

extension String {
  /// Whether both are the same bytes: texts are equal, too, that are the same to a reader.
  func isWritten(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
