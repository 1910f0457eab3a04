import Raft
import Synchronization

/// What the log thread is asked to do.
enum LogJob: Sendable {
  case persist(PersistBatch)
  case read(EntryRead)
  case compact(LogIndex)
  /// Open the log again. Nothing of the replica before comes after this.
  case reopen(snapshot: SnapshotMetadata?, damage: [StorageError])
  /// The state has this, and the log that was opened again does not: it has lost its end.
  case admitLoss(provenBy: LogPosition, StorageOpening.Found)
  /// The snapshots, which come first, can't be opened: have that tried again, if it may be.
  case reopenSnapshots(after: StorageError)
}

/// Owns the log. Writes all batches that wait, then makes them durable together.
///
/// When the log fails it is closed and the replica is told; what that one still wanted is left undone, and
/// the log is opened again when all threads stand still.
struct LogThread {
  let engine: Engine
  /// Nil from a failure until it is open again.
  private var store: LogStore?
  /// Failures of the disk, which are borne only so often.
  private var failures: RetryCount
  /// How often there was no space.
  private var waits: RetryCount
  private var complaints = LogLimit(interval: .seconds(10))

  init(engine: Engine, store: sending LogStore) {
    self.engine = engine
    self.store = store
    failures = RetryCount(engine.options.storageRetries)
    waits = failures
  }

  /// Runs until the mailbox is closed and empty; then the log is durable and closed.
  mutating func run() {
    defer { store?.close() }
    var jobs: [LogJob] = []
    while engine.logJobs.take(into: &jobs) {
      do throws(StorageError) {
        try carryOut(jobs)
      } catch {
        store?.close()
        store = nil
        engine.storageFailed(error)
      }
      switch jobs.last {
      case .reopen(let snapshot, let damage): reopen(snapshot, damage)
      case .admitLoss(let applied, let found): admitLoss(provenBy: applied, found)
      case .reopenSnapshots(let cause): reopenSnapshots(after: cause)
      default: break
      }
    }
  }

  private mutating func carryOut(_ jobs: [LogJob]) throws(StorageError) {
    guard let store else { return }
    var written: UInt64?
    for job in jobs {
      switch job {
      case .persist(let batch):
        try store.append(batch)
        written = batch.sequence
      case .read(let wish):
        engine.inbox.put(.event(.entriesRead(wish, try read(wish, from: store))))
      case .compact(let index): try store.compact(through: index)
      case .reopen, .reopenSnapshots, .admitLoss: break
      }
    }
    if let written {
      try store.synchronize()
      engine.inbox.put(.event(.persisted(written)))
    }
    engine.logBytes.store(UInt64(store.sizeInBytes), ordering: .relaxed)
    prepareAhead(store)
  }

  /// The log may have been cut or compacted since the wish was made: then there is nothing to read.
  private func read(_ wish: EntryRead, from store: LogStore) throws(StorageError) -> [Entry] {
    do {
      return try store.entries(from: wish.from, through: wish.through, maxBytes: wish.maxBytes)
    } catch .notStored {
      return []
    }
  }

  private mutating func prepareAhead(_ store: LogStore) {
    do {
      try store.prepareAhead()
    } catch {
      // Only the next segment's creation is at stake, and that fails if it must.
      guard complaints.allows() else { return }
      engine.logger.warning("The log's next segment can't be prepared: \(error)")
    }
  }

  // MARK: Opening again

  /// Opens the log again, as often as it takes or may be tried, and hands what it holds on to the state
  /// machine's thread.
  private mutating func reopen(_ snapshot: SnapshotMetadata?, _ damage: [StorageError]) {
    store?.close()
    store = nil
    guard let opening = engine.storageOpening, var fault = engine.fault else { return }
    while pause(because: fault) {
      do {
        let (store, found) = try Self.open(opening, snapshot, damage, after: fault)
        self.store = store
        engine.logBytes.store(UInt64(store.sizeInBytes), ordering: .relaxed)
        engine.applierJobs.put(.rebuild(found))
        return
      } catch {
        guard case .storage(let cause) = error, let next = StorageFault(cause) else {
          return engine.fail(error)
        }
        // Damage that can't be dropped is there to stay.
        if case .damaged = next { return engine.fail(error) }
        fault = next
        StateTrust(dataDirectory: engine.options.dataDirectory, logger: engine.logger).judge(fault)
        engine.suspend(fault)
      }
    }
  }

  private mutating func admitLoss(provenBy applied: LogPosition, _ found: StorageOpening.Found) {
    guard let store, let opening = engine.storageOpening else { return }
    var found = found
    do throws(MemberError) {
      try opening.admitLoss(provenBy: applied, store, &found)
      engine.applierJobs.put(.rebuild(found))
    } catch {
      guard case .storage(let cause) = error, let fault = StorageFault(cause) else {
        return engine.fail(error)
      }
      engine.suspend(fault)
      reopen(found.recovered.snapshot, [])
    }
  }

  private mutating func reopenSnapshots(after cause: StorageError) {
    guard let fault = StorageFault(cause) else { return engine.fail(.storage(cause)) }
    engine.logger.error("The snapshots can't be opened: \(cause)")
    if pause(because: fault) { engine.snapshotJobs.put(.reopen) }
  }

  /// Returns whether to try now; if not, the member has come to its end.
  private mutating func pause(because fault: StorageFault) -> Bool {
    let pause: Duration
    switch fault {
    case .full: pause = waits.failed(at: .now)
    case .failed, .damaged:
      pause = failures.failed(at: .now)
      guard !failures.isExhausted else {
        engine.fail(end(by: fault))
        return false
      }
    }
    // Nothing is asked for while all stand still: this ends with the pause, or with the member.
    var none: [LogJob] = []
    return engine.logJobs.take(into: &none, until: .now + pause)
  }

  /// Why the member ends when too many attempts have come to this.
  private func end(by fault: StorageFault) -> MemberError {
    switch fault {
    case .full(let cause), .failed(let cause):
      .diskFails(cause, attempts: engine.options.storageRetries.attempts)
    case .damaged(let loss): .storage(.damaged(loss))
    }
  }

  private static func open(
    _ opening: StorageOpening, _ snapshot: SnapshotMetadata?, _ damage: [StorageError],
    after fault: StorageFault
  ) throws(MemberError) -> (LogStore, StorageOpening.Found) {
    guard case .full = fault else {
      return try opening.openLog(snapshot: snapshot, damage: damage)
    }
    do throws(FileError) {
      try opening.findSpace()
    } catch {
      throw .storage(.file(error))
    }
    let (store, found) = try opening.openLog(snapshot: snapshot, damage: damage)
    do throws(StorageError) {
      try store.reserve()
      return (store, found)
    } catch {
      store.close()
      throw .storage(error)
    }
  }
}
