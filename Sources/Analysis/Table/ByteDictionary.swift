import Foundation

/// Distinct byte strings, numbered in the order they were first seen.
struct ByteDictionary: Sendable {
  private var bytes: [UInt8] = []
  /// Where each entry ends in `bytes`.
  private var ends: [Int] = []
  /// Open addressing, a power of two long: an entry's hash in the upper half and its number plus one
  /// in the lower, or 0. Most entries that are not the wanted one show it by their hash.
  private var slots: [UInt64] = []
  private let keyedHash = KeyedHash()
  /// Short strings that were looked up lately, each at a place that its bytes choose.
  private var recent: [RecentString] = []

  var count: Int { ends.count }

  /// The number of `value`, which is added if it is new.
  mutating func insert(_ value: UnsafeRawBufferPointer) -> UInt32 {
    guard let short = RecentString(value) else { return look(up: value) }
    if recent.isEmpty {
      recent = [RecentString](repeating: RecentString(), count: RecentString.places)
    }
    let place = short.place
    if recent[place].equals(short) { return recent[place].entry }
    let entry = look(up: value)
    recent[place] = short
    recent[place].entry = entry
    return entry
  }

  private mutating func look(up value: UnsafeRawBufferPointer) -> UInt32 {
    if (ends.count + 1) * 4 > slots.count * 3 { grow() }
    let hash = keyedHash.hash(value)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let entry = UInt32(truncatingIfNeeded: slots[slot]) - 1
      if slots[slot] >> 32 == UInt64(hash), equals(Int(entry), value) { return entry }
      slot = (slot + 1) & mask
    }
    bytes.append(contentsOf: value)
    ends.append(bytes.count)
    slots[slot] = UInt64(hash) << 32 | UInt64(ends.count)
    return UInt32(ends.count - 1)
  }

  /// The bytes of an entry.
  subscript(_ entry: Int) -> ArraySlice<UInt8> {
    bytes[(entry == 0 ? 0 : ends[entry - 1])..<ends[entry]]
  }

  /// Gives up what only insertion needs.
  mutating func freeze() {
    slots = []
    recent = []
  }

  private func equals(_ entry: Int, _ value: UnsafeRawBufferPointer) -> Bool {
    let start = entry == 0 ? 0 : ends[entry - 1]
    guard ends[entry] - start == value.count else { return false }
    guard let other = value.baseAddress else { return true }
    return bytes.withUnsafeBytes { memcmp($0.baseAddress! + start, other, value.count) == 0 }
  }

  private mutating func grow() {
    precondition(!(slots.isEmpty && !ends.isEmpty), "a frozen dictionary takes no entries")
    let old = slots
    let size = max(16, old.count * 2)
    slots = [UInt64](repeating: 0, count: size)
    for entry in old where entry != 0 {
      var slot = Int(entry >> 32) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = entry
    }
  }
}

/// A string of at most 16 bytes and its number. Categories are few and short: comparing two words
/// finds most of them without a hash.
private struct RecentString: Sendable {
  static let places = 64

  private var head: UInt64 = 0
  private var tail: UInt64 = 0
  /// Longer than any string that is held, where there is none.
  private var length = UInt32.max
  var entry: UInt32 = 0

  init() {}

  /// Nil if the string is too long. Head and tail overlap in strings of other lengths than 8 and 16.
  init?(_ value: UnsafeRawBufferPointer) {
    let count = value.count
    guard count <= 16 else { return nil }
    length = UInt32(count)
    guard let start = value.baseAddress else { return }
    if count >= 8 {
      head = start.loadUnaligned(as: UInt64.self)
      tail = (start + (count - 8)).loadUnaligned(as: UInt64.self)
    } else if count >= 4 {
      head = UInt64(start.loadUnaligned(as: UInt32.self))
      tail = UInt64((start + (count - 4)).loadUnaligned(as: UInt32.self))
    } else if count > 0 {
      head = UInt64(value[0]) << 16 | UInt64(value[count / 2]) << 8 | UInt64(value[count - 1])
    }
  }

  func equals(_ other: RecentString) -> Bool {
    head == other.head && tail == other.tail && length == other.length
  }

  /// The upper bits of a product depend on all bits of the string.
  var place: Int {
    Int(((head ^ tail << 7 ^ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15) >> 58)
  }
}
