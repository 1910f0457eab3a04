/// The runs of four bytes of a normalised text, as ascending hashes without repetition.
///
/// Runs of characters rather than of words tell short texts apart and bear misspellings (Leskovec,
/// Rajaraman and Ullman, Mining of Massive Datasets, section 3.2).
struct ShingleSet: Sendable {
  static let length = 4

  let hashes: [UInt32]

  init(_ text: [UInt8]) {
    guard text.count >= Self.length else {
      hashes = []
      return
    }
    var found: [UInt32] = []
    found.reserveCapacity(text.count)
    var window: UInt32 = 0
    for (place, byte) in text.enumerated() {
      window = window << 8 | UInt32(byte)
      // Four bytes are their own hash.
      if place >= Self.length - 1 { found.append(window) }
    }
    found.sort()
    var count = 0
    for hash in found where count == 0 || found[count - 1] != hash {
      found[count] = hash
      count += 1
    }
    found.removeLast(found.count - count)
    hashes = found
  }

  /// The share of runs of either that both have (Jaccard).
  func similarity(to other: ShingleSet) -> Double {
    var (left, right, both) = (0, 0, 0)
    while left < hashes.count, right < other.hashes.count {
      let (first, second) = (hashes[left], other.hashes[right])
      if first == second { both += 1 }
      if first <= second { left += 1 }
      if second <= first { right += 1 }
    }
    let either = hashes.count + other.hashes.count - both
    return either == 0 ? 1 : Double(both) / Double(either)
  }
}
