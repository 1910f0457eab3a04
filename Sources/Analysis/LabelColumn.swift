/// The label column of a table and the class of each row.
public struct LabelColumn: Sendable {
  /// Names that are taken for the label column when none is given, in order of preference, letters
  /// in either case.
  public static let guessedNames = [
    "label", "labels", "given_label", "target", "class", "y", "outcome",
  ]
  /// More distinct values than this are not classes.
  public static let maximumClasses = 100
  /// So few numbers or dates are classes however few rows there are; more are if each has
  /// ``rowsPerClass`` rows on average.
  static let fewClasses = 10
  static let rowsPerClass = 5

  /// The column's index.
  public let column: Int
  /// Whether the name was guessed.
  public let isGuessed: Bool
  /// Whether labels are classes or numbers.
  public let task: TaskType
  /// The classes in ascending order of their bytes. Empty unless the task is classification.
  public let classes: [String]

  /// The class of each row; -1 where the label is missing. Empty unless there are classes.
  let classOfRow: [Int]
  /// Rows of each class.
  let counts: [Int]

  /// Finds the label column.
  ///
  /// - Returns: nil if none was named and none can be guessed.
  init?(table: Table, options: AnalysisOptions) throws(DatasetError) {
    let index: Int
    if let name = options.labelColumn {
      index = try table.requiredColumn(
        named: name, for: "to take labels from", orElse: .unknownLabelColumn)
      isGuessed = false
    } else {
      let names = table.names.map { $0.lowercased() }
      let guess = Self.guessedNames.lazy.compactMap { names.firstIndex(of: $0) }.first {
        Self.inferTask(table.columns[$0]) != nil && !Self.isCoordinate($0, table)
      }
      guard let guess else { return nil }
      index = guess
      isGuessed = true
    }
    let column = table.columns[index]
    self.column = index
    self.task = options.taskType ?? Self.inferTask(column) ?? .classification
    guard task == .classification, column.distinctCount <= Self.maximumClasses else {
      (classes, classOfRow, counts) = ([], [], [])
      return
    }

    let levels = column.levels()
    let ordered = levels.counts.indices.dropFirst()
      .map { (level: $0, name: column.text(Int(levels.firstRow[$0]))) }
      .sorted {
        $0.name == $1.name
          ? $0.level < $1.level : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
    var classOfLevel = [Int](repeating: -1, count: levels.counts.count)
    for (label, item) in ordered.enumerated() { classOfLevel[item.level] = label }
    classes = ordered.map(\.name)
    classOfRow = levels.levelOfRow.map { classOfLevel[Int($0)] }
    var counts = [Int](repeating: 0, count: classes.count)
    for label in classOfRow where label >= 0 { counts[label] += 1 }
    self.counts = counts
  }

  /// Whether a column `y` stands beside an `x` and other columns: then it is a place or a size.
  private static func isCoordinate(_ index: Int, _ table: Table) -> Bool {
    let names = table.names.map { $0.lowercased() }
    guard names[index] == "y", names.contains("x") else { return false }
    return table.columns.count { $0.type != .identifier } > 2
  }

  /// Words are classes. So are whole numbers, however they are written, and dates, if there are few
  /// of them; other numbers are to be predicted as such. Nil if the column can hold no labels.
  private static func inferTask(_ column: Column) -> TaskType? {
    switch column.type {
    case .boolean, .category: return .classification
    case .integer, .real, .dateTime:
      let distinct = column.distinctCount
      let labelled = column.count - column.missingCount
      let areFew =
        distinct <= fewClasses
        || (distinct <= maximumClasses && labelled >= distinct * rowsPerClass)
      return areFew && (column.type != .real || column.isWhole) ? .classification : .regression
    case .text, .identifier, .empty: return nil
    }
  }
}

extension Column {
  /// Whether all its numbers are whole, as 2.0 is.
  fileprivate var isWhole: Bool {
    numericValues().allSatisfy { $0.isNaN || ($0.isFinite && $0 == $0.rounded()) }
  }
}
