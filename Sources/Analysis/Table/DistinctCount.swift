/// Counts different values, exactly.
enum DistinctCount {
  // MARK: Numbers

  /// How many different numbers the decimals of a column are, if they lie close together: a bit for each
  /// number that there may be between the least and the largest, at the finest scale of all, takes no more
  /// memory than the cells. Some nanoseconds a cell.
  ///
  /// - Returns: nil if they are too far apart.
  static func close(_ cells: [PackedCell]) -> Int? {
    let scale = cells.reduce(0) { $1.isDecimal ? max($0, $1.scale) : $0 }
    guard let factors = PackedCell.factors(to: scale) else { return nil }
    let limit = UInt64(cells.count * UInt64.bitWidth)
    var (least, most) = (Int64.max, Int64.min)
    // Whether they are too far apart is asked from time to time.
    for start in stride(from: 0, to: cells.count, by: 1_024) {
      var overflows = false
      for cell in cells[start..<min(start + 1_024, cells.count)] where cell.isDecimal {
        let (units, overflow) = cell.units(factors)
        overflows = overflows || overflow
        least = min(least, units)
        most = max(most, units)
      }
      guard least <= most else { continue }
      guard !overflows, UInt64(bitPattern: most &- least) < limit else { return nil }
    }
    guard least <= most else { return 0 }
    let words = Int(most - least) / UInt64.bitWidth + 1
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { seen in
      seen.initialize(repeating: 0)
      for cell in cells where cell.isDecimal {
        let place = Int(cell.units(factors).partialValue &- least)
        seen[place / UInt64.bitWidth] |= 1 << UInt64(place % UInt64.bitWidth)
      }
      return seen.reduce(0) { $0 + $1.nonzeroBitCount }
    }
  }

  // MARK: Keys

  /// Slots of a table that the processor's nearest cache holds.
  private static let cachedSlots = 1 << 12
  private static let parts = 256

  /// How many different keys there are, of which none is all ones.
  ///
  /// Many are dealt out to parts by their hash first, so that each part's table stays in the cache,
  /// where one table of all would miss it at each key (partitioned hashing: Shatdal, Kant and
  /// Naughton, "Cache Conscious Algorithms for Relational Query Processing", 1994, §3).
  static func of(_ keys: [UInt64]) -> Int {
    keys.withUnsafeBufferPointer { keys in count(keys, slots: cachedSlots) ?? dealtOut(keys) }
  }

  /// - Returns: nil once more than half of the slots are taken.
  private static func count(_ keys: UnsafeBufferPointer<UInt64>, slots: Int) -> Int? {
    let noKey = KeyNumbering.noKey
    let multiplier = KeyNumbering.multiplier
    // Open addressing, a power of two long.
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: slots) { table in
      table.initialize(repeating: noKey)
      var count = 0
      for key in keys {
        var slot = Int(truncatingIfNeeded: KeyNumbering.hash(key, multiplier)) & (slots - 1)
        while table[slot] != key {
          guard table[slot] == noKey else {
            slot = (slot + 1) & (slots - 1)
            continue
          }
          table[slot] = key
          count += 1
          if count * 2 > slots { return nil }
        }
      }
      return count
    }
  }

  private static func dealtOut(_ keys: UnsafeBufferPointer<UInt64>) -> Int {
    let multiplier = KeyNumbering.multiplier
    // The table takes low bits of the hash, so parts take high ones.
    func part(of key: UInt64) -> Int { Int(KeyNumbering.hash(key, multiplier) >> 56) }
    var ends = [Int](repeating: 0, count: parts)
    for key in keys { ends[part(of: key)] += 1 }
    for part in 1..<parts { ends[part] += ends[part - 1] }
    var places = [0] + ends.dropLast()
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: keys.count) { dealt in
      for key in keys {
        let part = part(of: key)
        dealt.initializeElement(at: places[part], to: key)
        places[part] += 1
      }
      var (start, sum) = (0, 0)
      for end in ends {
        let keys = UnsafeBufferPointer(rebasing: dealt[start..<end])
        let slots = 1 << (Int.bitWidth - (2 * keys.count).leadingZeroBitCount)
        guard let count = count(keys, slots: slots) else {
          preconditionFailure("there is room for all keys of a part")
        }
        sum += count
        start = end
      }
      return sum
    }
  }
}
