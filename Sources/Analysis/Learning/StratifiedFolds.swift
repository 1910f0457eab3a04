/// A partition of rows into folds in which every class is spread as evenly as possible.
struct StratifiedFolds: Sendable {
  /// The fold of each row.
  let foldOfRow: [Int]
  let count: Int

  /// Shuffles the rows of each class and deals them out in turn; dealing goes on where the class
  /// before stopped, so that folds differ by one row at most.
  ///
  /// - Parameter groups: a number for each row; rows of the same number come into the same fold, which
  ///   then is the larger. Nil, or if there are fewer groups than folds: each row is by itself.
  init(
    classes: [Int], classCount: Int, count: Int, groups: [Int]? = nil,
    generator: inout SeededGenerator
  ) {
    var members = [[Int]](repeating: [], count: classCount)
    for (row, label) in classes.enumerated() { members[label].append(row) }
    var folds = [Int](repeating: 0, count: classes.count)
    var turn = 0
    let groups = groups.flatMap { Set($0).count < count ? nil : $0 }
    var foldOfGroup: [Int: Int] = [:]
    for label in 0..<classCount {
      generator.shuffle(&members[label])
      for row in members[label] {
        if let groups, let fold = foldOfGroup[groups[row]] {
          folds[row] = fold
          continue
        }
        folds[row] = turn % count
        if let groups { foldOfGroup[groups[row]] = folds[row] }
        turn += 1
      }
    }
    self.foldOfRow = folds
    self.count = count
  }

  /// The rows of a fold, ascending.
  func rows(in fold: Int) -> [Int] { foldOfRow.indices.filter { foldOfRow[$0] == fold } }

  /// The rows of all other folds, ascending; if there are more than `limit`, as many at random.
  func training(without fold: Int, limit: Int, generator: inout SeededGenerator) -> [Int] {
    generator.sample(foldOfRow.indices.filter { foldOfRow[$0] != fold }, limit: limit)
  }
}
