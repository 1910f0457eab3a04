/// Hashes of keys that input chooses, keyed at random in each process so that no input can be made
/// to collide. Nothing that is reported may depend on them.
struct KeyedHash: Sendable {
  /// Longer strings are left to the standard library's hash, which is as good and slower to begin.
  private static let maximumLength = 128

  /// One key for the length, one for each four bytes.
  private static let keys: [UInt64] = (0...maximumLength / 4).map { _ in
    UInt64.random(in: .min ... .max)
  }

  private let keys = Self.keys

  /// The hash of a string: the upper half of the sum of products of its four-byte pieces with random
  /// numbers, which is strongly universal (Lemire and Kaser, "Strongly Universal String Hashing Is
  /// Fast", 2014, multilinear).
  func hash(_ value: UnsafeRawBufferPointer) -> UInt32 {
    guard value.count <= Self.maximumLength, let start = value.baseAddress else {
      var hasher = Hasher()
      hasher.combine(bytes: value)
      return UInt32(truncatingIfNeeded: hasher.finalize())
    }
    let count = value.count
    return keys.withUnsafeBufferPointer { keys in
      var sum = keys[0] &* UInt64(count + 1)
      var index = 0
      var piece = 1
      while index + 4 <= count {
        sum &+= keys[piece] &* UInt64((start + index).loadUnaligned(as: UInt32.self))
        index += 4
        piece += 1
      }
      if index < count {
        var rest: UInt64 = 0
        while index < count {
          rest = rest << 8 | UInt64(value[index])
          index += 1
        }
        sum &+= keys[piece] &* rest
      }
      return UInt32(truncatingIfNeeded: sum >> 32)
    }
  }
}
