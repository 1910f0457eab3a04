extension [Double] {
  /// The quantile of numbers in ascending order, between two of them in proportion.
  func quantile(_ share: Double) -> Double {
    let position = share * Double(count - 1)
    let below = Int(position)
    let above = Swift.min(below + 1, count - 1)
    let weight = position - Double(below)
    return self[below] * (1 - weight) + self[above] * weight
  }
}
