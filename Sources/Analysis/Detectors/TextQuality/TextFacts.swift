/// What one pass over a text finds.
struct TextFacts {
  /// Code points.
  var characters: Int32 = 0
  /// Characters of scripts without spaces included.
  var words: Int32 = 0
  /// Characters of scripts without spaces.
  var unspaced: Int32 = 0
  var digits: Int32 = 0
  /// Bytes of the longest piece without space.
  var longestToken: Int32 = 0
  var ending = Ending.closed
  var marks: Marks = []
  /// An index in ``StopWords/languages``; -1 if it cannot be told.
  var language: Int8 = -1
  /// The writing of most letters; nil if there are few.
  var script: Script?
  /// The last word's hash; of texts that end in a letter alone.
  var lastWord: UInt64 = 0
  /// Its bytes.
  var lastWordLength: Int32 = 0

  /// About as many words as a reader would count: of scripts without spaces they have two characters.
  var spacedWords: Int32 { words - unspaced + unspaced / 2 }

  /// Bytes that a text has somewhere.
  struct Marks: OptionSet {
    let rawValue: UInt8
    static let beyondASCII = Marks(rawValue: 1)
    static let angle = Marks(rawValue: 2)
    static let ampersand = Marks(rawValue: 4)
    static let backtick = Marks(rawValue: 8)
    static let at = Marks(rawValue: 16)
    static let newline = Marks(rawValue: 32)
    static let control = Marks(rawValue: 64)
  }

  /// How a text ends.
  enum Ending: UInt8 {
    /// In punctuation that may close a text, or in a symbol.
    case closed
    /// In a letter.
    case bare
    /// In a digit, an address or a tag, which tells nothing.
    case neutral
    /// In a comma.
    case comma
    /// In an opening bracket.
    case bracket
    /// In a word that another must follow.
    case openWord

    /// Whether something must follow.
    var isOpen: Bool { self == .comma || self == .bracket || self == .openWord }
  }
}
