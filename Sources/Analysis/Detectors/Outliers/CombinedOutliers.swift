import Foundation

/// Rows that are strange as a whole, though each of their values may be usual by itself.
struct CombinedOutliers {
  /// Fewer rows say too little about what is usual together.
  static let minimumRows = 20
  /// Numbers are drawn in to this many units: what a single number is beyond it is a matter of its
  /// column.
  static let bound = 6.0
  /// Interquartile ranges from the third quartile to the bound, for the logarithm of distances.
  ///
  /// Among normal rows of d dimensions it is spread as a chi-squared number with d degrees of freedom
  /// is: nearly normal in many dimensions, where 2.2 ranges are fitting (Hoaglin and Iglewicz 1987),
  /// and leaning far to the upper side in few. With these ranges one of five hundred such numbers is
  /// beyond the fence, whatever d is.
  private static func rangesForDistances(dimension: Double) -> Double { 2.2 + 4.5 / dimension }

  /// The same for the logarithm of the forest's scores, the mean length of paths: Tukey's "far out"
  /// in many dimensions, and more in few, where it leans, too.
  private static func rangesForScores(dimension: Double) -> Double { 3 + 3 / dimension }

  /// Of rows that lie nowhere closer than elsewhere the logarithm of the k-th distance has this standard
  /// deviation, since the volume within it is a gamma variable of k (Mack and Rosenblatt 1979). Numbers in
  /// even steps, such as a counter, are spread by less, and their ends would seem far from the rest.
  private static func leastDeviation(dimension: Double, neighborCount: Int) -> Double {
    1 / (dimension * Double(neighborCount).squareRoot())
  }

  /// Rows within this distance of each other, in standard deviations, are alike: what is left are errors
  /// of rounding.
  private static let alikeWithin = 0.01

  /// How far each row is beyond what is usual, 1 at the bound; empty if not asked for, or if nothing
  /// tells what is usual.
  private(set) var byNeighbors: [Double] = []
  private(set) var byForest: [Double] = []
  /// The columns that were looked at.
  let columns: [Int]

  private let coordinates: RowCoordinates
  private var distances: NeighborDistances?

  struct Request {
    var usesNeighbors: Bool
    var usesForest: Bool
    var neighborCount: Int
    var trees: Int
    var threshold: Double
  }

  /// - Returns: nil if there are too few rows or columns.
  init?(
    _ subject: AnalysisSubject, _ request: Request, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    guard subject.table.rowCount >= Self.minimumRows else { return nil }
    coordinates = try RowCoordinates(
      subject, subject.measuredColumns,
      shape: RowCoordinates.Shape(isSymmetric: true, bound: Self.bound, withCategories: true),
      checkpoint.part(from: 0, to: 0.2))
    columns = coordinates.columns
    guard columns.count >= 2 else { return nil }
    let dimension =
      NeighborScale(
        coordinates, rows: Array(0..<coordinates.rowCount), seed: subject.seed)?.dimension ?? 1
    if request.usesNeighbors {
      let found = try NeighborDistances(
        coordinates, neighborCount: request.neighborCount, seed: subject.seed,
        checkpoint.part(from: 0.2, to: 0.7))
      distances = found
      byNeighbors = Self.evidence(
        Self.logarithms(found.means), threshold: request.threshold,
        ranges: Self.rangesForDistances(dimension: dimension),
        leastDeviation: Self.leastDeviation(
          dimension: dimension, neighborCount: found.neighborCount))
    }
    if request.usesForest {
      let forest = try IsolationForest(
        coordinates, trees: request.trees, seed: subject.seed, checkpoint.part(from: 0.7, to: 1))
      byForest = Self.evidence(
        forest.scores.map { log($0) }, threshold: request.threshold,
        ranges: Self.rangesForScores(dimension: dimension))
      // A row that the sample holds ten more of is no rarity, however few cuts tell it from others.
      if let means = distances?.means {
        for row in byForest.indices where means[row] < Self.alikeWithin { byForest[row] = 0 }
      }
    }
  }

  private static func evidence(
    _ values: [Double], threshold: Double, ranges: Double, leastDeviation: Double = 0
  ) -> [Double] {
    guard
      let fence = UpperFence(
        values, threshold: threshold, ranges: ranges, leastDeviation: leastDeviation)
    else { return [] }
    return values.map(fence.evidence)
  }

  /// Distances of 0, which many equal rows have, count as a thousandth of the usual.
  private static func logarithms(_ distances: [Double]) -> [Double] {
    let least = distances.sorted().quantile(0.5) / 1_000
    guard least > 0 else { return [] }
    return distances.map { log(max(least, $0)) }
  }

  /// What sets a row apart from those most like it, the column that weighs most first.
  func explain(_ row: Int, _ subject: AnalysisSubject) -> (column: Int, reason: String)? {
    guard let neighbors = distances?.neighbors(of: row), !neighbors.isEmpty else { return nil }
    var parts = [Double](repeating: 0, count: columns.count)
    for neighbor in neighbors {
      for (place, part) in coordinates.parts(row, neighbor, subject).enumerated() {
        parts[place] += part
      }
    }
    let total = parts.reduce(0, +)
    guard total > 0 else { return nil }
    // Columns in which most of them are as the row is do not set it apart.
    let differing = parts.indices.filter { place in
      parts[place] > 0
        && Self.value(columns[place], row, subject)
          != Self.usual(columns[place], neighbors, subject)
    }
    let ranked = differing.sorted { (parts[$1], $0) < (parts[$0], $1) }
    guard !ranked.isEmpty else { return nil }
    // As many columns as make up most of the distance, but no more than a person can take in.
    var shown: [Int] = []
    var sum = 0.0
    for place in ranked.prefix(3) where sum < 0.6 * total {
      shown.append(columns[place])
      sum += parts[place]
    }
    let own = shown.map { "\(subject.table.columns[$0].name) \(Self.value($0, row, subject))" }
    let usual = shown.map { Self.usual($0, neighbors, subject) }
    let rest = columns.count - shown.count
    let isBroad = sum < 0.3 * total && rest > 0
    let reason =
      shown.count == 1
      ? "\(own[0]) is unusual beside the other values: rows most like it have \(usual[0])."
      : "unusual together: \(own[0]) with \(own.dropFirst().joined(separator: " and "))"
        + (isBroad ? " and much of the rest" : "")
        + " (rows most like it have \(usual.joined(separator: ", ")))."
    return (shown[0], reason)
  }

  private static func value(_ column: Int, _ row: Int, _ subject: AnalysisSubject) -> String {
    let column = subject.table.columns[column]
    return column.isMissing(row) ? "without a value" : TextCheck.excerpt(column.bytes(row))
  }

  /// The value in the middle of the given rows, or the most frequent one of a category.
  private static func usual(
    _ column: Int, _ rows: [Int], _ subject: AnalysisSubject
  ) -> String {
    let values = subject.table.columns[column]
    if values.type.isOrdered {
      let known = rows.filter { !values.number($0).isNaN }
        .sorted { (values.number($0), $0) < (values.number($1), $1) }
      guard !known.isEmpty else { return "no value" }
      return TextCheck.excerpt(values.bytes(known[known.count / 2]))
    }
    let levels = subject.levels(of: column).levelOfRow
    var counts: [UInt32: Int] = [:]
    for row in rows { counts[levels[row], default: 0] += 1 }
    let best = rows.max { (counts[levels[$0]] ?? 0, $1) < (counts[levels[$1]] ?? 0, $0) }
    return best.map { value(column, $0, subject) } ?? "no value"
  }
}
