/// What is wrong with how a cell is written.
struct FormatIssue: Equatable {
  var kind: InconsistentFormatsDetails.Kind
  /// In words that follow "column is value".
  var reason: String
  /// How the cell should be written; nil if that cannot be told.
  var suggestion: String?
}

/// What is wrong with some values of a column.
struct ColumnIssues {
  /// By level.
  private(set) var ofLevel: [Int: FormatIssue] = [:]
  /// By row, where spellings of one value differ.
  private(set) var ofRow: [Int: FormatIssue] = [:]

  var isEmpty: Bool { ofLevel.isEmpty && ofRow.isEmpty }

  /// Notes an issue of a level; the first one counts.
  mutating func add(_ issue: FormatIssue, level: Int) {
    if ofLevel[level] == nil { ofLevel[level] = issue }
  }

  mutating func add(_ issue: FormatIssue, row: Int) {
    if ofRow[row] == nil { ofRow[row] = issue }
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
