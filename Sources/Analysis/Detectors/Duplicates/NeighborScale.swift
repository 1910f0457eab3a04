import Foundation

/// How far rows usually are from the rows next to them, and how fast their number grows with
/// distance, from a sample: the fourth neighbour's distance and the intrinsic dimension.
///
/// The fourth neighbour rather than the first, so that rows that come two or three times over do not
/// pass for what is usual. From the eighth to the fourth, the logarithm of distances falls by
/// (1/4 + 1/5 + 1/6 + 1/7) / dimension on average (Levina and Bickel 2004, equation 8).
struct NeighborScale: Sendable {
  static let queryCount = 256
  static let referenceCount = 4_096
  private static let near = 4
  private static let far = 8
  private static let growth = 1.0 / 4 + 1.0 / 5 + 1.0 / 6 + 1.0 / 7
  private static let maximumDimension = 64.0

  /// The median distance of the fourth neighbour in the sample; 0 if most rows coincide.
  let sampleDistance: Double
  let dimension: Double
  /// The rows it was drawn from.
  let rowCount: Int
  private let reference: [Int]

  /// - Parameter rows: the rows to draw from.
  /// - Returns: nil if they are too few.
  init?(_ coordinates: RowCoordinates, rows: [Int], seed: UInt64) {
    guard rows.count > 2 * Self.far else { return nil }
    rowCount = rows.count
    reference = RowSample.rows(of: rows.count, limit: Self.referenceCount, seed: seed).map {
      rows[$0]
    }
    var distances: [Double] = []
    var growths: [Double] = []
    for place in RowSample.rows(of: reference.count, limit: Self.queryCount, seed: seed) {
      let nearest = coordinates.nearest(Self.far, to: reference[place], among: reference)
      distances.append(nearest[Self.near - 1])
      if nearest[Self.near - 1] > 0 {
        growths.append(log(nearest[Self.far - 1] / nearest[Self.near - 1]))
      }
    }
    sampleDistance = distances.sorted().quantile(0.5)
    let growth = growths.isEmpty ? 0 : growths.sorted().quantile(0.5)
    // Rows have no more dimensions than coordinates.
    let most = min(Self.maximumDimension, Double(coordinates.coordinateCount))
    dimension = growth > 0 ? min(most, Self.growth / growth) : most
  }

  /// What a distance in the sample is among `count` rows, which lie closer or less close.
  func rescale(_ distance: Double, to count: Double) -> Double {
    distance * pow(Double(reference.count) / max(1, count), 1 / dimension)
  }

  /// The part of the fourth neighbour's distance within which less than `falseAlarms` rows in all
  /// have a neighbour by chance: of `count` rows, each has 4 part^dimension neighbours there.
  ///
  /// - Parameter width: the coordinates that tell rows apart; no more dimensions count.
  func chancePart(count: Int, falseAlarms: Double, width: Int = .max) -> Double {
    pow(
      falseAlarms / (Double(Self.near) * Double(count)), 1 / min(dimension, Double(width)))
  }
}

extension RowCoordinates {
  /// The smallest distances from a row to others, ascending.
  func nearest(_ count: Int, to row: Int, among others: [Int]) -> [Double] {
    var smallest: [Float] = []
    for other in others where other != row {
      let square = squaredDistance(
        row, other, within: smallest.count < count ? .infinity : smallest[count - 1])
      if smallest.count == count {
        guard square < smallest[count - 1] else { continue }
        smallest.removeLast()
      }
      smallest.insert(square, at: smallest.partitioningIndex { $0 > square })
    }
    return smallest.map { Double($0).squareRoot() }
  }

  /// The squared distance, or any number that is not below the bound.
  func squaredDistance(_ row: Int, _ other: Int, within bound: Float) -> Float {
    values.withUnsafeBufferPointer { values in
      Self.squaredDistance(
        values.baseAddress! + row * width, values.baseAddress! + other * width, width: width,
        within: bound)
    }
  }

  /// - Parameter width: a multiple of 8.
  @inline(__always)
  static func squaredDistance(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, width: Int, within bound: Float
  ) -> Float {
    var total: Float = 0
    var start = 0
    while start < width, total < bound {
      let first = UnsafeRawPointer(left + start).loadUnaligned(as: SIMD8<Float>.self)
      let second = UnsafeRawPointer(right + start).loadUnaligned(as: SIMD8<Float>.self)
      let difference = first - second
      total += (difference * difference).sum()
      start += 8
    }
    return total
  }
}
