/// Pairs of rows whose texts are nearly equal.
struct TextPairs {
  /// Shorter texts, once normalised, are alike by chance.
  static let minimumLength = 16
  /// Texts are kept as sets of hashes while they take no more room than this; beyond it they are
  /// made again when they are compared.
  static let cacheLimit = 16 << 20

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
    var sets: [ShingleSet] = []
    var cached = 0
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
      if cached + set.hashes.count <= Self.cacheLimit {
        cached += set.hashes.count
        sets.append(set)
      }
    }
    placeOfText = [:]
    func shingles(_ place: Int) -> ShingleSet {
      if place < sets.count { return sets[place] }
      return ShingleSet(Self.text(of: Int(distinct[place]), columns, table))
    }
    func numbers(_ row: Int) -> TextNumbers { TextNumbers(Self.text(of: row, columns, table)) }
    // Pairs meet in several bands. Forgetting them costs time alone.
    var seen: Set<UInt64> = []
    var found: [NearPair] = []
    try index.forEachCandidate(checkpoint.part(from: 0.6, to: 1)) { first, second in
      if seen.count > Self.seenLimit { seen.removeAll(keepingCapacity: true) }
      guard seen.insert(UInt64(first) << 32 | UInt64(second)).inserted else { return 0 }
      let (own, other) = (shingles(first), shingles(second))
      let similarity = own.similarity(to: other)
      let rows = (Int(distinct[first]), Int(distinct[second]))
      if similarity >= threshold, others.agree(rows.0, rows.1, share: agreement),
        !numbers(rows.0).contradict(numbers(rows.1), share: threshold)
          || others.identify(rows.0, rows.1)
      {
        found.append(
          NearPair(
            first: distinct[first], second: distinct[second], similarity: Float(similarity)))
      }
      return own.hashes.count + other.hashes.count
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
