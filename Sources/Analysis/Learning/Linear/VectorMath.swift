/// Eight floats at once.
typealias Floats = SIMD8<Float>

extension UnsafePointer<Float> {
  @inline(__always)
  func eight(_ offset: Int) -> Floats {
    UnsafeRawPointer(self + offset).loadUnaligned(as: Floats.self)
  }
}

extension UnsafeMutablePointer<Float> {
  @inline(__always)
  func eight(_ offset: Int) -> Floats {
    UnsafeRawPointer(self + offset).loadUnaligned(as: Floats.self)
  }

  @inline(__always)
  func set(_ offset: Int, _ value: Floats) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: value, as: Floats.self)
  }
}

extension SIMD8<Float> {
  /// The sum of the eight, always in the same order.
  @inline(__always)
  var total: Float {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// e to the power of each, to about a unit in the last place; 0 below -87, and 88 counts for all
  /// above.
  ///
  /// The standard reduction to [-ln 2 / 2, ln 2 / 2] and a polynomial of degree 6 (Cephes, Moshier
  /// 1989), in additions and multiplications alone: eight cost little more than one of the C
  /// library's, and the result does not depend on the library or the processor.
  @inline(__always)
  var exponential: Floats {
    let shift = Floats(repeating: 12_582_912)
    let least = Floats(repeating: -87)
    let most = Floats(repeating: 88)
    let tooSmall = self .< least
    let x = self.replacing(with: least, where: tooSmall).replacing(
      with: most, where: self .> most)
    // Adding 1.5 * 2^23 rounds to a whole number, which stands in the lowest bits.
    let shifted = x * 1.442_695_04 + shift
    let whole = shifted - shift
    let rest = x - whole * 0.693_359_375 + whole * 2.121_944_4e-4
    var power = rest * 1.987_569_15e-4 + 1.398_199_95e-3
    power = power * rest + 8.333_451_9e-3
    power = power * rest + 4.166_579_6e-2
    power = power * rest + 1.666_666_55e-1
    power = power * rest + 5.000_000_1e-1
    power = power * (rest * rest) + rest + 1
    let exponent =
      unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- unsafeBitCast(shift, to: SIMD8<Int32>.self)
    let scale = unsafeBitCast((exponent &+ 127) &<< 23, to: Floats.self)
    return (power * scale).replacing(with: 0, where: tooSmall)
  }
}

/// Sums logarithms of positive numbers with a call of `log` for many factors.
struct LogSum {
  private var sum = 0.0
  private var product = 1.0

  /// Adds the logarithm of a number from 1e-30 to 1.
  @inline(__always)
  mutating func add(_ factor: Double) {
    product *= factor
    if product < 1e-250 { settle() }
  }

  private mutating func settle() {
    sum += naturalLog(product)
    product = 1
  }

  /// The sum of all logarithms so far.
  var value: Double { sum + naturalLog(product) }
}
