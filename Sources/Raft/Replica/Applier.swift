/// Where the state machine stands, and what it is doing. It does one thing at a time, so what is
/// committed meanwhile is applied together.
struct Applier {
  private enum Activity {
    case idle
    case applying
    case reading
    /// This snapshot, or one before it that a newer one has overtaken.
    case installing(LogPosition)
  }

  private(set) var applied: LogPosition
  private var activity = Activity.idle
  /// Entries that were read back from disk and not yet applied.
  private var readBack: [Entry] = []
  private var isTakingSnapshot = false
  /// A snapshot was asked for, though none is due.
  private var isAsked = false
  /// The newest snapshot is gone, and none was taken since.
  private var lacksSnapshot = false
  /// The index of the newest snapshot taken or installed.
  private var snapshotIndex: LogIndex
  private var bytesSinceSnapshot = 0
  private var bytesBeforeSnapshot = 0

  init(applied: LogPosition, snapshot: LogIndex) {
    self.applied = applied
    snapshotIndex = snapshot
  }

  var isIdle: Bool { if case .idle = activity { true } else { false } }

  // MARK: Applying

  mutating func begin(_ entries: [Entry]) {
    activity = .applying
    bytesSinceSnapshot += entries.reduce(0) { $0 + $1.weight }
  }

  mutating func finished(at position: LogPosition) {
    // An installed snapshot may have overtaken the batch.
    guard case .applying = activity else { return }
    activity = .idle
    applied = position
  }

  mutating func beginRead() { activity = .reading }

  mutating func read(_ entries: [Entry]) {
    guard case .reading = activity else { return }
    activity = .idle
    readBack = entries
  }

  /// The entries read back, if they are still the ones to apply next.
  mutating func takeRead(next: LogIndex, through end: LogIndex, log: RaftLog) -> [Entry]? {
    defer { readBack = [] }
    guard readBack.first?.index == next, let last = readBack.last, last.index <= end,
      log.contains(last.position)
    else { return nil }
    return readBack
  }

  // MARK: Snapshots

  /// A state machine that begins anew passes where there is a snapshot already; what the configuration was
  /// there is no longer known.
  func wantsSnapshot(_ options: ReplicaOptions) -> Bool {
    guard !isTakingSnapshot else { return false }
    if lacksSnapshot { return applied.index >= snapshotIndex }
    return applied.index > snapshotIndex
      && (isAsked || applied.index - snapshotIndex >= options.snapshotEntries
        || bytesSinceSnapshot >= options.snapshotBytes)
  }

  /// Somebody wants a snapshot now. Nothing comes of it if the newest one holds all that is applied.
  mutating func askForSnapshot() { isAsked = applied.index > snapshotIndex }

  mutating func beginSnapshot() {
    isTakingSnapshot = true
    isAsked = false
    bytesBeforeSnapshot = bytesSinceSnapshot
    bytesSinceSnapshot = 0
  }

  mutating func snapshotTaken(_ index: LogIndex) {
    isTakingSnapshot = false
    lacksSnapshot = false
    snapshotIndex = max(snapshotIndex, index)
  }

  mutating func snapshotLost() { lacksSnapshot = true }

  mutating func snapshotFailed() {
    isTakingSnapshot = false
    bytesSinceSnapshot += bytesBeforeSnapshot
  }

  mutating func beginInstall(_ position: LogPosition) {
    activity = .installing(position)
    readBack = []
    isAsked = false
  }

  mutating func installed(_ position: LogPosition) {
    // The log begins after the newest snapshot received: nothing follows upon an older one.
    guard case .installing(position) = activity else { return }
    activity = .idle
    applied = position
    snapshotIndex = max(snapshotIndex, position.index)
    bytesSinceSnapshot = 0
  }
}
