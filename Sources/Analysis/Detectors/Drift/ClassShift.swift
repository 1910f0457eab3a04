/// What has become of a column's classes between two sets of rows.
struct ClassShift {
  private static let listedClasses = 20

  private let names: [String]
  /// Rows of each class.
  private let before: [Int]
  private let after: [Int]
  /// With those without a class.
  private let beforeRows: Int
  private let afterRows: Int

  init(
    names: [String], before: [Int], after: [Int], missingBefore: Int, missingAfter: Int
  ) {
    self.names = names
    self.before = before
    self.after = after
    beforeRows = before.reduce(missingBefore, +)
    afterRows = after.reduce(missingAfter, +)
  }

  /// Classes that only the later side has, the commonest first.
  var new: [Int] {
    names.indices.filter { before[$0] == 0 && after[$0] > 0 }
      .sorted { (after[$1], names[$0]) < (after[$0], names[$1]) }
  }

  /// Classes that only the earlier side has, the commonest first.
  var vanished: [Int] {
    names.indices.filter { after[$0] == 0 && before[$0] > 0 }
      .sorted { (before[$1], names[$0]) < (before[$0], names[$1]) }
  }

  /// Names and rows of the first of them.
  func listed(_ classes: [Int]) -> [DriftDetails.ClassCount] {
    classes.prefix(Self.listedClasses).map {
      DriftDetails.ClassCount(name: names[$0], rows: before[$0] + after[$0])
    }
  }

  /// Whether rows of new classes are more than was to be expected. The share of unseen classes is
  /// about that of the classes seen once (Good, "The Population Frequencies of Species", 1953), up to
  /// three standard deviations of either count.
  var areNewSurprising: Bool {
    let newRows = new.reduce(0) { $0 + after[$1] }
    guard newRows > 0 else { return false }
    let once = Double(before.count { $0 == 1 })
    let scale = Double(afterRows) / Double(beforeRows)
    let expected = once * scale
    let deviation = (expected + once * scale * scale).squareRoot()
    return Double(newRows) > expected + 3 * max(deviation, scale)
  }

  /// The class whose share has changed most.
  var largestChange: (name: String, before: Double, after: Double)? {
    names.indices.map { name in
      (
        name: names[name], before: Double(before[name]) / Double(beforeRows),
        after: Double(after[name]) / Double(afterRows)
      )
    }.max { abs($0.after - $0.before) < abs($1.after - $1.before) }
  }
}
