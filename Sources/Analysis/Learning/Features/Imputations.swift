/// Rows without some of their numbers, repeated with the numbers of other rows in their place (multiple
/// imputation: Rubin 1987).
///
/// What a model says of such a row is the mean of what it says of the repetitions: the row might be any
/// of them. Of a median in the place of a missing number it would be as sure as of a number.
struct Imputations: Sendable {
  /// The most repetitions of a row.
  private static let most = 20

  /// Rows there were.
  let rowCount: Int
  /// For each repetition the row that it stands for; those of a row lie together.
  let sources: [Int]
  /// For each repetition the row whose numbers it has, one that lacks none.
  private let donors: [Int]
  /// Repetitions of each row without some of its numbers.
  private let draws: Int

  /// Repeats as often as makes no more repetitions than there are rows. The donors of a row lie evenly
  /// along the first number that it lacks, so that few stand for all.
  ///
  /// - Parameter gaps: columns of numbers, and where they are missing.
  init(_ gaps: [(values: [Float], isMissing: [Bool])], rowCount: Int) {
    self.rowCount = rowCount
    let firstGap = (0..<rowCount).map { row in gaps.firstIndex { $0.isMissing[row] } }
    let complete = firstGap.indices.filter { firstGap[$0] == nil }
    let rows = firstGap.indices.filter { firstGap[$0] != nil }
    let draws = min(Self.most, rowCount / max(1, rows.count))
    self.draws = draws
    guard draws > 1 else {
      (sources, donors) = ([], [])
      return
    }
    sources = rows.flatMap { [Int](repeating: $0, count: draws) }
    let donorsOfGap = gaps.map { gap in
      let order = complete.sorted { (gap.values[$0], $0) < (gap.values[$1], $1) }
      return (0..<draws).map { order[(2 * $0 + 1) * order.count / (2 * draws)] }
    }
    donors = rows.flatMap { row in firstGap[row].map { donorsOfGap[$0] } ?? [] }
  }

  /// None.
  init(rowCount: Int) {
    self.rowCount = rowCount
    (sources, donors, draws) = ([], [], 0)
  }

  /// A column with its values of the repetitions: their rows' own, or where those are missing, their
  /// donors'.
  func extended(_ column: [Float], isMissing: [Bool]? = nil) -> [Float] {
    zip(sources, donors).reduce(into: column) { column, repetition in
      let (row, donor) = repetition
      column.append(column[isMissing?[row] == true ? donor : row])
    }
  }

  /// Replaces what was predicted of rows by the means over their repetitions, which come after all rows.
  func average(_ probabilities: inout [Float], classCount: Int) {
    let share = 1 / Float(max(1, draws))
    for first in stride(from: 0, to: sources.count, by: max(1, draws)) {
      for label in 0..<classCount {
        var sum: Float = 0
        for draw in first..<first + draws {
          sum += probabilities[(rowCount + draw) * classCount + label]
        }
        probabilities[sources[first] * classCount + label] = sum * share
      }
    }
    probabilities.removeLast(sources.count * classCount)
  }
}
