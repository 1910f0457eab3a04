/// A column that is the label again, under the same names or others, up to a few cells.
///
/// Agreement is measured by Cohen's kappa ("A Coefficient of Agreement for Nominal Scales", 1960),
/// to which classes of unequal size do not contribute by chance.
struct LabelCopy {
  /// Columns with the label's own names are copies from this kappa on: wrong labels lower it.
  static let kappaOfSameNames = 0.9
  /// Columns with other names are copies from this kappa on.
  static let kappa = 0.95
  private static let shownNames = 4

  /// Share of the rows with both that agree.
  let agreement: Double
  private let disagreeing: Int
  private let hasSameNames: Bool
  /// The names of the label's classes and of the column's levels that stand for them.
  private let names: [(label: String, level: String)]

  /// Nil if the column is no copy. Linear in the rows.
  init?(_ column: Column, _ levels: ColumnLevels, of label: LabelColumn) {
    let used = levels.counts.indices.dropFirst().filter { levels.counts[$0] > 0 }
    guard used.count >= 2, used.count <= label.classes.count,
      Double(column.missingCount) <= 0.1 * Double(levels.levelOfRow.count)
    else { return nil }
    var counts = ContingencyTable(rows: levels.counts.count, columns: label.classes.count)
    var rows = 0
    for (row, level) in levels.levelOfRow.enumerated() where level > 0 && label.classOfRow[row] >= 0
    {
      counts.add(Int(level), label.classOfRow[row])
      rows += 1
    }
    guard rows > 0 else { return nil }

    func name(_ level: Int) -> String { column.text(Int(levels.firstRow[level])) }
    var classOfLevel: [Int: Int] = [:]
    let folded = label.classes.map { $0.lowercased() }
    for level in used {
      if let same = folded.firstIndex(of: name(level).lowercased()) { classOfLevel[level] = same }
    }
    hasSameNames = classOfLevel.count == used.count
    if !hasSameNames {
      for level in used {
        classOfLevel[level] = label.classes.indices.max {
          counts[level, $0] < counts[level, $1]
        }
      }
    }
    // Each level stands for a class of its own.
    guard Set(classOfLevel.values).count == used.count else { return nil }

    var agreeing = 0
    var chance = 0.0
    for level in used {
      guard let partner = classOfLevel[level] else { continue }
      agreeing += counts[level, partner]
      let levelSum = label.classes.indices.reduce(0) { $0 + counts[level, $1] }
      let classSum = used.reduce(0) { $0 + counts[$1, partner] }
      chance += Double(levelSum) / Double(rows) * Double(classSum) / Double(rows)
    }
    agreement = Double(agreeing) / Double(rows)
    disagreeing = rows - agreeing
    guard chance < 1,
      (agreement - chance) / (1 - chance) >= (hasSameNames ? Self.kappaOfSameNames : Self.kappa)
    else { return nil }
    names = used.compactMap { level in
      classOfLevel[level].map { (label.classes[$0], name(level)) }
    }
  }

  /// What is copied, in words that follow the column's name.
  var words: String {
    let shown = names.prefix(Self.shownNames).map { "\"\($0.level)\" for \"\($0.label)\"" }
      .joined(separator: ", ")
    let mapping =
      hasSameNames
      ? "it has the label's own values" : "it is the label under other names (\(shown))"
    return mapping
      + (disagreeing == 0 ? " in all rows." : " in all but \(disagreeing.counted("row")).")
  }
}
