/// What is wrong with how a cell is written.
struct FormatIssue: Equatable {
  var kind: InconsistentFormatsDetails.Kind
  /// In words that follow "column is value".
  var reason: String
  /// How the cell should be written; nil if that cannot be told.
  var suggestion: String?
}

/// What is wrong with some values of a column, which may be millions: they share their words.
struct ColumnIssues: Sendable {
  /// A value and what is wrong with it.
  struct Entry: Sendable {
    /// The level or the row.
    let place: UInt32
    fileprivate let flaw: UInt32
    let suggestion: String?
  }

  private struct Flaw: Hashable {
    var kind: InconsistentFormatsDetails.Kind
    var reason: String
  }

  private var flaws: [Flaw] = []
  private var numberOfFlaw: [Flaw: UInt32] = [:]
  private var levels: [Entry] = []
  private var rows: [Entry] = []

  var isEmpty: Bool { levels.isEmpty && rows.isEmpty }
  var hasLevels: Bool { !levels.isEmpty }
  /// By ascending level, each once.
  var ofLevels: [Entry] { Self.firstOfEach(levels) }
  /// Where spellings of one value differ: by ascending row, each once.
  var ofRows: [Entry] { Self.firstOfEach(rows) }

  /// Notes an issue of a level; the first one counts.
  mutating func add(_ issue: FormatIssue, level: Int) { levels.append(entry(issue, level)) }

  /// Notes an issue of a row; the first one counts.
  mutating func add(_ issue: FormatIssue, row: Int) { rows.append(entry(issue, row)) }

  func kind(_ entry: Entry) -> InconsistentFormatsDetails.Kind { flaws[Int(entry.flaw)].kind }

  func reason(_ entry: Entry) -> String { flaws[Int(entry.flaw)].reason }

  private mutating func entry(_ issue: FormatIssue, _ place: Int) -> Entry {
    let flaw = Flaw(kind: issue.kind, reason: issue.reason)
    let number = numberOfFlaw[flaw] ?? UInt32(flaws.count)
    if Int(number) == flaws.count {
      flaws.append(flaw)
      numberOfFlaw[flaw] = number
    }
    return Entry(place: UInt32(place), flaw: number, suggestion: issue.suggestion)
  }

  private static func firstOfEach(_ entries: [Entry]) -> [Entry] {
    // The sort is stable.
    var sorted = entries.sorted { $0.place < $1.place }
    var last: UInt32?
    sorted.removeAll { entry in
      defer { last = entry.place }
      return entry.place == last
    }
    return sorted
  }
}

extension InconsistentFormatsDetails.Kind {
  /// How much a cell is doubted for it.
  var score: Double {
    switch self {
    case .impossibleDate: 0.9
    case .mixedType, .mojibake: 0.8
    case .dateRange: 0.7
    case .spelling, .typo: 0.6
    case .controlCharacter: 0.5
    case .surroundingSpace, .repeatedSpace, .dateFormat: 0.4
    case .numberAsText: 0.3
    }
  }
}
