/// The shares of the rows that groups should have: those in a reference dataset that has the column, or
/// else even ones.
struct ExpectedShares {
  let ofGroups: [Double]
  /// Groups that only the reference dataset has.
  let ofAbsent: [(name: String, share: Double)]
  let areOfReference: Bool

  var count: Int { ofGroups.count + ofAbsent.count }

  /// Nil unless groups are values, and there is something to compare.
  init?(_ groups: SensitiveGroups, _ subject: AnalysisSubject) {
    guard groups.making == .values, !groups.names.isEmpty else { return nil }
    let own = subject.table.columns[groups.columns[0]]
    guard let reference = subject.reference, let index = reference.columnIndex(named: own.name)
    else {
      // Ages and amounts have no reason to be equally common.
      guard groups.names.count > 1, !SensitiveColumns.isAge(own.name), own.type != .real,
        own.type != .dateTime
      else { return nil }
      ofGroups = groups.names.map { _ in 1 / Double(groups.names.count) }
      ofAbsent = []
      areOfReference = false
      return
    }
    let levels = subject.levels(of: groups.columns[0])
    /// -1 for values that belong to no group.
    var groupOfName: [String: Int] = [:]
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let row = Int(levels.firstRow[level])
      let name = own.valueName(row)
      if groupOfName[name] == nil { groupOfName[name] = Int(groups.groupOfRow[row]) }
    }
    let column = reference.columns[index]
    let before = column.levels()
    var counts = [Int](repeating: 0, count: groups.names.count)
    var absent: [(name: String, rows: Int)] = []
    for level in before.counts.indices.dropFirst() where before.counts[level] > 0 {
      let row = Int(before.firstRow[level])
      let name = column.valueName(row)
      if let group = groupOfName[name] {
        if group >= 0 { counts[group] += before.counts[level] }
      } else if !MissingTokens.standsIn(column.bytes(row)) {
        absent.append((name, before.counts[level]))
      }
    }
    let total = Double(counts.reduce(0, +) + absent.reduce(0) { $0 + $1.rows })
    guard total > 0 else { return nil }
    ofGroups = counts.map { Double($0) / total }
    ofAbsent = absent.map { ($0.name, Double($0.rows) / total) }
    areOfReference = true
  }
}
