/// Numbers distinct keys from 1, in the order they are first seen.
struct KeyNumbering {
  /// No ``PackedCell`` is all ones, nor is a pair of a group and a level.
  private static let noKey = UInt64.max
  /// As ``KeyedHash``: random, so that no input can be made to collide.
  private static let multiplier = UInt64.random(in: .min ... .max) | 1

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
  private static func hash(_ key: UInt64, _ multiplier: UInt64) -> UInt64 {
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

// MARK: - Counting

extension KeyNumbering {
  /// As many keys fit in a table that the processor's cache holds.
  private static let cachedCount = 1 << 14
  private static let parts = 256

  /// How many different keys there are.
  ///
  /// Many are dealt out to parts by their hash first, so that each part's table stays in the cache,
  /// where one table of all would miss it at each key (partitioned hashing: Shatdal, Kant and
  /// Naughton, "Cache Conscious Algorithms for Relational Query Processing", 1994, §3).
  static func distinctCount(_ keys: some Sequence<UInt64>) -> Int {
    var numbering = KeyNumbering()
    for key in keys {
      _ = numbering.number(of: key)
      if numbering.count > cachedCount { return dealtOut(keys) }
    }
    return Int(numbering.count)
  }

  private static func dealtOut(_ keys: some Sequence<UInt64>) -> Int {
    let multiplier = multiplier
    // The table takes low bits of the hash, so parts take high ones.
    func part(of key: UInt64) -> Int { Int(hash(key, multiplier) >> 56) }
    var ends = [Int](repeating: 0, count: parts)
    for key in keys { ends[part(of: key)] += 1 }
    for part in 1..<parts { ends[part] += ends[part - 1] }
    var places = [0] + ends.dropLast()
    var count = 0
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: ends[parts - 1]) { dealt in
      for key in keys {
        let part = part(of: key)
        dealt.initializeElement(at: places[part], to: key)
        places[part] += 1
      }
      var start = 0
      for end in ends {
        var numbering = KeyNumbering()
        for place in start..<end { _ = numbering.number(of: dealt[place]) }
        count += Int(numbering.count)
        start = end
      }
    }
    return count
  }
}
