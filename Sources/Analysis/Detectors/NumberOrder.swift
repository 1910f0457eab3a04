/// Sorts rows by a number of each.
enum NumberOrder {
  /// The indices of the finite numbers, by ascending number, then index.
  ///
  /// A radix sort of eight passes over bytes (Knuth, The Art of Computer Programming 5.2.5), those
  /// left out in which all numbers agree: linear, and it needs no comparisons to mispredict.
  static func ascending(_ numbers: [Double]) -> [UInt32] {
    var items: [(key: UInt64, index: UInt32)] = []
    items.reserveCapacity(numbers.count)
    var counts = [UInt32](repeating: 0, count: 8 * 256)
    for (index, number) in numbers.enumerated() where number.isFinite {
      // Adding zero makes -0 and 0 one; flipping bits makes the order of doubles that of integers.
      let bits = (number + 0).bitPattern
      let key = bits >> 63 == 1 ? ~bits : bits | 1 << 63
      items.append((key, UInt32(index)))
      for pass in 0..<8 { counts[pass &* 256 &+ Int(key >> UInt64(8 &* pass) & 255)] += 1 }
    }
    guard !items.isEmpty else { return [] }
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
    return items.map(\.index)
  }
}
