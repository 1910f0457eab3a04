import Foundation

/// How far each row is from the rows most like it: the mean distance to its nearest neighbours
/// (Angiulli and Pizzuti 2002) among a sample of the rows.
///
/// A sample makes the cost linear in the rows, where all pairs would be quadratic and trees fail in
/// twenty dimensions; it finds as much, since a row far from the data is far from a sample of them,
/// too (Sugiyama and Borgwardt 2013).
struct NeighborDistances: Sendable {
  static let referenceSize = 1_024
  /// Rows that one checkpoint is passed for.
  private static let blockSize = 2_048

  /// The sample, in ascending order.
  let reference: [Int]
  let neighborCount: Int
  /// The mean distance of each row.
  private(set) var means: [Double] = []

  private let coordinates: RowCoordinates
  /// Coordinate by coordinate, so that eight rows of the sample are compared at once.
  private let transposed: [SIMD8<Float>]
  /// Half of each row's squared length; infinite for places without a row.
  private let halfSquares: [SIMD8<Float>]
  private let groups: Int

  /// - Parameter neighborCount: at most a half of the sample.
  init(
    _ coordinates: RowCoordinates, neighborCount: Int, seed: UInt64, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    self.coordinates = coordinates
    reference = RowSample.rows(of: coordinates.rowCount, limit: Self.referenceSize, seed: seed)
    self.neighborCount = max(1, min(neighborCount, reference.count / 2))
    groups = (reference.count + 7) / 8
    var transposed = [SIMD8<Float>](repeating: .zero, count: groups * coordinates.coordinateCount)
    var halfSquares = [SIMD8<Float>](repeating: SIMD8(repeating: .infinity), count: groups)
    for (place, row) in reference.enumerated() {
      let values = coordinates[row]
      for (coordinate, value) in values.enumerated() {
        transposed[place / 8 * values.count + coordinate][place % 8] = value
      }
      halfSquares[place / 8][place % 8] = values.reduce(0) { $0 + $1 * $1 } / 2
    }
    self.transposed = transposed
    self.halfSquares = halfSquares

    var isReference = [Int32](repeating: -1, count: coordinates.rowCount)
    for (place, row) in reference.enumerated() { isReference[row] = Int32(place) }
    means.reserveCapacity(coordinates.rowCount)
    var nearest = Nearest(count: self.neighborCount)
    for start in stride(from: 0, to: coordinates.rowCount, by: Self.blockSize) {
      try checkpoint.reached(Double(start) / Double(coordinates.rowCount))
      for row in start..<min(start + Self.blockSize, coordinates.rowCount) {
        search(row, except: Int(isReference[row]), &nearest)
        means.append(nearest.meanDistance)
      }
    }
  }

  /// The rows of the sample nearest to a row, the row itself left out.
  func neighbors(of row: Int) -> [Int] {
    var nearest = Nearest(count: neighborCount)
    search(row, except: reference.firstIndex(of: row) ?? -1, &nearest)
    return nearest.places.map { reference[$0] }
  }

  /// Half of a squared distance is half of both squared lengths less the scalar product, which is
  /// less work than squares of differences.
  private func search(_ row: Int, except own: Int, _ nearest: inout Nearest) {
    nearest.clear()
    let values = coordinates[row]
    let half = values.reduce(0) { $0 + $1 * $1 } / 2
    values.withUnsafeBufferPointer { values in
      transposed.withUnsafeBufferPointer { transposed in
        for group in 0..<groups {
          var sum = halfSquares[group] + half
          let start = group &* values.count
          for coordinate in 0..<values.count {
            sum -= transposed[start &+ coordinate] * values[coordinate]
          }
          if any(sum .< nearest.bound) {
            for lane in 0..<8 where sum[lane] < nearest.bound && group * 8 + lane != own {
              nearest.insert(sum[lane], group * 8 + lane)
            }
          }
        }
      }
    }
  }
}

/// The smallest of some halves of squared distances, ascending.
private struct Nearest {
  private let capacity: Int
  private var halves: [Float] = []
  private(set) var places: [Int] = []
  /// What a distance must fall below to be among them.
  private(set) var bound = Float.infinity

  init(count: Int) { capacity = count }

  var meanDistance: Double {
    guard !halves.isEmpty else { return 0 }
    return halves.reduce(0) { $0 + Double(2 * max(0, $1)).squareRoot() } / Double(halves.count)
  }

  mutating func clear() {
    halves.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    bound = .infinity
  }

  mutating func insert(_ half: Float, _ place: Int) {
    if halves.count == capacity {
      halves.removeLast()
      places.removeLast()
    }
    var position = halves.count
    while position > 0, halves[position - 1] > half { position -= 1 }
    halves.insert(half, at: position)
    places.insert(place, at: position)
    if halves.count == capacity { bound = halves[capacity - 1] }
  }
}
