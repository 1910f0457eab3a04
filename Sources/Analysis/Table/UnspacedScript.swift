/// Scripts that put no spaces between words: Han, kana, Thai, Lao, Khmer and Myanmar (Unicode Standard
/// Annex 29, section 4, leaves their words to dictionaries, which differ from machine to machine).
///
/// Here each of their characters, with the marks on it, is a word of its own. What looks at neighbouring
/// words then looks at runs of characters, as is usual in searching such texts (Lucene's CJKAnalyzer).
enum UnspacedScript {
  /// Letters of a word, on the average.
  static let wordLetters = 4
  /// As many letters as one name may have; a text of more is of several words.
  static let nameLetters = 12

  enum Kind {
    /// A letter of such a script.
    case character
    /// A sign on the letter before.
    case mark
    /// Punctuation of such a script, full-width forms and the wide space included.
    case separator
  }

  /// Bytes from which a character of three or four begins; those of such scripts all do.
  static let firstLead: UInt8 = 0xE0

  /// What a character is in such a script; nil for any other, digits and full-width Latin letters
  /// among them.
  static func kind(_ scalar: UInt32) -> Kind? {
    switch scalar {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: return .character
    case 0x3099, 0x309A, 0xFF9E, 0xFF9F: return .mark
    case 0x30A0, 0x30FB: return .separator
    case 0x3005...0x3007, 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D, 0x1B000...0x1B16F:
      return .character
    case 0x3000...0x3003, 0x3008...0x3020, 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40,
      0xFF5B...0xFF65:
      return .separator
    // Thai, Lao, Myanmar and Khmer have their marks and punctuation among the letters.
    case 0xE01...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F:
      switch Unicode.Scalar(scalar)?.properties.generalCategory {
      case .otherLetter, .modifierLetter: return .character
      case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
      case .decimalNumber, .unassigned, nil: return nil
      default: return .separator
      }
    default: return nil
    }
  }

  /// To how many letters of an alphabet a letter or mark comes. An ideograph counts for two: texts
  /// have some thousands of them, and an alphabet's letters are some dozens.
  static func letters(_ scalar: UInt32) -> Int {
    switch scalar {
    case 0x3005...0x3007, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: 2
    default: 1
    }
  }

  /// The letters of such scripts in a text.
  static func letters(in text: some Collection<UInt8>) -> Int {
    let count = text.withContiguousStorageIfAvailable { text in
      guard text.contains(where: { $0 >= firstLead }) else { return 0 }
      var count = 0
      Scalars.forEach(text) { scalar in
        guard scalar >= 0xE01, let kind = kind(scalar), kind != .separator else { return }
        count += letters(scalar)
      }
      return count
    }
    return count ?? letters(in: Array(text))
  }

  /// Punctuation of such a script, or a character with its marks, that begins at an index.
  struct Piece {
    var isWord: Bool
    /// Bytes.
    var length: Int
    /// Code points.
    var scalars: Int
  }

  static func piece(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Piece? {
    guard let (first, length) = Scalars.wide(text, at: index), let kind = kind(first) else {
      return nil
    }
    var piece = Piece(isWord: kind != .separator, length: length, scalars: 1)
    guard piece.isWord else { return piece }
    while let (next, length) = Scalars.wide(text, at: index + piece.length),
      Self.kind(next) == .mark
    {
      piece.length += length
      piece.scalars += 1
    }
    return piece
  }
}
