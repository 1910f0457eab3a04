import Foundation

/// How rows lie around one of them, from a sample: how many others there are within a distance, as
/// far as chance goes.
struct LocalDensity: Sendable {
  private static let near = 4

  /// The distance within which ``nearCount`` rows of the sample lie.
  private let distance: Double
  private let nearCount: Double
  /// How fast the number of rows grows with distance.
  private let dimension: Double

  /// - Parameters:
  ///   - candidates: as many of the nearest rows may be copies and say nothing of chance.
  ///   - maximumDimension: for what the few rows around one feign.
  init(
    around row: Int, candidates: Int, _ coordinates: RowCoordinates, sample: [Int],
    maximumDimension: Double
  ) {
    let near = min(Self.near + candidates, sample.count - 1)
    let far = min(4 * near, sample.count - 1)
    let nearest = coordinates.nearest(far, to: row, among: sample)
    nearCount = Double(near)
    distance = near > 0 && near <= nearest.count ? nearest[near - 1] : 0
    let growth = distance > 0 ? log((nearest.last ?? 0) / distance) : 0
    dimension =
      growth > 0
      ? min(maximumDimension, log(Double(far) / Double(near)) / growth) : maximumDimension
  }

  /// How many of `count` rows like those of the sample lie within a distance by chance.
  func expected(within reach: Double, count: Double, sampleCount: Int) -> Double {
    guard distance > 0 else { return .infinity }
    return nearCount * pow(reach / distance, dimension) * count / Double(sampleCount)
  }

  /// The distance within which four of `count` such rows lie.
  func usualDistance(count: Double, sampleCount: Int) -> Double {
    distance
      * pow(Double(sampleCount) / max(1, count) * Double(Self.near) / nearCount, 1 / dimension)
  }
}
