import Foundation

/// Finds several spellings of one class: `NY`, `ny ` and `N.Y.`, `cafe` and `café`, and misspellings.
///
/// Spellings are of one class if they are equal but for case, accents, spaces and punctuation between
/// letters (fingerprint keying, as OpenRefine calls it). The commonest spelling is the one to use. A
/// rare class is a misspelling of a much commoner one if one letter was left out, added, replaced or
/// swapped with the next (Damerau, "A technique for computer detection and correction of spelling
/// errors", 1964); digits, first letters, which are seldom wrong (Pollock and Zamora 1984), an `s` at
/// the end, short words, and words that other classes have much more often are left alone.
struct SpellingVariants {
  static let minimumLength = 6
  /// The word that a letter is wrong in has at least this many.
  static let minimumWord = 5
  /// A class with misspellings has at least this share of the rows.
  static let commonShare = 0.01
  /// Codes of so few characters may differ by case: only spellings that are this rare are doubted.
  private static let codeLength = 2
  private static let codeRatio = 10

  private let column: Column
  private let levels: ColumnLevels
  private let typoRatio: Double

  init(_ column: Column, _ levels: ColumnLevels, typoRatio: Double) {
    self.column = column
    self.levels = levels
    self.typoRatio = typoRatio
  }

  private struct Spelling {
    var level: Int
    var count: Int
    var text: String
    /// What is wrong with the text by itself.
    var issue: FormatIssue?
    /// The text without that.
    var clean: String
  }

  private struct Class {
    var key: [UInt8]
    var spellings: [Spelling]
    var count: Int
    var canonical: String
  }

  func find(
    _ issues: inout ColumnIssues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let classes = try makeClasses(checkpoint)
    for found in classes {
      for spelling in found.spellings {
        if let issue = issue(of: spelling, in: found) { issues.add(issue, level: spelling.level) }
      }
    }
    let present = levels.counts.dropFirst().reduce(0, +)
    let common = classes.filter {
      $0.key.count >= Self.minimumLength && Double($0.count) >= Self.commonShare * Double(present)
    }
    guard !common.isEmpty else { return }
    let folded = common.map { Array(SpellingKey.folded($0.canonical).utf8) }
    var words: [ArraySlice<UInt8>: Int]?
    for (step, rare) in classes.enumerated() where rare.key.count >= Self.minimumLength - 1 {
      if step & 0xFFF == 0 { try checkpoint.reached(1) }
      let text = Array(SpellingKey.folded(rare.canonical).utf8)
      let target = zip(common, folded).compactMap { common, folded in
        Double(common.count) >= typoRatio * Double(rare.count)
          ? Self.misspelt(text, of: folded).map { (common, word: $0) } : nil
      }
      .max { $0.0.count < $1.0.count }
      guard let (target, word) = target else { continue }
      let uses = words ?? Self.uses(classes)
      words = uses
      // "Paint on paper" is no print where paint is on canvas, too.
      guard Double((uses[word] ?? 0) - rare.count) < typoRatio * Double(rare.count) else {
        continue
      }
      for spelling in rare.spellings {
        issues.add(
          FormatIssue(
            kind: .typo, reason: "probably a misspelling of \"\(target.canonical)\"",
            suggestion: target.canonical), level: spelling.level)
      }
    }
  }

  private func issue(of spelling: Spelling, in found: Class) -> FormatIssue? {
    guard !spelling.text.isWritten(as: found.canonical) else { return spelling.issue }
    guard !spelling.clean.isWritten(as: found.canonical) else {
      return spelling.issue.map {
        FormatIssue(kind: $0.kind, reason: $0.reason, suggestion: found.canonical)
      }
    }
    let canonicalCount = found.spellings.reduce(0) {
      $1.clean.isWritten(as: found.canonical) ? $0 + $1.count : $0
    }
    // "é" as one character, and as a letter with an accent.
    let looksTheSame = spelling.clean == found.canonical
    if !looksTheSame, found.key.count <= Self.codeLength,
      spelling.count * Self.codeRatio > canonicalCount
    {
      return spelling.issue
    }
    return FormatIssue(
      kind: .spelling,
      reason: looksTheSame
        ? "made of other characters than what looks the same and "
          + canonicalCount.counted("row has", "rows have")
        : "another spelling of \"\(found.canonical)\", which "
          + canonicalCount.counted("row has", "rows have"),
      suggestion: found.canonical)
  }

