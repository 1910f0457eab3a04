/// SplitMix64 (Steele, Lea and Flood 2014): a small generator whose whole state is one seed, so that a
/// run can be played again.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that yields the same numbers for the same seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 to `bound - 1`. Deterministic across platforms, unlike what the standard library
  /// promises of its ranges.
  public mutating func next(below bound: UInt64) -> UInt64 {
    precondition(bound > 0)
    return next().multipliedFullWidth(by: bound).high
  }
}
