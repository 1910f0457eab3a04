/// What a column of text is for.
public enum TextRole: String, Codable, Sendable, CaseIterable {
  /// What a model is asked.
  case prompt
  /// What it answers.
  case response
  /// A piece of a document, for retrieval.
  case passage
  /// Any other text.
  case text
}

/// The columns whose texts are looked at, and what they are taken for.
struct TextColumns {
  /// Names of columns with a role, in order of preference where one is needed; words of a name
  /// count, in either number.
  static let names: [(role: TextRole, words: [String])] = [
    (.prompt, ["instruction", "prompt", "question", "query", "input"]),
    (.response, ["response", "output", "answer", "completion", "chosen", "rejected", "reply"]),
    (.passage, ["chunk", "passage", "context", "document", "snippet", "paragraph"]),
  ]
  /// From so many words a value on the average columns of few different values are texts too.
  static let wordyValue = 5

  struct Entry: Equatable {
    var column: Int
    /// Nil for words and names, which are searched for personal data alone.
    var role: TextRole?
  }

  /// In table order.
  let entries: [Entry]

  /// The column with what a model is asked, if there are answers to it.
  var prompt: Int? {
    responses.isEmpty ? nil : entries.first { $0.role == .prompt }?.column
  }

  var responses: [Int] { entries.filter { $0.role == .response }.map(\.column) }

  init(_ subject: AnalysisSubject) {
    let table = subject.table
    var found: [Entry] = []
    /// Columns without a value whose names say that they should have texts.
    var hollow: [Entry] = []
    var prompts: [(column: Int, preference: Int)] = []
    for index in table.columns.indices {
      let column = table.columns[index]
      if column.type == .empty, let role = Self.match(column.name, isText: false)?.role {
        hollow.append(Entry(column: index, role: role))
      }
      guard Self.holdsWords(column, subject.levels(of: index)) else { continue }
      let isText = column.type == .text || Self.isWordy(column, subject.levels(of: index))
      let match = Self.match(column.name, isText: isText)
      if let match, match.role == .prompt { prompts.append((index, match.preference)) }
      found.append(Entry(column: index, role: match?.role ?? (isText ? .text : nil)))
    }
    // One column asks; what stands beside it ("input") is text that goes with it.
    let prompt = prompts.min { ($0.preference, $0.column) < ($1.preference, $1.column) }?.column
    let hasResponse = found.contains { $0.role == .response }
    found = found.map { entry in
      entry.role == .prompt && entry.column != prompt
        ? Entry(column: entry.column, role: .text) : entry
    }
    // Nothing is amiss with a column that is not used, but questions want answers.
    found += hollow.filter {
      $0.role == .response && prompt != nil || $0.role == .prompt && prompt == nil && hasResponse
    }
    entries = found.sorted { $0.column < $1.column }
  }

  /// The role that a name tells, and how much it is preferred to others of the role, 0 being most.
  ///
  /// A column called "question_type" holds words, one called "question" texts, be they few.
  private static func match(_ name: String, isText: Bool) -> (role: TextRole, preference: Int)? {
    let words = name.nameWords.map { $0.hasSuffix("s") ? String($0.dropLast()) : $0 }
    guard isText || words.count == 1 else { return nil }
    for entry in names {
      if let preference = entry.words.firstIndex(where: words.contains) {
        return (entry.role, preference)
      }
    }
    return nil
  }

  /// Whether a column holds words rather than numbers, dates or nothing.
  private static func holdsWords(
    _ column: Column, _ levels: @autoclosure () -> ColumnLevels
  ) -> Bool {
    switch column.type {
    case .text, .category: return true
    case .identifier:
      let levels = levels()
      guard levels.valueCount > 0 else { return false }
      return NumberParser.parse(column.bytes(Int(levels.firstRow[1]))) == nil
    default: return false
    }
  }

  /// Counts words rather than spaces, of which some columns are full, and rows rather than values: of
  /// few answers one may be long.
  private static func isWordy(_ column: Column, _ levels: ColumnLevels) -> Bool {
    guard levels.valueCount > 0 else { return false }
    var (words, rows) = (0, 0)
    for level in 1...levels.valueCount {
      rows += levels.counts[level]
      var isInside = false
      for byte in column.bytes(Int(levels.firstRow[level])) {
        if !byte.isSpace, !isInside { words += levels.counts[level] }
        isInside = !byte.isSpace
      }
      let letters = UnspacedScript.letters(in: column.bytes(Int(levels.firstRow[level])))
      words += letters / UnspacedScript.wordLetters * levels.counts[level]
    }
    return words >= wordyValue * rows
  }
}
