/// Sorts rows by a number of each.
///
/// A radix sort of eight passes over bytes (Knuth, The Art of Computer Programming 5.2.5), those left
/// out in which all numbers agree: linear, and it needs no comparisons to mispredict.
enum NumberOrder {
  typealias Item = (key: UInt64, index: UInt32)

  /// The indices of the finite numbers, by ascending number, then index.
  static func ascending(_ numbers: [Double]) -> [UInt32] {
    var items: [Item] = []
    items.reserveCapacity(numbers.count)
    for (index, number) in numbers.enumerated() where number.isFinite {
      items.append((key(number), UInt32(index)))
    }
    return ascending(items)
  }

  /// Some of the rows, which ascend, by ascending number, then row; those without a finite one are
  /// left out.
  static func ascending(_ numbers: [Double], among rows: [Int]) -> [UInt32] {
    ascending(rows.compactMap { numbers[$0].isFinite ? (key(numbers[$0]), UInt32($0)) : nil })
  }

  /// The items' indices by ascending key, those of equal keys in the given order.
  static func ascending(_ items: [Item]) -> [UInt32] { sorted(items).map(\.index) }

  /// Adding zero makes -0 and 0 one; flipping bits makes the order of doubles that of integers.
  private static func key(_ number: Double) -> UInt64 {
    let bits = (number + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  private static func sorted(_ items: [Item]) -> [Item] {
    guard !items.isEmpty else { return [] }
    var counts = [UInt32](repeating: 0, count: 8 * 256)
    for item in items {
      for pass in 0..<8 { counts[pass &* 256 &+ Int(item.key >> UInt64(8 &* pass) & 255)] += 1 }
    }
    var items = items
    var other = items
    for pass in 0..<8 {
      let shift = UInt64(8 * pass)
      if counts[pass * 256 + Int(items[0].key >> shift & 255)] == items.count { continue }
      var next = [Int](repeating: 0, count: 256)
      for byte in 1..<256 { next[byte] = next[byte - 1] + Int(counts[pass * 256 + byte - 1]) }
      items.withUnsafeBufferPointer { items in
        other.withUnsafeMutableBufferPointer { other in
          for item in items {
            let byte = Int(item.key >> shift & 255)
            other[next[byte]] = item
            next[byte] &+= 1
          }
        }
      }
      swap(&items, &other)
    }
    return items
  }
}
