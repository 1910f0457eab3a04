import CloudState

/// The outcomes that are kept to answer repeated requests: each until its retention has passed, and then
/// until one of the next commands forgets it, at most eight at a time, the oldest first, or more of them
/// when the house is kept.
struct RequestMemory {
  private var outcomes: [RequestID: [UInt8]] = [:]
  /// By end, then identifier.
  private var ends: [(end: Int64, id: RequestID)] = []

  func outcome(of id: RequestID) -> [UInt8]? { outcomes[id] }

  mutating func remember(_ outcome: [UInt8], of id: RequestID, until end: Int64) {
    outcomes[id] = outcome
    let place = ends.lastIndex { Self.precedes($0, (end, id)) }.map { $0 + 1 } ?? 0
    ends.insert((end, id), at: place)
  }

  mutating func forget(at clock: Int64, limit: Int = 8) -> Int {
    let due = ends.prefix(limit).prefix { $0.end <= clock }
    for (_, id) in due { outcomes[id] = nil }
    ends.removeFirst(due.count)
    return due.count
  }

  private static func precedes(
    _ left: (end: Int64, id: RequestID), _ right: (end: Int64, id: RequestID)
  ) -> Bool {
    left.end != right.end
      ? left.end < right.end : left.id.bytes.lexicographicallyPrecedes(right.id.bytes)
  }
}
