import Foundation

/// Text without what a copy is free to change: case, punctuation and white space.
enum NormalizedText {
  /// Bytes of a text beyond this many are not looked at.
  static let maximumBytes = 1 << 16

  /// Words in lower case with a space between two, but for those of scripts without spaces; letters
  /// beyond ASCII are kept.
  static func bytes(of text: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(min(text.count, maximumBytes))
    append(text, to: &result)
    return result
  }

  /// The same; a value of which nothing is left without punctuation stays as it is.
  static func folded(_ value: ArraySlice<UInt8>) -> [UInt8] {
    let folded = bytes(of: value)
    return folded.isEmpty ? Array(value) : folded
  }

  /// Appends a further text to normalised ones.
  static func append(_ text: some Collection<UInt8>, to result: inout [UInt8]) {
    let text = text.prefix(maximumBytes)
    var isBetween = !result.isEmpty
    guard text.contains(where: { $0 >= 0x80 }) else {
      for byte in text {
        if byte.isWordByte {
          if isBetween, !result.isEmpty { result.append(0x20) }
          result.append(byte.lowered)
        }
        isBetween = !byte.isWordByte
      }
      return
    }
    var words = String.UnicodeScalarView()
    /// Whether the character before is of a script without spaces: writers put some beside it, or none.
    var follows = false
    for scalar in composed(String(decoding: text, as: UTF8.self).lowercased()).unicodeScalars {
      let isPart = isPartOfWord(scalar)
      if isPart {
        let isUnspaced = UnspacedScript.kind(scalar.value) != nil
        if isBetween, !result.isEmpty || !words.isEmpty, !isUnspaced, !follows {
          words.append(" ")
        }
        words.append(scalar)
        follows = isUnspaced
      }
      isBetween = !isPart
    }
    result += String(words).utf8
  }

  /// Letters with accents as one code point each, as most are written: `é` rather than `e` and an accent.
  private static func composed(_ text: String) -> String {
    let hasParts = text.unicodeScalars.contains { scalar in
      switch scalar.value {
      // Accents, Korean letters, and the marks of Japanese ones.
      case 0x300...0x36F, 0x1100...0x11FF, 0x3099...0x309A: true
      default: false
      }
    }
    return hasParts ? text.precomposedStringWithCanonicalMapping : text
  }

  /// Letters, digits and what else is no punctuation; of the latter what writers and programs replace
  /// by another.
  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x80: UInt8(scalar.value).isWordByte
    case 0xAA, 0xB5, 0xBA: true
    case 0x80...0xBF, 0x2000...0x206F, 0xFF00: false
    default: UnspacedScript.kind(scalar.value) != .separator
    }
  }
}
