import Foundation

/// Words of a text column as weighted features: hashed (Weinberger et al. 2009) so that memory is
/// bounded, with TF-IDF weights (Salton and Buckley 1988) and unit length.
struct TextEncoding: Sendable {
  static let bucketCount = 1 << 14

  /// For each row its buckets in ascending order with their weights.
  private(set) var vectors: [[(Int, Double)]]

  init(column: Column, rows: [Int]) {
    var documentFrequency = [Int](repeating: 0, count: Self.bucketCount)
    let counts = rows.map { row -> [(Int, Double)] in
      let words = column.isMissing(row) ? [] : Self.words(column.bytes(row))
      var tally: [(Int, Double)] = []
      for bucket in words.sorted() {
        if tally.last?.0 == bucket {
          tally[tally.count - 1].1 += 1
        } else {
          tally.append((bucket, 1))
          documentFrequency[bucket] += 1
        }
      }
      return tally
    }
    let total = Double(rows.count)
    vectors = counts.map { tally in
      let weighted = tally.map { bucket, count in
        (bucket, (1 + log(count)) * (1 + log(total / Double(documentFrequency[bucket]))))
      }
      let length = weighted.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
      return weighted.map { ($0.0, $0.1 / length) }
    }
  }

  /// Buckets of the words: runs of letters, digits and non-ASCII bytes, ASCII letters lower-cased.
  private static func words(_ text: ArraySlice<UInt8>) -> [Int] {
    var buckets: [Int] = []
    var hash = offsetBasis
    var isInWord = false
    for byte in text {
      let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      let isLetter = (0x61...0x7A).contains(lower) || (0x30...0x39).contains(lower) || lower >= 0x80
      if isLetter {
        hash = (hash ^ UInt64(lower)) &* 0x100_0000_01B3
        isInWord = true
      } else if isInWord {
        buckets.append(bucket(hash))
        hash = offsetBasis
        isInWord = false
      }
    }
    if isInWord { buckets.append(bucket(hash)) }
    return buckets
  }

  /// FNV-1a, whose constants these are.
  private static let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325

  private static func bucket(_ hash: UInt64) -> Int {
    Int((hash ^ (hash >> 32)) & UInt64(bucketCount - 1))
  }
}
