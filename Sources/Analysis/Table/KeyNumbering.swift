/// Numbers distinct keys from 1, in the order they are first seen.
struct KeyNumbering {
  /// No ``PackedCell`` is all ones, nor is a pair of a group and a level.
  static let noKey = UInt64.max
  /// As ``KeyedHash``: random, so that no input can be made to collide.
  static let multiplier = UInt64.random(in: .min ... .max) | 1

  private(set) var count: UInt32 = 0
  /// Open addressing, a power of two long.
  private var keys: [UInt64]
  private var numbers: [UInt32]
  private let multiplier = Self.multiplier

  init() {
    keys = [UInt64](repeating: Self.noKey, count: 64)
    numbers = [UInt32](repeating: 0, count: 64)
  }

  /// The number of `key`, a new one if it is new.
  mutating func number(of key: UInt64) -> UInt32 {
    var slot = slot(of: key)
    while keys[slot] != key {
      if keys[slot] == Self.noKey {
        count += 1
        keys[slot] = key
        numbers[slot] = count
        if Int(count) * 2 > keys.count { grow() }
        return count
      }
      slot = (slot + 1) & (keys.count - 1)
    }
    return numbers[slot]
  }

  private func slot(of key: UInt64) -> Int {
    Int(truncatingIfNeeded: Self.hash(key, multiplier)) & (keys.count - 1)
  }

  /// Both halves of the product, so that each bit of the key counts.
  @inline(__always)
  static func hash(_ key: UInt64, _ multiplier: UInt64) -> UInt64 {
    let product = (key ^ multiplier >> 7).multipliedFullWidth(by: multiplier)
    return product.high ^ product.low
  }

  private mutating func grow() {
    let (oldKeys, oldNumbers) = (keys, numbers)
    let size = oldKeys.count * (oldKeys.count < 1 << 18 ? 8 : 2)
    keys = [UInt64](repeating: Self.noKey, count: size)
    numbers = [UInt32](repeating: 0, count: size)
    for (key, number) in zip(oldKeys, oldNumbers) where key != Self.noKey {
      var slot = slot(of: key)
      while keys[slot] != Self.noKey { slot = (slot + 1) & (keys.count - 1) }
      keys[slot] = key
      numbers[slot] = number
    }
  }
}
