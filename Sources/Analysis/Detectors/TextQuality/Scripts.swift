/// A way of writing.
enum Script: UInt8, CaseIterable {
  case latin, greek, cyrillic, armenian, hebrew, arabic, indic, thai, georgian, hangul, han

  /// What it is called.
  var name: String {
    switch self {
    case .latin: "Latin letters"
    case .greek: "Greek letters"
    case .cyrillic: "Cyrillic letters"
    case .armenian: "Armenian letters"
    case .hebrew: "Hebrew letters"
    case .arabic: "Arabic letters"
    case .indic: "Indic letters"
    case .thai: "Thai letters"
    case .georgian: "Georgian letters"
    case .hangul: "Korean letters"
    case .han: "Chinese or Japanese characters"
    }
  }

  /// The script of a letter beyond ASCII; nil for signs, and for scripts that are not told apart.
  static func of(_ scalar: UInt32) -> Script? {
    switch scalar {
    case 0xC0...0x24F, 0x1E00...0x1EFF: scalar == 0xD7 || scalar == 0xF7 ? nil : .latin
    case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
    case 0x400...0x52F: .cyrillic
    case 0x531...0x587: .armenian
    case 0x5D0...0x5EA: .hebrew
    case 0x620...0x64A, 0x671...0x6D3, 0x750...0x77F: .arabic
    case 0x900...0xDFF: .indic
    case 0xE00...0xE7F: .thai
    case 0x10A0...0x10FF: .georgian
    case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7AF: .hangul
    case 0x3041...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x2FA1F: .han
    default: nil
    }
  }
}

/// Counts letters by script.
enum ScriptCount {
  /// Fewer letters tell no script.
  static let minimumLetters = 8
  /// Share of the letters that must be of one script.
  static let majority = 0.7

  /// The script of most letters; nil if there are few, or of several.
  static func script(_ text: UnsafeBufferPointer<UInt8>, beyondASCII: Bool) -> Script? {
    var latin = 0
    for byte in text where byte.isASCIILetter { latin += 1 }
    guard beyondASCII else { return latin >= minimumLetters ? .latin : nil }
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: Script.allCases.count) { counts in
      counts.initialize(repeating: 0)
      counts[0] = latin
      var total = latin
      Scalars.forEach(text) { scalar in
        guard scalar >= 0x80, let script = Script.of(scalar) else { return }
        counts[Int(script.rawValue)] += 1
        total += 1
      }
      let best = counts.indices.max { counts[$0] < counts[$1] } ?? 0
      guard counts[best] >= minimumLetters, Double(counts[best]) >= majority * Double(total) else {
        return nil
      }
      return Script(rawValue: UInt8(best))
    }
  }
}
