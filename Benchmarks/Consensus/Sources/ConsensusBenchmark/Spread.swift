import Measuring

/// What several rounds gave: the one in the middle, and how far the others are from it.
struct Spread {
  let values: [Double]

  init(_ values: [Double]) { self.values = values.sorted() }

  var median: Double { Measuring.median(values) }

  /// `median (least to most)`, with thousands separated.
  var grouped: String { text(Measuring.grouped) }

  /// The same with two places.
  var precise: String { text { value in "\((value * 100).rounded() / 100)" } }

  private func text(_ format: (Double) -> String) -> String {
    guard let least = values.first, let most = values.last else { return "-" }
    return "\(format(median)) (\(format(least)) to \(format(most)))"
  }
}
