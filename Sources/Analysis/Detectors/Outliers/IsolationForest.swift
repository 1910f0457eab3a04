import Foundation

/// How easily a row is told from the others by random cuts (isolation forest: Liu, Ting and Zhou
/// 2008): a row that few cuts set apart is unlike the rest.
///
/// Trees are complete to their greatest depth, so that a row's way through one is a fixed number of
/// steps without branches: below a node that is not cut any further all ways lead left.
struct IsolationForest: Sendable {
  /// Rows that a tree is grown from (section 4.1).
  static let sampleSize = 256
  private static let depth = 8
  private static let nodes = 1 << depth
  /// Rows that stay in the cache while all trees judge them.
  private static let blockSize = 1_024

  /// The anomaly score of each row, above 0 and up to 1, larger where few cuts suffice (section 2,
  /// equation 2).
  private(set) var scores: [Double] = []

  /// - Parameter coordinateCount: those that are not mere filling.
  init(
    _ coordinates: RowCoordinates, trees: Int, seed: UInt64, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    let sampleSize = min(Self.sampleSize, coordinates.rowCount)
    var generator = SeededGenerator(seed: seed)
    var forest: [Tree] = []
    for _ in 0..<trees {
      let sample = RowSample.rows(
        of: coordinates.rowCount, limit: sampleSize, seed: generator.next())
      forest.append(Tree(coordinates, sample: sample, &generator))
    }
    let usual = Self.averagePath(sampleSize)
    scores.reserveCapacity(coordinates.rowCount)
    for start in stride(from: 0, to: coordinates.rowCount, by: Self.blockSize) {
      try checkpoint.reached(Double(start) / Double(coordinates.rowCount))
      let rows = start..<min(start + Self.blockSize, coordinates.rowCount)
      var paths = [Float](repeating: 0, count: rows.count)
      for tree in forest { tree.addPaths(of: rows, in: coordinates, to: &paths) }
      for path in paths { scores.append(exp2(-Double(path) / Double(trees) / usual)) }
    }
  }

  /// The average path to one of `count` rows in a binary search tree (section 2, equation 1).
  static func averagePath(_ count: Int) -> Double {
    if count <= 1 { return 0 }
    if count == 2 { return 1 }
    let harmonic = log(Double(count - 1)) + 0.5772156649015329
    return 2 * harmonic - 2 * Double(count - 1) / Double(count)
  }

  private struct Tree: Sendable {
    /// Node 1 is the root, 2n and 2n + 1 are the children of n.
    private var coordinate = [Int32](repeating: 0, count: nodes)
    private var cut = [Float](repeating: .infinity, count: nodes)
    /// The length of the path that ends in each leaf.
    private var path = [Float](repeating: 0, count: nodes)

    init(_ coordinates: RowCoordinates, sample: [Int], _ generator: inout SeededGenerator) {
      grow(node: 1, level: 0, sample[...], coordinates, &generator)
    }

    private mutating func grow(
      node: Int, level: Int, _ rows: ArraySlice<Int>, _ coordinates: RowCoordinates,
      _ generator: inout SeededGenerator
    ) {
      guard level < depth, let choice = Self.choose(rows, coordinates, &generator) else {
        // The leftmost leaf below the node, to which all ways lead.
        let leaf = node << (depth - level) - nodes
        path[leaf] = Float(Double(level) + averagePath(rows.count))
        return
      }
      coordinate[node] = Int32(choice.coordinate)
      cut[node] = choice.cut
      let isLeft = { (row: Int) in
        coordinates.values[row * coordinates.width + choice.coordinate] < choice.cut
      }
      grow(
        node: 2 * node, level: level + 1, rows.filter(isLeft)[...], coordinates, &generator)
      grow(
        node: 2 * node + 1, level: level + 1, rows.filter { !isLeft($0) }[...], coordinates,
        &generator)
    }

    /// A coordinate in which the rows differ, and a cut between them; nil if they are equal.
    private static func choose(
      _ rows: ArraySlice<Int>, _ coordinates: RowCoordinates,
      _ generator: inout SeededGenerator
    ) -> (coordinate: Int, cut: Float)? {
      guard rows.count > 1 else { return nil }
      var candidates = Array(0..<coordinates.coordinateCount)
      while !candidates.isEmpty {
        let place = generator.next(below: candidates.count)
        let coordinate = candidates[place]
        var (low, high) = (Float.infinity, -Float.infinity)
        for row in rows {
          let value = coordinates.values[row * coordinates.width + coordinate]
          low = min(low, value)
          high = max(high, value)
        }
        guard low < high else {
          // Of those left each is as likely as any other.
          candidates.swapAt(place, candidates.count - 1)
          candidates.removeLast()
          continue
        }
        let share = Float(generator.next() >> 40) / Float(1 << 24)
        let cut = low + share * (high - low)
        return (coordinate, cut > low ? cut : high)
      }
      return nil
    }

    func addPaths(of rows: Range<Int>, in coordinates: RowCoordinates, to paths: inout [Float]) {
      let width = coordinates.width
      coordinates.values.withUnsafeBufferPointer { values in
        coordinate.withUnsafeBufferPointer { coordinate in
          cut.withUnsafeBufferPointer { cut in
            let step = { (node: Int, start: Int) in
              let isRight = values[start &+ Int(coordinate[node])] >= cut[node]
              return 2 &* node &+ (isRight ? 1 : 0)
            }
            // Four rows at a time: a step of one waits for nothing that another's does.
            var row = rows.lowerBound
            while row + 4 <= rows.upperBound {
              let start = row &* width
              var (first, second, third, fourth) = (1, 1, 1, 1)
              for _ in 0..<depth {
                first = step(first, start)
                second = step(second, start &+ width)
                third = step(third, start &+ 2 &* width)
                fourth = step(fourth, start &+ 3 &* width)
              }
              let place = row - rows.lowerBound
              paths[place] += path[first - nodes]
              paths[place + 1] += path[second - nodes]
              paths[place + 2] += path[third - nodes]
              paths[place + 3] += path[fourth - nodes]
              row += 4
            }
            while row < rows.upperBound {
              var node = 1
              for _ in 0..<depth { node = step(node, row &* width) }
              paths[row - rows.lowerBound] += path[node - nodes]
              row += 1
            }
          }
        }
      }
    }
  }
}
