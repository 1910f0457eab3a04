/// Finds several pairs of words for true and false in one column: `yes` and `no` among `true` and
/// `false`.
///
/// All values must be such words. A single letter or digit may be a code: it counts if both of its pair
/// are there, or if the word is there that it begins (`y` beside `yes`).
struct MixedBooleans {
  private struct Spelling {
    var level: Int
    var text: String
    var pair: Int
    var isTrue: Bool
    var cells: Int
  }

  private let spellings: [Spelling]
  /// The pair that most cells have, the first of equally common ones, with both of its words.
  private let main: Int

  /// Nil if there are other values, or words of one pair only.
  init?(_ column: Column, _ levels: ColumnLevels) {
    var spellings: [Spelling] = []
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let text = column.text(Int(levels.firstRow[level])).trimmed
      guard let (pair, isTrue) = Self.meaning(of: text) else { return nil }
      spellings.append(
        Spelling(level: level, text: text, pair: pair, isTrue: isTrue, cells: levels.counts[level]))
    }
    func has(_ pair: Int, _ isTrue: Bool) -> Bool {
      spellings.contains { $0.pair == pair && $0.isTrue == isTrue }
    }
    let whole = BooleanWords.pairs.indices.filter { has($0, true) && has($0, false) }
    func cells(_ pair: Int) -> Int {
      spellings.reduce(0) { $1.pair == pair ? $0 + $1.cells : $0 }
    }
    let isMeant = spellings.allSatisfy { spelling in
      let isWord = spelling.pair < 2
      let isInitial = [2: 0, 3: 1][spelling.pair].map { has($0, spelling.isTrue) } == true
      return isWord || isInitial || whole.contains(spelling.pair)
    }
    guard isMeant, Set(spellings.map(\.pair)).count > 1,
      let main = whole.max(by: { (cells($0), $1) < (cells($1), $0) })
    else { return nil }
    self.spellings = spellings
    self.main = main
  }

  func find(_ issues: inout ColumnIssues) {
    for spelling in spellings where spelling.pair != main {
      let usual = spellings.filter { $0.pair == main && $0.isTrue == spelling.isTrue }
      guard let common = usual.max(by: { ($0.cells, $1.level) < ($1.cells, $0.level) }) else {
        continue
      }
      issues.add(
        FormatIssue(
          kind: .spelling,
          reason: "another word for \"\(common.text)\", which "
            + common.cells.counted("row has", "rows have"), suggestion: common.text),
        level: spelling.level)
    }
  }

  private static func meaning(of text: String) -> (pair: Int, isTrue: Bool)? {
    guard text.utf8.count <= 5 else { return nil }
    var word = text.lowercased()
    // As programs write 1 and 0 where other numbers have fractions.
    if word == "1.0" || word == "0.0" { word = String(word.prefix(1)) }
    for (index, pair) in BooleanWords.pairs.enumerated() {
      if let place = pair.firstIndex(of: word) { return (index, place == 0) }
    }
    return nil
  }
}