  /// The classes by their first spelling.
  private func makeClasses(_ checkpoint: Checkpoint) throws(AnalysisCancelled) -> [Class] {
    let spaced = SpacedValues(column, levels)
    var position: [[UInt8]: Int] = [:]
    var classes: [Class] = []
    var reading = PacedCheckpoint(checkpoint)
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let bytes = column.bytes(Int(levels.firstRow[level]))
      try reading.passed(bytes.count, at: Double(level) / Double(levels.counts.count))
      let text = String(decoding: bytes, as: UTF8.self)
      var spelling = Spelling(
        level: level, count: levels.counts[level], text: text, issue: nil, clean: text)
      if let damage = TextDamage.issue(bytes) {
        spelling.issue = damage
        spelling.clean = damage.suggestion ?? text
      }
      // Where all values have spaces around them, that is no flaw, nor does it make two classes.
      if !spaced.isCustomary, spaced.levels.contains(level) {
        spelling.clean = spelling.clean.trimmed
        spelling.issue =
          spelling.issue
          ?? FormatIssue(
            kind: .surroundingSpace, reason: "with spaces around it", suggestion: spelling.clean)
      }
      let single = Self.singleSpaced(spelling.clean)
      if !single.isWritten(as: spelling.clean) {
        spelling.clean = single
        spelling.issue =
          spelling.issue
          ?? FormatIssue(
            kind: .repeatedSpace, reason: "with several spaces in a row", suggestion: single)
      }
      let key = SpellingKey.key(spelling.clean)
      if let known = position[key], !key.isEmpty {
        classes[known].spellings.append(spelling)
        classes[known].count += spelling.count
      } else {
        position[key] = classes.count
        classes.append(Class(key: key, spellings: [spelling], count: spelling.count, canonical: ""))
      }
    }
    for index in classes.indices { classes[index].canonical = canonical(classes[index].spellings) }
    return classes
  }

  /// The commonest clean text, the first of equally common ones.
  private func canonical(_ spellings: [Spelling]) -> String {
    var texts: [String] = []
    var counts: [Int] = []
    for spelling in spellings {
      if let known = texts.firstIndex(where: { spelling.clean.isWritten(as: $0) }) {
        counts[known] += spelling.count
      } else {
        texts.append(spelling.clean)
        counts.append(spelling.count)
      }
    }
    let best = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
    return texts[best]
  }

  private static func singleSpaced(_ text: String) -> String {
    guard text.utf8.contains(0x20) else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8
    where byte != 0x20 || bytes.last != 0x20 || bytes.allSatisfy({ $0 == 0x20 }) {
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Misspellings

  /// In how many rows the words are that may be misspellings.
  private static func uses(_ classes: [Class]) -> [ArraySlice<UInt8>: Int] {
    var rows: [ArraySlice<UInt8>: Int] = [:]
    for found in classes {
      let text = Array(SpellingKey.folded(found.canonical).utf8)
      let words = text.split { !SpellingKey.isLetter($0) }
      for word in Set(words) where word.count >= minimumWord - 1 {
        rows[word, default: 0] += found.count
      }
    }
    return rows
  }

  /// The word of `rare` that is misspelt if it is `common` with one letter left out, added, replaced or swapped
  /// with the next.
  static func misspelt(_ rare: [UInt8], of common: [UInt8]) -> ArraySlice<UInt8>? {
    guard abs(rare.count - common.count) <= 1, rare != common, rare.first == common.first else {
      return nil
    }
    let prefix = zip(rare, common).prefix { $0 == $1 }.count
    let suffix = min(
      zip(rare.reversed(), common.reversed()).prefix { $0 == $1 }.count,
      min(rare.count, common.count) - prefix)
    let (mine, theirs) = (
      rare[prefix..<(rare.count - suffix)], common[prefix..<(common.count - suffix)]
    )
    guard (Array(mine) + Array(theirs)).allSatisfy(SpellingKey.isLetter) else { return nil }
    // The letters around the edit make a word; in "auto(l4)" the l is a code.
    let before = common[..<prefix].reversed().prefix(while: SpellingKey.isLetter).count
    let after = common[(common.count - suffix)...].prefix(while: SpellingKey.isLetter).count
    guard before + theirs.count + after >= minimumWord else { return nil }
    let isTypo =
      switch (mine.count, theirs.count) {
      case (1, 1): true
      case (2, 2): mine.first == theirs.last && mine.last == theirs.first
      // Singular and plural.
      case (0, 1), (1, 0): suffix > 0 || mine.first ?? theirs.first != UInt8(ascii: "s")
      default: false
      }
    return isTypo ? rare[(prefix - before)..<(rare.count - suffix + after)] : nil
  }
}
