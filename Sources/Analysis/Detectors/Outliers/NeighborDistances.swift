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
    var nearest = Nearest(count: self.neighborCount, groups: groups)
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
    var nearest = Nearest(count: neighborCount, groups: groups)
    search(row, except: reference.firstIndex(of: row) ?? -1, &nearest)
    return nearest.places.map { reference[$0] }
  }

  /// Half of a squared distance is half of both squared lengths less the scalar product, which is
  /// less work than squares of differences.
  private func search(_ row: Int, except own: Int, _ nearest: inout Nearest) {
    let values = coordinates[row]
    let half = values.reduce(0) { $0 + $1 * $1 } / 2
    nearest.take(except: own) { halves in
      values.withUnsafeBufferPointer { values in
        transposed.withUnsafeBufferPointer { transposed in
          for group in 0..<groups {
            var sum = halfSquares[group] + half
            let start = group &* values.count
            for coordinate in 0..<values.count {
              sum -= transposed[start &+ coordinate] * values[coordinate]
            }
            halves.set(group &* 8, sum)
          }
        }
      }
    }
  }
}

/// The smallest of some halves of squared distances, ascending.
private struct Nearest {
  private var entries: [(half: Float, place: Int32)]
  private var count = 0
  /// What a distance must fall below to be among them.
  private var bound = Float.infinity
  /// All of a row's, and then the least of each of ``parts``.
  private var halves: [Float]
  private static let parts = 16

  init(count: Int, groups: Int) {
    entries = [(half: Float, place: Int32)](repeating: (.infinity, -1), count: count)
    halves = [Float](repeating: 0, count: groups * 8 + Self.parts)
  }

  var places: [Int] { entries.prefix(count).map { Int($0.place) } }

  var meanDistance: Double {
    guard count > 0 else { return 0 }
    let sum = entries.prefix(count).reduce(0) { $0 + Double(2 * max(0, $1.half)).squareRoot() }
    return sum / Double(count)
  }

  /// Takes the smallest of what `fill` fills in, of equal ones the first.
  ///
  /// - Parameter own: the place that is left out; -1 for none.
  mutating func take(except own: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) {
    var halves: [Float] = []
    swap(&halves, &self.halves)
    defer { swap(&halves, &self.halves) }
    halves.withUnsafeMutableBufferPointer { buffer in
      guard let halves = buffer.baseAddress else { return }
      let end = buffer.count - Self.parts
      fill(halves)
      count = 0
      bound = Self.reach(of: entries.count, among: halves, end)
      for start in stride(from: 0, to: end, by: 8) where any(halves.eight(start) .< bound) {
        for place in start..<start + 8 where halves[place] < bound && place != own {
          insert(halves[place], place)
        }
      }
    }
  }

  /// A number that the smallest are below, and few others: numbers that fall below a bound of the
  /// smallest so far cost more than all distances, as nobody can predict them.
  ///
  /// The nearest of `count`, besides one that may be left out, are no larger than the largest of as
  /// many of the least of all parts.
  private static func reach(
    of count: Int, among halves: UnsafeMutablePointer<Float>, _ end: Int
  ) -> Float {
    guard count < parts, end >= 8 * parts else { return .infinity }
    var (even, odd) = (halves.eight(0), halves.eight(8))
    for start in stride(from: parts, to: end - 8, by: parts) {
      even.replace(with: halves.eight(start), where: halves.eight(start) .< even)
      odd.replace(with: halves.eight(start + 8), where: halves.eight(start + 8) .< odd)
    }
    halves.set(end, even)
    halves.set(end + 8, odd)
    // How many of them each is no smaller than.
    var ranks = (even: SIMD8<Int32>.zero, odd: SIMD8<Int32>.zero)
    for part in 0..<parts {
      let other = Floats(repeating: halves[end + part])
      ranks.even.replace(with: ranks.even &+ 1, where: even .>= other)
      ranks.odd.replace(with: ranks.odd &+ 1, where: odd .>= other)
    }
    even.replace(with: .infinity, where: ranks.even .<= Int32(count))
    odd.replace(with: .infinity, where: ranks.odd .<= Int32(count))
    return min(even.min(), odd.min()).nextUp
  }

  /// - Parameter half: below ``bound``. If there is no room left it takes that of the largest.
  private mutating func insert(_ half: Float, _ place: Int) {
    let capacity = entries.count
    count = min(count + 1, capacity)
    entries.withUnsafeMutableBufferPointer { entries in
      var position = count - 1
      while position > 0, entries[position - 1].half > half {
        entries[position] = entries[position - 1]
        position -= 1
      }
      entries[position] = (half, Int32(place))
    }
    if count == capacity { bound = entries[capacity - 1].half }
  }
}
