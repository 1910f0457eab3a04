/// Pairs of rows whose texts are nearly equal.
struct TextPairs {
  /// Shorter texts, once normalised, are alike by chance.
  static let minimumLength = 16
  /// So many runs of texts are kept, of four bytes each; those of further texts are made again when they
  /// are compared.
  static let keptRuns = 64 << 20

  private static let seenLimit = 2 << 20

  private(set) var pairs: [NearPair] = []
  /// The rows whose texts are long enough to be compared.
  private(set) var isCompared: [Bool]

  /// - Parameters:
  ///   - rows: those to be kept rather before others: of rows with the same normalised text and the
  ///     same other features the first stands for all.
  ///   - agreement: the share of the other features that must agree.
  init(
    _ subject: AnalysisSubject, columns: [Int], rows: [Int], threshold: Double,
    agreement: Double, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let table = subject.table
    isCompared = [Bool](repeating: false, count: table.rowCount)
    let others = OtherFeatures(subject, except: columns)
    /// Rows with different normalised texts or features, and for each the first row that has them.
    var distinct: [UInt32] = []
    var placeOfText: [UInt64: UInt32] = [:]
    var sets = ShingleStore(capacity: Self.keptRuns)
    var index = MinHashIndex(capacity: rows.count)
    var indexing = PacedCheckpoint(checkpoint.part(from: 0, to: 0.6))
    for (step, row) in rows.enumerated() {
      let text = Self.text(of: row, columns, table)
      try indexing.passed(text.count + 1, at: Double(step) / Double(rows.count))
      guard ShingleSet.length(of: text) >= Self.minimumLength else { continue }
      isCompared[row] = true
      let hash = StableHash.of(text) ^ others.hash(row, agreement: agreement)
      if let known = placeOfText[hash] {
        pairs.append(NearPair(first: distinct[Int(known)], second: UInt32(row), similarity: 1))
        continue
      }
      placeOfText[hash] = UInt32(distinct.count)
      distinct.append(UInt32(row))
      let set = ShingleSet(text)
      index.append(set)
      sets.append(set)
    }
    placeOfText = [:]
    func numbers(_ row: Int) -> TextNumbers { TextNumbers(Self.text(of: row, columns, table)) }
    // Pairs meet in several bands. Forgetting them costs time alone.
    var seen: Set<UInt64> = []
    var found: [NearPair] = []
    try index.forEachCandidate(checkpoint.part(from: 0.6, to: 1)) { first, second in
      if seen.count > Self.seenLimit { seen.removeAll(keepingCapacity: true) }
      guard seen.insert(UInt64(first) << 32 | UInt64(second)).inserted else { return 0 }
      let rows = (Int(distinct[first]), Int(distinct[second]))
      let (share, work) = sets.similarity(first, second, atLeast: threshold) {
        ShingleSet(Self.text(of: Int(distinct[$0]), columns, table))
      }
      if let similarity = share, others.agree(rows.0, rows.1, share: agreement),
        !numbers(rows.0).contradict(numbers(rows.1), share: threshold)
          || others.identify(rows.0, rows.1)
      {
        found.append(
          NearPair(
            first: distinct[first], second: distinct[second], similarity: Float(similarity)))
      }
      return work
    }
    pairs += found
  }

  private static let shownValues = 1_000

  /// Whether a column holds texts of words. Times and codes of digits are told like categories.
  static func holdsWords(_ column: Column) -> Bool {
    guard column.type == .text else { return false }
    let rows = (0..<column.count).lazy.filter { !column.isMissing($0) }.prefix(shownValues)
    let (words, values) = rows.reduce((0, 0)) { sums, row in
      let hasLetter = column.bytes(row).contains { $0.isASCIILetter || $0 >= 0x80 }
      return (sums.0 + (hasLetter ? 1 : 0), sums.1 + 1)
    }
    return 2 * words > values
  }

  /// The normalised texts of a row, one after another.
  private static func text(of row: Int, _ columns: [Int], _ table: Table) -> [UInt8] {
    var text: [UInt8] = []
    for column in columns where !table.columns[column].isMissing(row) {
      NormalizedText.append(table.columns[column].bytes(row), to: &text)
    }
    return text
  }
}
