/// Linearizable reads on their way: first gathered, then waiting for the leader to name an index,
/// then waiting for the state machine to reach it.
struct PendingReads {
  private let patience: Int
  private var gathered: [ReadID] = []
  private var asked: [(batch: UInt64, reads: [ReadID], since: Int)] = []
  /// Ordered by index.
  private var confirmed: [(index: LogIndex, reads: [ReadID])] = []
  private var lastBatch: UInt64

  /// `lastBatch` must differ from start to start: an answer that was meant for the process before this
  /// one may still be on its way, and names an index that is too old for the reads asked for since.
  init(patience: Int, lastBatch: UInt64) {
    self.patience = patience
    self.lastBatch = lastBatch
  }

  mutating func add(_ id: ReadID) { gathered.append(id) }

  /// Makes a batch of what was gathered.
  mutating func takeBatch(now: Int) -> UInt64? {
    guard !gathered.isEmpty else { return nil }
    lastBatch += 1
    asked.append((lastBatch, gathered, now))
    gathered = []
    return lastBatch
  }

  mutating func confirm(_ batch: UInt64, at index: LogIndex) {
    guard let i = asked.firstIndex(where: { $0.batch == batch }) else { return }
    let reads = asked.remove(at: i).reads
    let place = confirmed.lastIndex { $0.index <= index }.map { $0 + 1 } ?? 0
    confirmed.insert((index, reads), at: place)
  }

  mutating func fail(_ batch: UInt64) -> [ReadID] {
    guard let i = asked.firstIndex(where: { $0.batch == batch }) else { return [] }
    return asked.remove(at: i).reads
  }

  /// Those that the state machine, at `applied`, can answer.
  mutating func takeReady(applied: LogIndex) -> [ReadID] {
    let end = confirmed.firstIndex { $0.index > applied } ?? confirmed.count
    defer { confirmed.removeSubrange(..<end) }
    return confirmed[..<end].flatMap(\.reads)
  }

  /// Those that no leader has answered for too long.
  mutating func expire(now: Int) -> [ReadID] {
    let end = asked.firstIndex { now - $0.since <= patience } ?? asked.count
    defer { asked.removeSubrange(..<end) }
    return asked[..<end].flatMap(\.reads)
  }

  /// All of them.
  mutating func abandonAll() -> [ReadID] {
    defer {
      gathered = []
      asked = []
      confirmed = []
    }
    return confirmed.flatMap(\.reads) + asked.flatMap(\.reads) + gathered
  }

  /// Those that the leader has not answered: it is no longer the leader, or not reachable. Confirmed
  /// ones stay: what they wait for is committed.
  mutating func abandonUnconfirmed() -> [ReadID] {
    defer { asked = [] }
    return asked.flatMap(\.reads)
  }
}
