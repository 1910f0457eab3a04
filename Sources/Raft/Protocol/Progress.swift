import DequeModule

/// What the leader knows of one peer's log.
struct Progress {
  /// How entries are sent to the peer.
  enum State {
    /// Where the logs meet isn't known: one append at a time until the peer accepts one. `paused`
    /// while an answer is awaited.
    case probe(paused: Bool)
    /// The logs meet: entries are sent before earlier ones are acknowledged.
    case replicate
    /// The entries that the peer needs are compacted: it is sent a snapshot.
    case snapshot(SnapshotTransfer)
  }

  /// The peer's log is durably the leader's up to here. Shrinks only when the peer's disk has lost what
  /// it had acknowledged.
  private(set) var match: LogIndex = .zero
  /// The next entry to send. Invariant: `match < next`.
  private(set) var next: LogIndex
  private(set) var state: State = .probe(paused: false)
  /// Appends that were sent and not yet acknowledged, oldest first; empty unless replicating.
  private var inflight = Deque<(last: LogIndex, bytes: Int)>()
  private(set) var inflightBytes = 0
  var inflightAppends: Int { inflight.count }
  /// The commit index that the peer was last told.
  private(set) var toldCommit: LogIndex = .zero
  /// Entries for the peer are being read from disk.
  var isReading = false
  /// Whether the peer was heard since the last quorum check.
  var isActive = false
  /// How many quorum checks in a row have found the peer active.
  private(set) var activePeriods = 0
  /// Ticks since the peer was last heard.
  var silentTicks = 0
  /// How fast the peer catches up.
  private(set) var catchUp: CatchUp
  /// The peer's disk has lost entries, and it votes again once it holds the log up to here; as far as it
  /// has told.
  var healsAt = LogIndex.zero
  /// What the peer's program supports; nil until it has answered a heartbeat.
  var featureLevel: FeatureLevel?

  /// - Parameters:
  ///   - last: where the leader's log ends.
  ///   - tick: the leader's tick.
  init(last: LogIndex, tick: Int, isActive: Bool = false) {
    next = last.next
    catchUp = CatchUp(target: last, tick: tick)
    self.isActive = isActive
  }

  /// Whether nothing more may be sent for now.
  func isPaused(window: FlowWindow) -> Bool {
    if isReading { return true }
    return switch state {
    case .probe(let paused): paused
    case .replicate: inflight.count >= window.appends || inflightBytes >= window.bytes
    case .snapshot: true
    }
  }

  /// Whether the logs are not yet known to meet.
  var isCatchingUp: Bool { if case .replicate = state { false } else { true } }

  // MARK: Sending

  /// An append with entries up to `last` was sent (`last < next` when it had none).
  mutating func sent(through last: LogIndex, bytes: Int, commit: LogIndex) {
    toldCommit = commit
    switch state {
    case .probe: state = .probe(paused: true)
    case .replicate where last >= next:
      inflight.append((last, bytes))
      inflightBytes += bytes
      next = last.next
    case .replicate, .snapshot: break
    }
  }

  mutating func startSnapshot(_ metadata: SnapshotMetadata) {
    clearInflight()
    state = .snapshot(SnapshotTransfer(metadata: metadata))
  }

  mutating func updateSnapshot(_ change: (inout SnapshotTransfer) -> Void) {
    guard case .snapshot(var transfer) = state else { return }
    change(&transfer)
    state = .snapshot(transfer)
  }

  // MARK: Answers

  /// The peer is alive.
  mutating func heard() {
    isActive = true
    silentTicks = 0
  }

  /// The peer holds the log up to `index`; the leader's begins after `base`. Returns whether that is news.
  mutating func accepted(_ index: LogIndex, base: LogIndex) -> Bool {
    let isNews = index > match
    match = max(match, index)
    next = max(next, match.next)
    while let first = inflight.first, first.last <= index {
      inflight.removeFirst()
      inflightBytes -= first.bytes
    }
    switch state {
    case .probe: state = .replicate
    case .replicate: break
    case .snapshot(let transfer):
      // From the log's beginning on entries can be sent: what is left of the snapshot would bring the peer no
      // further. The log may begin after the snapshot, too; then there is a newer one.
      if match >= min(base, transfer.metadata.position.index) { state = .probe(paused: false) }
    }
    return isNews
  }

  /// The peer doesn't hold the entry at `previous`; the logs can still meet at `meeting`. Returns
  /// whether the answer is current.
  mutating func rejected(previous: LogIndex, meeting: LogIndex) -> Bool {
    // What was acknowledged is not taken back this way: the answer is old, or the peer's disk has lost
    // entries, which it will tell by itself.
    guard previous > match else { return false }
    switch state {
    case .snapshot: return false
    case .replicate:
      becomeProbe()
      return true
    case .probe:
      // An answer to an older probe tells nothing about the one under way.
      guard previous == next.previous else { return false }
      next = max(min(previous, meeting.next), match.next)
      state = .probe(paused: false)
      return true
    }
  }

  /// The peer's log ends at `index` after all: its disk has lost the rest.
  mutating func retreat(to index: LogIndex) {
    match = min(match, index)
    becomeProbe()
  }

  /// Takes note of how far the peer has come.
  mutating func measure(last: LogIndex, tick: Int, limit: Int) {
    catchUp.reached(match, last: last, tick: tick, limit: limit)
  }

  /// Starts again from what is known for certain.
  mutating func becomeProbe() {
    clearInflight()
    isReading = false
    next = match.next
    state = .probe(paused: false)
  }

  /// Another quorum check begins.
  mutating func beginPeriod() {
    activePeriods = isActive ? activePeriods + 1 : 0
    isActive = false
  }

  /// The peer answered a heartbeat: it is alive, so whatever blocks sending may be lost messages.
  ///
  /// A full window stays full: the peer may hear and its disk may be slow.
  mutating func resume() {
    if case .probe = state { state = .probe(paused: false) }
  }

  private mutating func clearInflight() {
    inflight.removeAll()
    inflightBytes = 0
  }
}

/// A snapshot on its way to a peer, one chunk at a time.
struct SnapshotTransfer {
  let metadata: SnapshotMetadata
  /// The peer has this many bytes.
  var received: UInt64 = 0
  /// Ticks since a chunk was asked for or sent without an answer; nil when none is under way.
  var waitingTicks: Int?
  /// A chunk is being read from disk, however long that takes.
  var isReading = false
  /// The next chunk waits until more may be sent.
  var isHeldBack = false
}

/// How much may be on its way to a peer without an answer.
struct FlowWindow {
  var appends: Int
  var bytes: Int
}
