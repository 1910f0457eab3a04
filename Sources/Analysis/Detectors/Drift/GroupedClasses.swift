/// A column of classes in groups of rows.
struct GroupedClasses {
  /// Classes are compared that are expected in at least so many rows of the smaller side, the others as
  /// one (Cochran, "Some Methods for Strengthening the Common χ² Tests", 1954).
  private static let minimumExpected = 5.0
  private static let comparedClasses = 30

  let names: [String]
  /// Rows of each class, by group.
  private let counts: [[Int]]
  private let missing: [Int]
  /// In all groups.
  private let totals: [Int]
  /// Classes, the commonest first.
  private let ordered: [Int]
  /// The class of each level of the dataset's own column; -1 for missing values.
  private let classOfLevel: [Int]
  private let levels: ColumnLevels

  /// Linear in the rows of the groups.
  ///
  /// - Parameters:
  ///   - columns: the column in each group's table and its levels; the last one is the dataset's own.
  init(_ groups: [DriftGroups.Group], _ columns: [(column: Column, levels: ColumnLevels)]) {
    let areBoolean = columns.allSatisfy { $0.column.type == .boolean }
    var index: [String: Int] = [:]
    var names: [String] = []
    var counts = [[Int]](repeating: [], count: groups.count)
    var missing = [Int](repeating: 0, count: groups.count)
    var classOfLevel: [Int] = []
    for (group, source) in columns.enumerated() {
      var ofLevel = [Int](repeating: 0, count: source.levels.counts.count)
      for row in groups[group].rows { ofLevel[Int(source.levels.levelOfRow[row])] += 1 }
      missing[group] = ofLevel[0]
      classOfLevel = ofLevel.map { _ in -1 }
      for level in ofLevel.indices.dropFirst() where source.levels.counts[level] > 0 {
        let row = Int(source.levels.firstRow[level])
        let name = source.column.text(row).trimmed
        let value = areBoolean ? Self.answer(name) : source.column.valueName(row)
        let position = index[value] ?? names.count
        if position == names.count {
          index[value] = position
          names.append(name)
        }
        classOfLevel[level] = position
        counts[group] += Array(
          repeating: 0, count: max(0, position + 1 - counts[group].count))
        counts[group][position] += ofLevel[level]
      }
    }
    let filled = counts.map { $0 + Array(repeating: 0, count: names.count - $0.count) }
    let totals = names.indices.map { name in filled.reduce(0) { $0 + $1[name] } }
    self.counts = filled
    self.names = names
    self.missing = missing
    self.totals = totals
    self.classOfLevel = classOfLevel
    self.levels = columns[columns.count - 1].levels
    ordered = names.indices.filter { totals[$0] > 0 }.sorted {
      (totals[$1], names[$0]) < (totals[$0], names[$1])
    }
  }

  /// The same for `yes`, `TRUE` and `1`: programs write booleans in their own ways.
  private static func answer(_ boolean: String) -> String {
    ["true", "t", "yes", "y", "1"].contains(boolean.lowercased()) ? "yes" : "no"
  }

  /// Rows of each class in some groups.
  private func sum(_ groups: some Sequence<Int>) -> [Int] {
    groups.reduce(into: [Int](repeating: 0, count: names.count)) { sums, group in
      for (name, count) in counts[group].enumerated() { sums[name] += count }
    }
  }

  private func others(_ groups: Range<Int>) -> [Int] {
    counts.indices.filter { !groups.contains($0) }
  }

  /// How much a contrast's sides differ.
  func measure(_ contrast: Range<Int>) -> DriftMeasure {
    let sides = compared(others(contrast), Array(contrast))
    var table = ContingencyTable(rows: 2, columns: sides.before.count)
    for place in sides.before.indices {
      table.add(0, place, count: sides.before[place])
      table.add(1, place, count: sides.after[place])
    }
    let probability = table.independence.map { $0.leastExpected >= 1 ? $0.probability : 1 } ?? 1
    return DriftMeasure(
      psi: psi(of: contrast, against: others(contrast)), distance: nil, probability: probability)
  }

  /// The stability index of groups against others, over the common classes, the others together, and
  /// missing values.
  func psi(of after: Range<Int>, against before: [Int]) -> Double {
    let sides = compared(before, Array(after))
    return PopulationStability.index(
      sides.before + [before.reduce(0) { $0 + missing[$1] }],
      sides.after + [after.reduce(0) { $0 + missing[$1] }])
  }

  /// Rows of the common classes, and of all others together.
  private func compared(_ before: [Int], _ after: [Int]) -> (before: [Int], after: [Int]) {
    let (old, new) = (sum(before), sum(after))
    let (oldRows, newRows) = (old.reduce(0, +), new.reduce(0, +))
    let share = Double(min(oldRows, newRows)) / Double(max(1, oldRows + newRows))
    let common = ordered.prefix(Self.comparedClasses).prefix {
      Double(old[$0] + new[$0]) * share >= Self.minimumExpected
    }
    var sides = (before: common.map { old[$0] }, after: common.map { new[$0] })
    let rest = (
      before: oldRows - sides.before.reduce(0, +), after: newRows - sides.after.reduce(0, +)
    )
    if Double(rest.before + rest.after) * share >= 1 || common.isEmpty {
      sides.before.append(rest.before)
      sides.after.append(rest.after)
    } else {
      // Too few to be compared: they go with the rarest of the others.
      sides.before[common.count - 1] += rest.before
      sides.after[common.count - 1] += rest.after
    }
    return sides
  }

  /// What is new, gone, and most different on a contrast's later side.
  func shift(_ contrast: Range<Int>) -> ClassShift {
    ClassShift(
      names: names, before: sum(others(contrast)), after: sum(contrast),
      missingBefore: others(contrast).reduce(0) { $0 + missing[$1] },
      missingAfter: contrast.reduce(0) { $0 + missing[$1] })
  }

  /// The rows of groups of the dataset whose class is one of those.
  func rows(of classes: Set<Int>, in groups: ArraySlice<DriftGroups.Group>) -> [Int] {
    groups.flatMap { group in
      group.rows.filter { classes.contains(classOfLevel[Int(levels.levelOfRow[$0])]) }
    }.sorted()
  }
}
