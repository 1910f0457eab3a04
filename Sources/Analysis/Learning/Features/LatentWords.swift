/// What texts are about, as a few numbers a text: latent semantic analysis (Deerwester et al. 1990).
///
/// The directions in which the words of texts vary most are found by orthogonal iteration (Golub and
/// Van Loan, Matrix Computations, §7.3.2) from random ones (Halko, Martinsson and Tropp 2011), and each
/// text is projected on them. Trees can learn from that, which they cannot from thousands of words.
enum LatentWords {
  /// Directions of a column.
  static let directions = 16
  /// Words of a column that are looked at; the most frequent ones.
  static let wordLimit = 20_000
  /// Directions are found in so many texts at most, spread evenly.
  static let sampledTexts = 5_000
  private static let steps = 8

  /// A column for each direction with a value a text, the most telling direction first; fewer than
  /// `directions` where the words have fewer.
  ///
  /// - Parameter words: rows of weighted words.
  static func columns(
    of words: SparseRows, seed: UInt64, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [[Double]] {
    let count = min(directions, words.width, words.rowCount)
    guard count > 0 else { return [] }
    var sample = words
    if words.rowCount > sampledTexts {
      sample = words.selecting((0..<sampledTexts).map { $0 * words.rowCount / sampledTexts })
    }
    var generator = SeededGenerator(seed: seed)
    var basis = (0..<words.width * count).map { _ in generator.next() >> 63 == 0 ? -1.0 : 1.0 }
    orthonormalise(&basis, count)
    for step in 0..<steps {
      try checkpoint.reached(Double(step) / Double(steps))
      let projected = product(sample, basis, count)
      basis = transposedProduct(sample, projected, count)
      orthonormalise(&basis, count)
    }
    try checkpoint.reached(1)
    let projected = product(words, basis, count)
    try checkpoint.reached(1)
    return (0..<count).compactMap { direction in
      let column = (0..<words.rowCount).map { projected[$0 * count + direction] }
      return column.contains { $0 != 0 } ? column : nil
    }
  }

  /// For each text the sum of its words' rows of `basis`, each by its weight.
  private static func product(_ words: SparseRows, _ basis: [Double], _ count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: words.rowCount * count)
    for row in 0..<words.rowCount {
      for position in words.starts[row]..<words.starts[row + 1] {
        let weight = Double(words.values[position])
        let start = Int(words.columns[position]) * count
        for index in 0..<count { result[row * count + index] += weight * basis[start + index] }
      }
    }
    return result
  }

  /// For each word the sum of its texts' rows of `projected`, each by the word's weight.
  private static func transposedProduct(
    _ words: SparseRows, _ projected: [Double], _ count: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: words.width * count)
    for row in 0..<words.rowCount {
      for position in words.starts[row]..<words.starts[row + 1] {
        let weight = Double(words.values[position])
        let start = Int(words.columns[position]) * count
        for index in 0..<count { result[start + index] += weight * projected[row * count + index] }
      }
    }
    return result
  }

  /// Makes the columns of a row-major matrix orthogonal and of length 1 (modified Gram-Schmidt); what
  /// depends on those before becomes 0.
  private static func orthonormalise(_ matrix: inout [Double], _ count: Int) {
    let rows = matrix.count / count
    for column in 0..<count {
      func dot(_ other: Int) -> Double {
        (0..<rows).reduce(0) { $0 + matrix[$1 * count + column] * matrix[$1 * count + other] }
      }
      let before = dot(column)
      for other in 0..<column {
        let shared = dot(other)
        for row in 0..<rows { matrix[row * count + column] -= shared * matrix[row * count + other] }
      }
      let after = dot(column)
      let share = after > 1e-12 * before ? 1 / after.squareRoot() : 0
      for row in 0..<rows { matrix[row * count + column] *= share }
    }
  }
}

extension LearnableFeatures {
  /// What trees can learn from, texts included; nil if there is nothing.
  func treeFeatures(
    withTextsOf subject: AnalysisSubject, pace: Pace, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> TreeFeatures? {
    var features = try treeFeatures(pace: pace) ?? TreeFeatures(rowCount: rows.count)
    for (position, index) in texts.enumerated() {
      let own = checkpoint.part(
        from: Double(position) / Double(texts.count),
        to: Double(position + 1) / Double(texts.count))
      let words = try WordFeatures.make(
        subject.table.columns[index], rows: rows, limit: LatentWords.wordLimit,
        pace: Pace(own.part(from: 0, to: 0)))
      let columns = try LatentWords.columns(of: words, seed: subject.seed, own)
      for column in columns { features.append(column) }
    }
    return features.columns.isEmpty ? nil : features
  }
}
