/// Sets of runs, one after another in one array while there is room, and the sizes of all.
///
/// Most candidates are not similar. Sizes alone rule many out, and of others the first runs do, so
/// that hardly any set is made again.
struct ShingleStore {
  private let capacity: Int
  private var hashes: [UInt32] = []
  /// Where the sets end that there was room for.
  private var ends: [Int] = []
  private var sizes: [UInt32] = []

  /// - Parameter capacity: Runs that are kept.
  init(capacity: Int) { self.capacity = capacity }

  /// Adds a set; they are numbered in the order they come.
  mutating func append(_ set: ShingleSet) {
    // Those that are kept are the first.
    if ends.count == sizes.count, hashes.count + set.hashes.count <= capacity {
      hashes += set.hashes
      ends.append(hashes.count)
    }
    sizes.append(UInt32(set.hashes.count))
  }

  /// The share of runs that two sets have in common (Jaccard), if it is at least `least`, and how many runs
  /// were looked at.
  ///
  /// - Parameter make: Makes a set again.
  func similarity(
    _ first: Int, _ second: Int, atLeast least: Double, _ make: (Int) -> ShingleSet
  ) -> (share: Double?, work: Int) {
    let (small, large) = (min(sizes[first], sizes[second]), max(sizes[first], sizes[second]))
    guard large == 0 || Double(small) / Double(large) >= least else { return (nil, 1) }
    let share = with(first, make) { own in
      with(second, make) { ShingleSet.similarity(own, $0, atLeast: least) }
    }
    return (share, Int(small + large))
  }

  private func with<Result>(
    _ number: Int, _ make: (Int) -> ShingleSet, _ body: (UnsafeBufferPointer<UInt32>) -> Result
  ) -> Result {
    guard number < ends.count else { return make(number).hashes.withUnsafeBufferPointer(body) }
    let start = number == 0 ? 0 : ends[number - 1]
    return hashes.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[start..<ends[number]]))
    }
  }
}
