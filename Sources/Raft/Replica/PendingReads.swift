/// Linearizable reads on their way: first gathered, then waiting for the leader to name an index,
/// then waiting for the state machine to reach it.
struct PendingReads {
  private let patience: Int
  private var gathered: [ReadID] = []
  private var asked: [(batch: UInt64, reads: [ReadID], since: Int)] = []
  /// Ordered by index.
  private var confirmed: [(index: LogIndex, reads: [ReadID], since: Int)] = []
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
    let batch = asked.remove(at: i)
    let place = confirmed.lastIndex { $0.index <= index }.map { $0 + 1 } ?? 0
    confirmed.insert((index, batch.reads, batch.since), at: place)
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

  /// Those that have waited for too long, with what they waited for.
  mutating func expire(now: Int) -> [(read: ReadID, failure: ReadFailure)] {
    let isLate = { [patience] (since: Int) in now - since > patience }
    // Who was asked first need not be confirmed first.
    let behind = confirmed.filter { isLate($0.since) }
    if !behind.isEmpty { confirmed.removeAll { isLate($0.since) } }
    let end = asked.firstIndex { !isLate($0.since) } ?? asked.count
    defer { asked.removeSubrange(..<end) }
    return behind.flatMap(\.reads).map { ($0, .stateBehind) }
      + asked[..<end].flatMap(\.reads).map { ($0, .noLeader) }
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
