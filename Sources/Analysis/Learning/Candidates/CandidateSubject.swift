/// The rows, labels and folds that all candidates of one analysis share, and how much they may spend.
struct CandidateSubject: Sendable {
  /// The given class of each row.
  let labels: [Int]
  let classCount: Int
  /// Partitions whose out-of-sample probabilities are averaged: several for small tables, where the
  /// chance of one would show (Burman 1989).
  let partitions: [StratifiedFolds]
  /// The rows on which settings are searched, ascending.
  let searchRows: [Int]
  /// Their folds, by position in `searchRows`.
  let searchFolds: StratifiedFolds

  var rowCount: Int { labels.count }

  /// Tables of more rows are split in two: at a fixed budget of rows each model then learns from the
  /// most.
  static let fewRows = 20_000
  /// Numbers in a table (times classes) up to which partitions are repeated.
  private static let repeatedSize = 400_000
  /// So many times that all partitions together have about this many rows, and ten times at most.
  private static let repeatedRows = 5_000

  /// - Parameters:
  ///   - width: features of the table.
  ///   - hasText: whether there is text to learn from.
  ///   - groups: for each row a number that rows share of which none may be judged by what was learnt from
  ///     another; nil if there are none.
  init(
    labels: [Int], classCount: Int, width: Int, hasText: Bool, groups: [Int]? = nil,
    generator: inout SeededGenerator
  ) {
    self.labels = labels
    self.classCount = classCount
    let count = labels.count
    let width = max(1, width)
    let folds = count <= Self.fewRows ? 5 : 2
    let isSmall = count * width * classCount <= Self.repeatedSize && !hasText
    let repetitions = isSmall ? max(1, min(10, Self.repeatedRows / max(1, count))) : 1
    var partitions: [StratifiedFolds] = []
    for _ in 0..<repetitions {
      partitions.append(
        StratifiedFolds(
          classes: labels, classCount: classCount, count: folds, groups: groups,
          generator: &generator))
    }
    self.partitions = partitions
    let limit = hasText ? 20_000 : max(2_000, min(5_000, 1_000_000 / (width * classCount)))
    if count <= limit {
      searchRows = Array(labels.indices)
      searchFolds = partitions[0]
    } else {
      let rows = generator.sample(Array(labels.indices), limit: limit)
      searchRows = rows
      searchFolds = StratifiedFolds(
        classes: rows.map { labels[$0] }, classCount: classCount, count: folds,
        groups: groups.map { all in rows.map { all[$0] } }, generator: &generator)
    }
  }
}

/// Out-of-sample probabilities of one kind of model.
struct Candidate: Sendable {
  /// What it is, in reports.
  let name: String
  /// What was chosen for it.
  let settings: String
  /// For each row the probabilities of its true class, row-major.
  let probabilities: [Float]
}

/// The mean negative log-probability of the given labels, if they are wrong at a rate.
func noisyLogLoss(
  _ probabilities: [Float], labels: [Int], classCount: Int, noise: Double
) -> Double {
  var logs = LogSum()
  let other = noise / Double(max(1, classCount - 1))
  for (row, label) in labels.enumerated() {
    let q = Double(probabilities[row * classCount + label])
    logs.add(max(1e-12, (1 - noise) * q + other * (1 - q)))
  }
  return -logs.value / Double(max(1, labels.count))
}
