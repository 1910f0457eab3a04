import Foundation

/// Pairs of rows that agree in everything but their numbers, and whose numbers are far closer than
/// those of rows next to each other usually are.
///
/// Two bounds hold. The distance is at most a part, ``NearDuplicatesDetector/parameters`` says which,
/// of the usual distance to the fourth nearest row. And it is so small that fewer than
/// ``falseAlarms`` rows in all have a neighbour there by chance: in one or two dimensions rows come
/// close to each other all the time, in ten never. Both are taken for the whole table
/// (``NeighborScale``), and again around each pair, as one region may be denser than another.
struct NumericPairs {
  static let falseAlarms = 0.05
  /// Around a pair a smaller sample tells the usual distance, which allows for its error.
  private static let localReferenceCount = 1_024
  private static let localTolerance = 2.0
  /// The chance to have a neighbour as near as that, around the pair.
  private static let localChance = 0.02
  /// How often a radius that takes in too much is halved.
  private static let halvings = 12

  private(set) var pairs: [NearPair] = []
  /// The usual distance to the fourth nearest row, in standard deviations.
  private(set) var usualDistance = 0.0
  /// Pairs are at most so far apart.
  private(set) var radius = 0.0
  private(set) var dimension = 0.0
  let coordinates: RowCoordinates

  /// - Parameters:
  ///   - rows: those that are compared, no two of them equal in all columns.
  ///   - part: of the usual distance.
  ///   - coincidence: whether it tells something that rows agree in all features.
  init(
    _ subject: AnalysisSubject, rows: [Int], part: Double, _ coincidence: Coincidence,
    _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    coordinates = try RowCoordinates(
      subject, subject.measuredColumns,
      shape: RowCoordinates.Shape(isSymmetric: false, bound: 1e6, withCategories: false),
      checkpoint.part(from: 0, to: 0.2))
    let blocks = try RowKeys(subject, checkpoint.part(from: 0.2, to: 0.4)).blocks(of: rows)
    try checkpoint.reached(0.4)
    var areCopies = coincidence.isTelling
    if !areCopies {
      areCopies = try Self.areAgreeingCopies(
        subject, rows: rows, checkpoint.part(from: 0.4, to: 0.4))
    }
    guard coordinates.coordinateCount > 0 else {
      if areCopies {
        for block in blocks {
          pairs += block.dropFirst().map { NearPair(first: block[0], second: $0, similarity: 1) }
        }
      }
      return
    }
    guard let scale = NeighborScale(coordinates, rows: rows, seed: subject.seed) else { return }
    dimension = scale.dimension
    // Rows are compared within blocks alone, as if the table had no more rows than a block has.
    let comparisons = blocks.reduce(0.0) { $0 + Double($1.count) * Double($1.count - 1) }
    let comparable = 1 + comparisons / Double(rows.count)
    usualDistance = min(
      scale.rescale(scale.sampleDistance, to: comparable),
      (2 * Double(coordinates.coordinateCount)).squareRoot() / 2)
    let part = min(part, scale.chancePart(count: rows.count, falseAlarms: Self.falseAlarms))
    radius = part * usualDistance

    let join = try RadiusJoin(coordinates, blocks: blocks, checkpoint.part(from: 0.4, to: 0.5))
    var found: RadiusJoin.Found?
    for _ in 0..<Self.halvings {
      found = try join.pairs(
        within: radius, rowCount: coordinates.rowCount, checkpoint.part(from: 0.5, to: 0.9))
      if found != nil { break }
      radius /= 2
    }
    guard let found else { return }

    var neighborhoods = Neighborhoods(
      rows: rows, blocks: blocks, comparable: comparable, size: Self.localReferenceCount,
      seed: subject.seed)
    let commonNumbers = CommonNumbers(subject, coordinates.columns)
    var densities: [UInt32: LocalDensity] = [:]
    for (step, pair) in found.pairs.enumerated() {
      if step & 0xFF == 0 {
        try checkpoint.part(from: 0.9, to: 1).reached(Double(step) / Double(found.pairs.count))
      }
      let (first, second) = (Int(pair.first), Int(pair.second))
      if found.isDense(first) || found.isDense(second) { continue }
      let distance = Double(pair.square).squareRoot()
      if distance == 0, !areCopies { continue }
      let chancePart = scale.chancePart(
        count: rows.count, falseAlarms: Self.falseAlarms,
        width: commonNumbers.differing(first, second))
      guard distance <= chancePart * usualDistance else { continue }
      let around = neighborhoods.around(first)
      let density =
        densities[pair.first]
        ?? LocalDensity(
          around: first, candidates: Int(found.counts[first]), coordinates, sample: around.sample,
          maximumDimension: scale.dimension)
      densities[pair.first] = density
      let usual = density.usualDistance(count: around.count, sampleCount: around.sample.count)
      let chance = density.expected(
        within: distance, count: around.count, sampleCount: around.sample.count)
      guard distance <= Self.localTolerance * part * usual,
        chance <= Self.localChance
      else { continue }
      let share = usualDistance > 0 ? distance / usualDistance : 0
      pairs.append(
        NearPair(first: pair.first, second: pair.second, similarity: Float(1 - share)))
    }
  }
}

extension NumericPairs {
  /// Of more rows than this share, it is usual that they agree with others in all features.
  private static let usualShare = 0.125

  /// Whether rows that agree in all features are copies under other names: chance would make next to none of
  /// them, and names are not what tells the rows of this table apart, as those of aircraft do, of which many
  /// are of one model and year.
  private static func areAgreeingCopies(
    _ subject: AnalysisSubject, rows: [Int], _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Bool {
    let columns = subject.learnableColumns
    let compared = Set(rows)
    let repeats = try EqualRows(subject, columns: columns, checkpoint).groups.reduce(0) {
      $0 + max(0, $1.count(where: compared.contains) - 1)
    }
    guard repeats > 0, Double(repeats) <= usualShare * Double(rows.count) else { return false }
    return try ChanceRepeats.share(subject, rows: rows, columns: columns, checkpoint)
      < falseAlarms
  }
}

/// The rows that tell how close others like a row usually lie: those that agree with it in all but
/// numbers if there are enough, such as one player's years, or else all.
private struct Neighborhoods {
  /// Blocks of fewer rows tell too little.
  private static let leastRows = 12

  private let blocks: [[UInt32]]
  private let size: Int
  private let seed: UInt64
  private let all: (sample: [Int], count: Double)
  /// -1 for rows whose block is too small, or all there is.
  private var blockOfRow: [Int32]
  private var samples: [Int: [Int]] = [:]

  /// - Parameter rows: in ascending order.
  init(rows: [Int], blocks: [[UInt32]], comparable: Double, size: Int, seed: UInt64) {
    self.blocks = blocks
    self.size = size
    self.seed = seed
    all = (RowSample.rows(of: rows.count, limit: size, seed: seed).map { rows[$0] }, comparable)
    blockOfRow = [Int32](repeating: -1, count: 1 + (rows.last ?? 0))
    for (index, block) in blocks.enumerated()
    where block.count >= Self.leastRows && block.count < rows.count {
      for row in block { blockOfRow[Int(row)] = Int32(index) }
    }
  }

  mutating func around(_ row: Int) -> (sample: [Int], count: Double) {
    let index = Int(blockOfRow[row])
    guard index >= 0 else { return all }
    let block = blocks[index]
    let sample =
      samples[index]
      ?? RowSample.rows(of: block.count, limit: size, seed: seed).map { Int(block[$0]) }
    samples[index] = sample
    return (sample, Double(block.count))
  }
}
