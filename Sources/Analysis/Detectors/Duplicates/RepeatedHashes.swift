/// Hashes that may occur several times.
enum RepeatedHashes {
  /// The places of those that share their last bits with another: of many, nearly all that occur once are told
  /// so, which takes much less time than sorting them.
  static func places(_ hashes: [UInt64]) -> [Int] {
    // Four slots or more for each: most that are alone have one of their own.
    var slots = 1
    while slots < 4 * hashes.count { slots *= 2 }
    let mask = UInt64(slots - 1)
    var counts = [UInt8](repeating: 0, count: slots)
    for hash in hashes where counts[Int(hash & mask)] < 2 { counts[Int(hash & mask)] += 1 }
    return hashes.indices.filter { counts[Int(hashes[$0] & mask)] > 1 }
  }
}
