/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed, on any machine and
/// with any version of the standard library.
struct SeededGenerator: Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below `bound`, which must be positive. The bias of the multiplication is below
  /// 2^-32 for bounds of table size.
  mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Fisher–Yates, spelled out because the standard library may change its own.
  mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, next(below: last + 1))
    }
  }

  /// At most `limit` of the elements, any as likely as another, in their order.
  mutating func sample<Element>(_ elements: [Element], limit: Int) -> [Element] {
    guard elements.count > limit else { return elements }
    var positions = Array(elements.indices)
    for index in 0..<limit { positions.swapAt(index, index + next(below: positions.count - index)) }
    return positions.prefix(limit).sorted().map { elements[$0] }
  }
}
