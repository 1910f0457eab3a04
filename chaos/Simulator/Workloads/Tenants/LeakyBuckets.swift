/// What may be done a few times at once and then at a pace, counted for each key as a leaky bucket, where the
/// program keeps the time at which a bucket will be full.
struct LeakyBuckets<Key: Hashable> {
  /// Milliseconds in which what one more adds has run out.
  private let interval: Int64
  private let capacity: Int64
  private var buckets: [Key: (level: Int64, at: Int64)] = [:]

  /// - Parameters:
  ///   - burst: How many at once.
  ///   - interval: Milliseconds until one more.
  init(burst: Int64, interval: Int64) {
    self.interval = interval
    capacity = burst * interval
  }

  /// For how long one more must wait; zero if it need not.
  func wait(of key: Key, at clock: Int64) -> Int64 {
    max(0, level(of: key, at: clock) + interval - capacity)
  }

  mutating func add(_ key: Key, at clock: Int64) {
    buckets[key] = (level(of: key, at: clock) + interval, clock)
  }

  private func level(of key: Key, at clock: Int64) -> Int64 {
    guard let bucket = buckets[key] else { return 0 }
    return max(0, bucket.level - (clock - bucket.at))
  }
}
