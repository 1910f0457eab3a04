/// The groups that the rows fall into by a sensitive column, or by two at once.
struct SensitiveGroups {
  /// How groups are made.
  enum Making: String, Codable, Sendable {
    /// A group for each value.
    case values
    /// Ages in years by the bounds 18, 25, 40 and 65.
    case ageBands = "age_bands"
    /// Four groups of about the same size, cut between different values.
    case quartiles
    /// A group for each pair of two columns' groups.
    case intersection
  }

  /// Only so many groups are told apart, the largest; rows of others belong to none.
  static let limit = 100
  /// A column of numbers with more different values than this is cut into ranges.
  static let maximumNumberValues = 10
  /// Of age, 18 and 65 are the usual bounds of adult and of working life; at 40 the protection of
  /// the US Age Discrimination in Employment Act of 1967 begins (§12); 25 ends youth in the
  /// statistics of the United Nations.
  static let ageBounds = [18.0, 25, 40, 65]

  /// The columns' indices: one, or two of an intersection.
  let columns: [Int]
  let making: Making
  /// The groups' names: in the order of their numbers or bytes.
  let names: [String]
  /// The names as sentences have them: with the column's where they would say nothing without it.
  let shown: [String]
  /// Values that stand for missing ones, such as "Unknown": their rows belong to no group.
  let standIns: [String]
  /// The group of each row; -1 for none.
  let groupOfRow: [Int32]
  /// Rows of each group.
  let counts: [Int]

  /// Groups by one column.
  init(_ column: Int, in subject: AnalysisSubject) {
    let source = subject.table.columns[column]
    let levels = subject.levels(of: column)
    let valued = levels.counts.reduce(0, +) - levels.counts[0]
    columns = [column]
    if levels.valueCount > Self.maximumNumberValues, valued > 0 {
      let order = subject.order(of: column)
      // As for the type of a column, a few strays among numbers do not count.
      if Double(order.count) >= ColumnCensus.numericShare * Double(valued) {
        let numbers = source.numericValues()
        let isAge =
          SensitiveColumns.isAge(source.name)
          && numbers[Int(order[0])] >= 0
          && (18...130).contains(numbers[Int(order[order.count - 1])])
        (names, groupOfRow) =
          isAge ? Self.ageBands(numbers) : Self.quartiles(source, numbers, order)
        making = isAge ? .ageBands : .quartiles
        shown = names
        standIns = []
        counts = Self.count(groupOfRow, names.count)
        return
      }
    }
    making = .values
    func text(_ level: Int) -> String { source.text(Int(levels.firstRow[level])) }
    let present = levels.counts.indices.dropFirst().filter { levels.counts[$0] > 0 }
    let absent = present.filter { MissingTokens.standsIn(source.bytes(Int(levels.firstRow[$0]))) }
    standIns = absent.map(text).sorted()
    let largest = present.filter { !absent.contains($0) }
      .sorted { (levels.counts[$1], $0) < (levels.counts[$0], $1) }
    let named = largest.prefix(Self.limit)
      .map { (level: $0, name: text($0)) }
      .sorted {
        $0.name == $1.name
          ? $0.level < $1.level : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
    var groupOfLevel = [Int32](repeating: -1, count: levels.counts.count)
    for (group, item) in named.enumerated() { groupOfLevel[item.level] = Int32(group) }
    names = named.map(\.name)
    let areAnswers = named.allSatisfy { item in
      FavourableClass.answers.contains(item.name.lowercased())
        || NumberParser.parse(Array(item.name.utf8)[...]) != nil
    }
    shown = areAnswers ? named.map { "\(source.name) = \($0.name)" } : names
    groupOfRow = levels.levelOfRow.map { groupOfLevel[Int($0)] }
    counts = Self.count(groupOfRow, names.count)
  }

  /// The groups of rows that are in the same group of both.
  init(_ first: SensitiveGroups, and second: SensitiveGroups) {
    columns = first.columns + second.columns
    making = .intersection
    let width = second.names.count
    let pairs = zip(first.groupOfRow, second.groupOfRow).map { one, other in
      one >= 0 && other >= 0 ? Int32(Int(one) * width + Int(other)) : -1
    }
    let sizes = Self.count(pairs, first.names.count * width)
    let largest = sizes.indices.filter { sizes[$0] > 0 }
      .sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    let kept = largest.prefix(Self.limit).sorted()
    var groupOfPair = [Int32](repeating: -1, count: sizes.count)
    for (group, pair) in kept.enumerated() { groupOfPair[pair] = Int32(group) }
    names = kept.map { "\(first.shown[$0 / width]), \(second.shown[$0 % width])" }
    shown = names
    standIns = []
    groupOfRow = pairs.map { $0 < 0 ? -1 : groupOfPair[Int($0)] }
    counts = kept.map { sizes[$0] }
  }

  private static func count(_ groupOfRow: [Int32], _ groups: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: groups)
    for group in groupOfRow where group >= 0 { counts[Int(group)] += 1 }
    return counts
  }

  private static func ageBands(_ numbers: [Double]) -> ([String], [Int32]) {
    let names = ["under 18", "18 to 24", "25 to 39", "40 to 64", "65 and over"]
    return (
      names,
      numbers.map { number in
        number.isFinite ? Int32(ageBounds.count { number >= $0 }) : -1
      }
    )
  }

  /// - Parameter order: the rows with a finite number, ascending.
  private static func quartiles(
    _ column: Column, _ numbers: [Double], _ order: [UInt32]
  ) -> ([String], [Int32]) {
    var groupOfRow = [Int32](repeating: -1, count: numbers.count)
    var names: [String] = []
    var start = 0
    for quarter in 1...4 {
      var end = max(start, order.count * quarter / 4)
      // Equal values stay together.
      while end > start, end < order.count,
        numbers[Int(order[end])] == numbers[Int(order[end - 1])]
      { end += 1 }
      guard end > start else { continue }
      for position in start..<end { groupOfRow[Int(order[position])] = Int32(names.count) }
      let (least, most) = (Int(order[start]), Int(order[end - 1]))
      names.append(
        numbers[least] == numbers[most]
          ? column.text(least) : "\(column.text(least)) to \(column.text(most))")
      start = end
    }
    return (names, groupOfRow)
  }
}
