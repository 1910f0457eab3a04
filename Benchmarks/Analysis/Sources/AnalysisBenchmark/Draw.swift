import Foundation
import Measuring

/// Random values, the same each time.
struct Draw {
  private var keys = Keys(seed: 7)

  mutating func below(_ bound: Int) -> Int { Int(keys.next(below: bound)) }

  mutating func uniform() -> Double { (Double(keys.next(below: 1 << 53)) + 0.5) / Double(1 << 53) }

  /// Box and Muller (1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// True with a probability.
  mutating func happens(_ probability: Double) -> Bool { uniform() < probability }
}

extension Double {
  /// Two digits after the point at most.
  var hundredths: Double { (self * 100).rounded() / 100 }
}
