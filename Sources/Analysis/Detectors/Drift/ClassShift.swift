/// How the shares of a column's classes have shifted between two sets of rows.
struct ClassShift {
  /// A class and how many rows of each side have it.
  struct Class: Equatable {
    var name: String
    var before: Int
    var after: Int
  }

  /// Rarer classes are lumped together.
  private static let minimumCount = 10
  private static let comparedClasses = 30
  private static let listedClasses = 20

  private let classes: [Class]
  private let beforeRows: Int
  private let afterRows: Int
  /// The stability index over the common classes, the others together, and missing values.
  let psi: Double
  /// Of as large a difference by chance, by Pearson's test over the same but missing values.
  let probability: Double
  /// The later rows whose class is new, in ascending order.
  let newRows: [Int]

  /// Linear in the rows of both columns.
  init(
    _ old: Column, _ oldLevels: ColumnLevels, _ oldRows: [Int],
    _ new: Column, _ newLevels: ColumnLevels, _ newRows: [Int]
  ) {
    func counts(_ levels: ColumnLevels, _ rows: [Int]) -> [Int] {
      var counts = [Int](repeating: 0, count: levels.counts.count)
      for row in rows { counts[Int(levels.levelOfRow[row])] += 1 }
      return counts
    }
    let (before, after) = (counts(oldLevels, oldRows), counts(newLevels, newRows))
    var index: [String: Int] = [:]
    var found: [Class] = []
    func add(
      _ column: Column, _ levels: ColumnLevels, _ counts: [Int], _ side: WritableKeyPath<Class, Int>
    ) {
      for level in counts.indices.dropFirst() where counts[level] > 0 {
        let name = column.text(Int(levels.firstRow[level])).trimmed
        let position = index[name] ?? found.count
        if position == found.count {
          index[name] = position
          found.append(Class(name: name, before: 0, after: 0))
        }
        found[position][keyPath: side] += counts[level]
      }
    }
    add(old, oldLevels, before, \.before)
    add(new, newLevels, after, \.after)
    classes = found
    beforeRows = oldRows.count
    afterRows = newRows.count

    let common = found.filter { $0.before + $0.after >= Self.minimumCount }
      .sorted { ($1.before + $1.after, $0.name) < ($0.before + $0.after, $1.name) }
      .prefix(Self.comparedClasses)
    let rest = Class(
      name: "", before: found.reduce(0) { $0 + $1.before } - common.reduce(0) { $0 + $1.before },
      after: found.reduce(0) { $0 + $1.after } - common.reduce(0) { $0 + $1.after })
    let compared = common + (rest.before + rest.after > 0 ? [rest] : [])
    var table = ContingencyTable(rows: 2, columns: compared.count)
    for (position, item) in compared.enumerated() {
      table.add(0, position, count: item.before)
      table.add(1, position, count: item.after)
    }
    let test = table.independence
    probability = test.map { $0.leastExpected >= 1 ? $0.probability : 1 } ?? 1
    psi = PopulationStability.index(
      compared.map(\.before) + [before[0]], compared.map(\.after) + [after[0]])

    let isNew = after.indices.map { level in
      level > 0 && after[level] > 0
        && index[new.text(Int(newLevels.firstRow[level])).trimmed].map { found[$0].before == 0 }
          == true
    }
    self.newRows = newRows.filter { isNew[Int(newLevels.levelOfRow[$0])] }
  }

  /// Classes that only the later side has, the commonest first.
  var new: [Class] {
    classes.filter { $0.before == 0 }.sorted { ($1.after, $0.name) < ($0.after, $1.name) }
  }

  /// Classes that only the earlier side has, the commonest first.
  var vanished: [Class] {
    classes.filter { $0.after == 0 }.sorted { ($1.before, $0.name) < ($0.before, $1.name) }
  }

  /// Names and rows of the first of them.
  func listed(_ classes: KeyPath<ClassShift, [Class]>) -> [DriftDetails.ClassCount] {
    self[keyPath: classes].prefix(Self.listedClasses).map {
      DriftDetails.ClassCount(name: $0.name, rows: $0.before + $0.after)
    }
  }

  /// Whether rows of new classes are more than was to be expected. The share of unseen classes is
  /// about that of the classes seen once (Good, "The Population Frequencies of Species", 1953), up to
  /// three standard deviations of either count.
  var areNewSurprising: Bool {
    guard !newRows.isEmpty else { return false }
    let once = Double(classes.count { $0.before == 1 })
    let scale = Double(afterRows) / Double(beforeRows)
    let expected = once * scale
    let deviation = (expected + once * scale * scale).squareRoot()
    return Double(newRows.count) > expected + 3 * max(deviation, scale)
  }

  /// The class whose share has changed most.
  var largestChange: (name: String, before: Double, after: Double)? {
    let shares = classes.map { item in
      (
        name: item.name, before: Double(item.before) / Double(beforeRows),
        after: Double(item.after) / Double(afterRows)
      )
    }
    return shares.max { abs($0.after - $0.before) < abs($1.after - $1.before) }
  }
}
