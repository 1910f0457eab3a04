import Foundation

/// Where a column's numbers end by their own tail, and what lies beyond it across a wide gap.
///
/// Beyond a high level, distances from it are exponential on a scale on which the column is normal, or
/// fall faster (Pickands 1975); the gap between the largest two of such numbers is exponential, too,
/// with the same mean (Rényi 1953). So the chance of a gap f times the mean distance of m numbers is
/// (1 + f / m)^-m, whatever the column's scale or number of rows. Looked for from the ordinary numbers outwards, so that several far
/// numbers do not hide each other (Davies and Gather 1993, section 5).
struct TailGap {
  /// Numbers that the tail is measured by, and their share at most.
  private static let tailCounts = 10...40
  private static let tailShare = 0.02
  /// What is beyond a gap is rare; else it is a second group.
  private static let rareShare = RobustFences.rareShare

  /// Numbers below it lie beyond a gap; nil if none do.
  private(set) var lower: Double?
  /// Numbers above it do.
  private(set) var upper: Double?

  /// - Parameters:
  ///   - values: finite, in ascending order.
  ///   - tails: how many ends of columns are looked at, over which the probability is shared out.
  init(_ values: [Double], _ fences: RobustFences, tails: Int) {
    let chance = RobustFences.falseAlarmRate / Double(tails)
    upper = Self.end(values.count, chance) { place in
      let value = values[values.count - 1 - place]
      return (value, fences.finiteScore(value))
    }
    lower = Self.end(values.count, chance) { place in
      (values[place], fences.finiteScore(values[place]))
    }
  }

  /// The last number before a gap.
  ///
  /// - Parameter number: a number and its score by its place from the end inwards; NaN if it is not on the scale.
  private static func end(
    _ count: Int, _ chance: Double, _ number: (Int) -> (value: Double, score: Double)
  ) -> Double? {
    let tail = max(
      tailCounts.lowerBound, min(tailCounts.upperBound, Int(tailShare * Double(count))))
    let rare = max(1, Int(rareShare * Double(count)))
    // The tail must lie well on its side of the median.
    guard count >= 4 * (tail + rare) else { return nil }
    let needed = Double(tail) * (pow(chance, -1 / Double(tail)) - 1)
    for beyond in stride(from: rare, through: 1, by: -1) {
      let (last, score) = number(beyond)
      let gap = number(beyond - 1).score - score
      // Of what is not on the scale, such as zero among logarithms, it tells nothing.
      guard gap > 0 else { continue }
      let base = number(beyond + tail)
      var excess = 0.0
      var steps = 0
      var previous = last
      for place in beyond..<(beyond + tail) {
        let (value, score) = number(place)
        excess += score - base.score
        if value != previous { steps += 1 }
        previous = value
      }
      if base.value != previous { steps += 1 }
      // Of one value nothing can be told; rounded numbers come in steps.
      guard steps > 0, excess > 0 else { continue }
      let mean = max(excess / Double(tail), (score - base.score) / Double(steps))
      if gap > needed * mean { return last }
    }
    return nil
  }
}
