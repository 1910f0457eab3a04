/// The runs of four bytes of a normalised text, as ascending hashes without repetition. A letter of a
/// script without spaces is one rather than three bytes, and an ideograph two (``UnspacedScript``): of
/// Chinese, pairs of characters.
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
    if text.contains(where: { $0 >= UnspacedScript.firstLead }) {
      Self.appendRuns(of: text, to: &found)
    } else {
      var window: UInt32 = 0
      for (place, byte) in text.enumerated() {
        window = window << 8 | UInt32(byte)
        // Four bytes are their own hash.
        if place >= Self.length - 1 { found.append(window) }
      }
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

  /// The bytes of a text, and what counts for one.
  static func length(of text: [UInt8]) -> Int {
    guard text.contains(where: { $0 >= UnspacedScript.firstLead }) else { return text.count }
    return text.withUnsafeBufferPointer { text in
      var (index, length) = (0, 0)
      while index < text.count {
        let (letter, bytes) = letter(text, at: index)
        length += letter.length
        index += bytes
      }
      return length
    }
  }

  private typealias Letter = (value: UInt32, length: Int)

  /// A letter of a script without spaces, or a byte of any other, and its bytes.
  private static func letter(
    _ text: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (letter: Letter, bytes: Int) {
    guard let (scalar, bytes) = Scalars.wide(text, at: index), UnspacedScript.kind(scalar) != nil
    else { return ((UInt32(text[index]), 1), 1) }
    return ((scalar, UnspacedScript.letters(scalar)), bytes)
  }

  /// Runs of letters that together have the length; of bytes alone the same as elsewhere.
  private static func appendRuns(of text: [UInt8], to found: inout [UInt32]) {
    var letters: [Letter] = []
    letters.reserveCapacity(text.count)
    text.withUnsafeBufferPointer { text in
      var index = 0
      while index < text.count {
        let (letter, bytes) = letter(text, at: index)
        letters.append(letter)
        index += bytes
      }
    }
    for first in letters.indices {
      var (hash, length, last) = (UInt32(0), 0, first)
      while length < Self.length, last < letters.count {
        let letter = letters[last]
        hash =
          letter.value < 0x100
          ? hash << 8 | letter.value : ((hash << 8 | hash >> 24) ^ letter.value) &* 0x9E37_79B1
        length += letter.length
        last += 1
      }
      guard length >= Self.length else { return }
      found.append(hash)
    }
  }

  /// The share of runs of either that both have (Jaccard).
  func similarity(to other: ShingleSet) -> Double {
    hashes.withUnsafeBufferPointer { own in
      other.hashes.withUnsafeBufferPointer { Self.similarity(own, $0, atLeast: 0) ?? 0 }
    }
  }

  /// The same; nil if it is less than `least`. Ascending runs are gone through only until they can be no
  /// more alike than that.
  static func similarity(
    _ own: UnsafeBufferPointer<UInt32>, _ other: UnsafeBufferPointer<UInt32>, atLeast least: Double
  ) -> Double? {
    let all = own.count + other.count
    guard all > 0 else { return 1 }
    // With a share s they have s/(1+s) of all in common, and the rest is of one of them alone. Half a run
    // more, as this is rounded.
    let allowed = Int((Double(all) * (1 - least) / (1 + least) + 0.5).rounded(.down))
    var (left, right, both) = (0, 0, 0)
    while left < own.count, right < other.count {
      let (first, second) = (own[left], other[right])
      if first == second { both += 1 }
      if first <= second { left += 1 }
      if second <= first { right += 1 }
      if left + right - 2 * both > allowed { return nil }
    }
    let share = Double(both) / Double(all - both)
    return share >= least ? share : nil
  }
}
