/// Finds candidates for pairs of similar sets without comparing all of them: sets whose signatures
/// of minimal hashes (Broder 1997) agree in one of several bands (Leskovec, Rajaraman and Ullman,
/// Mining of Massive Datasets, sections 3.3 and 3.4).
///
/// With 20 bands of 4 hashes, two sets of similarity 0.7 agree in a band with probability 0.996, of
/// 0.8 with 0.99997, of 0.3 with 0.15.
struct MinHashIndex: Sendable {
  static let bands = 20
  private static let lanes = 8
  private static let vectors = bands * 4 / lanes
  /// Of sets that agree in a band, each is compared with as many before it, and with the first.
  private static let window = 4

  /// Band by band, for each set.
  private var keys: [[UInt32]]
  private let multipliers: [SIMD8<UInt32>]
  private let offsets: [SIMD8<UInt32>]

  init(capacity: Int) {
    keys = (0..<Self.bands).map { _ in
      var keys: [UInt32] = []
      keys.reserveCapacity(capacity)
      return keys
    }
    // The same permutations in each analysis: nothing here depends on the caller's seed.
    var generator = SeededGenerator(seed: 0x6D69_6E68_6173_68)
    func draw() -> SIMD8<UInt32> {
      var result = SIMD8<UInt32>()
      for lane in 0..<8 { result[lane] = UInt32(truncatingIfNeeded: generator.next() >> 32) | 1 }
      return result
    }
    multipliers = (0..<Self.vectors).map { _ in draw() }
    offsets = (0..<Self.vectors).map { _ in draw() }
  }

  /// Adds a set, which must not be empty; sets are numbered in the order they come.
  mutating func append(_ set: ShingleSet) {
    var signature = [SIMD8<UInt32>](repeating: SIMD8(repeating: .max), count: Self.vectors)
    for hash in set.hashes {
      // Multiplication alone keeps the order of low bits: mix the high ones in first.
      let mixed = (hash ^ hash >> 15) &* 0x2C1B_3C6D
      let spread = SIMD8<UInt32>(repeating: mixed ^ mixed >> 12)
      for vector in 0..<Self.vectors {
        let value = (spread ^ offsets[vector]) &* multipliers[vector]
        signature[vector].replace(with: value, where: value .< signature[vector])
      }
    }
    for band in 0..<Self.bands {
      var key: UInt32 = 0
      for part in 0..<4 {
        let place = band * 4 + part
        key = (key ^ signature[place / Self.lanes][place % Self.lanes]) &* 0x0100_0193
        key ^= key >> 15
      }
      keys[band].append(key)
    }
  }

  /// Visits pairs of sets that agree in a band, the smaller first; some of them several times.
  ///
  /// - Parameter body: returns how many hashes it has looked at.
  func forEachCandidate(
    _ checkpoint: Checkpoint, _ body: (Int, Int) -> Int
  ) throws(AnalysisCancelled) {
    var comparing = PacedCheckpoint(checkpoint)
    for (band, keys) in keys.enumerated() {
      try checkpoint.reached(Double(band) / Double(Self.bands))
      let order = keys.indices.map { UInt64(keys[$0]) << 32 | UInt64($0) }.sorted()
      var first = 0
      var work = 0
      for place in order.indices {
        try comparing.passed(
          work + 1, at: (Double(band) + Double(place) / Double(order.count)) / Double(Self.bands))
        work = 0
        if order[place] >> 32 != order[first] >> 32 {
          first = place
          continue
        }
        let set = Int(order[place] & 0xFFFF_FFFF)
        for other in max(first, place - Self.window)..<place {
          work += body(Int(order[other] & 0xFFFF_FFFF), set)
        }
        if place - Self.window > first { work += body(Int(order[first] & 0xFFFF_FFFF), set) }
      }
    }
  }
}
