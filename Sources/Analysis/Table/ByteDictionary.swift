import Foundation

/// Distinct byte strings, numbered in the order they were first seen.
struct ByteDictionary: Sendable {
  private var bytes: [UInt8] = []
  /// Where each entry ends in `bytes`.
  private var ends: [Int] = []
  private var hashes: [UInt32] = []
  /// Open addressing, a power of two long: an entry's number plus one, or 0.
  private var slots: [UInt32] = []
  private let keyedHash = KeyedHash()

  var count: Int { ends.count }

  /// The number of `value`, which is added if it is new.
  mutating func insert(_ value: UnsafeRawBufferPointer) -> UInt32 {
    if (ends.count + 1) * 4 > slots.count * 3 { grow() }
    let hash = keyedHash.hash(value)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let entry = Int(slots[slot]) - 1
      if hashes[entry] == hash, equals(entry, value) { return UInt32(entry) }
      slot = (slot + 1) & mask
    }
    bytes.append(contentsOf: value)
    ends.append(bytes.count)
    hashes.append(hash)
    slots[slot] = UInt32(ends.count)
    return UInt32(ends.count - 1)
  }

  /// The bytes of an entry.
  subscript(_ entry: Int) -> ArraySlice<UInt8> {
    bytes[(entry == 0 ? 0 : ends[entry - 1])..<ends[entry]]
  }

  /// Gives up what only insertion needs.
  mutating func freeze() {
    slots = []
    hashes = []
  }

  private func equals(_ entry: Int, _ value: UnsafeRawBufferPointer) -> Bool {
    let start = entry == 0 ? 0 : ends[entry - 1]
    guard ends[entry] - start == value.count else { return false }
    guard let other = value.baseAddress else { return true }
    return bytes.withUnsafeBytes { memcmp($0.baseAddress! + start, other, value.count) == 0 }
  }

  private mutating func grow() {
    precondition(!(slots.isEmpty && !ends.isEmpty), "a frozen dictionary takes no entries")
    let size = max(16, slots.count * 2)
    slots = [UInt32](repeating: 0, count: size)
    for entry in hashes.indices {
      var slot = Int(hashes[entry]) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt32(entry + 1)
    }
  }
}
