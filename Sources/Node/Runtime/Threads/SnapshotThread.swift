import Raft

/// What the snapshot thread is asked to do.
enum SnapshotJob: Sendable {
  case write(SnapshotMetadata, Result<any StateCapture, any Error>)
  case read(SnapshotRead)
  case store(SnapshotChunk, from: MemberID)
  case install(SnapshotMetadata)
  /// Say to the state machine's thread that all that was given before is done.
  case standStill
  /// Nobody works any more. Open the snapshots again if they are at fault, then have the log opened.
  case reopen
}

/// Owns the snapshots. Also measures the state's files once a second, because it may block.
struct SnapshotThread {
  let engine: Engine
  private var store: SnapshotStore
  private let stateDirectory: String
  /// When to report that a snapshot could not be taken, upon which another is asked for.
  private var failureDueAt: ContinuousClock.Instant?
  private var measuredAt: ContinuousClock.Instant?
  private var complaints = LogLimit(interval: .seconds(10))

  /// A snapshot that could not be taken, on a full disk for instance, is tried again after this long.
  static let retryPause = Duration.seconds(30)

  init(engine: Engine, store: sending SnapshotStore, stateDirectory: String) {
    self.engine = engine
    self.store = store
    self.stateDirectory = stateDirectory
  }

  /// Runs until the mailbox is closed and empty.
  mutating func run() {
    var jobs: [SnapshotJob] = []
    repeat {
      for job in jobs { handle(job) }
      handleTime()
    } while engine.snapshotJobs.take(into: &jobs, until: .now + .seconds(1))
  }

  private mutating func handle(_ job: SnapshotJob) {
    switch job {
    case .write(let metadata, let capture): write(metadata, capture)
    case .read(let wish):
      engine.inbox.put(.event(.snapshotRead(wish, chunk(wish))))
    case .store(let chunk, let leader): receive(chunk, from: leader)
    case .install(let metadata):
      do {
        // A reader has a file handle of its own and knows nothing of the store.
        let reader = Handover(vouchedFor: try store.open(metadata.position))
        engine.applierJobs.put(.install(metadata, reader))
      } catch {
        engine.storageFailed(error)
      }
    case .standStill: engine.applierJobs.put(.standStill)
    case .reopen: reopen()
    }
  }

  /// Damaged snapshots are found, and set aside, by opening the store anew.
  private mutating func reopen() {
    failureDueAt = nil
    guard case .damaged? = engine.fault else {
      engine.logJobs.put(.reopen(snapshot: store.newest, damage: []))
      return
    }
    guard let opening = engine.storageOpening else { return }
    do {
      store = try opening.openSnapshots()
      engine.logJobs.put(.reopen(snapshot: store.newest, damage: store.damage))
    } catch {
      engine.logJobs.put(.reopenSnapshots(after: error))
    }
  }

  private mutating func handleTime() {
    let now = ContinuousClock.now
    if let due = failureDueAt, due <= now {
      failureDueAt = nil
      engine.inbox.put(.event(.snapshotFailed))
    }
    if measuredAt.map({ $0.duration(to: now) >= .seconds(1) }) ?? true {
      measuredAt = now
      engine.stateBytes.store(DataDirectory.size(of: stateDirectory), ordering: .relaxed)
    }
  }

  // MARK: Taking

  private struct Stopped: Error {}

  /// Nothing depends on a snapshot before it is published, so a failure costs nothing but space: the
  /// log grows until one succeeds.
  private mutating func write(
    _ metadata: SnapshotMetadata, _ capture: Result<any StateCapture, any Error>
  ) {
    do {
      let capture = try capture.get()
      let writer = try store.beginWriting(metadata)
      do {
        try capture.write { bytes in
          if engine.snapshotJobs.isClosed { throw Stopped() }
          try writer.append(Array(bytes))
        }
        try outgrowCharter(metadata.configuration)
        try writer.finish()
      } catch {
        writer.cancel()
        throw error
      }
      engine.inbox.put(.event(.snapshotTaken(metadata)))
    } catch is Stopped {
      return
    } catch {
      engine.logger.error(
        "A snapshot could not be taken; it is tried again in \(Self.retryPause): \(error)")
      failureDueAt = .now + Self.retryPause
    }
  }

  /// Who founded its cluster alone, and does no longer, must not take itself for alone again if all that
  /// tells of the others is lost. The log does, until a snapshot stands for it.
  private func outgrowCharter(_ configuration: Configuration) throws(StorageError) {
    let member = engine.membership.id
    guard let charter = engine.membership.charter, charter.configuration.isAlone(member),
      !configuration.isAlone(member)
    else { return }
    let file = IdentityFile(
      fileSystem: engine.options.fileSystem, directory: engine.options.dataDirectory)
    try file.save(
      Identity(
        member: member, cluster: charter.cluster, initialConfiguration: Configuration()))
    engine.membership.outgrowCharter()
  }

  // MARK: Sending

  private mutating func chunk(_ wish: SnapshotRead) -> SnapshotChunk? {
    let position = wish.metadata.position
    do throws(StorageError) {
      let reader = try store.reader(for: position)
      guard wish.offset < UInt64(reader.size) else { return nil }
      return try reader.chunk(at: wish.offset, maxBytes: wish.maxBytes)
    } catch .snapshotMissing {
      // Newer ones have taken its place; the leader begins anew with one of them.
      return nil
    } catch {
      if error.damage != nil {
        setAside(position, for: error)
      } else {
        store.release(position)
        if complaints.allows() {
          engine.logger.error("Snapshot \(position) can't be sent: \(error)")
        }
      }
      return nil
    }
  }

  /// The state machine has what the snapshot had: the replica has another one taken at once.
  private mutating func setAside(_ position: LogPosition, for damage: StorageError) {
    do {
      try store.setAside(position, for: damage)
      engine.logger.error("A snapshot was set aside, and another is taken: \(damage)")
      engine.inbox.put(.event(.snapshotDamaged(position)))
    } catch {
      engine.storageFailed(error)
    }
  }

  // MARK: Receiving

  /// After an error nothing is answered: the leader sends again after a while.
  private mutating func receive(_ chunk: SnapshotChunk, from leader: MemberID) {
    do {
      guard let received = try store.receive(chunk) else {
        // It came twice. Whether it is still of use is the replica's to say.
        engine.inbox.put(.event(.snapshotReceived(chunk.metadata)))
        return
      }
      let event: Event
      if chunk.isLast, received == chunk.offset + UInt64(chunk.bytes.count) {
        try outgrowCharter(chunk.metadata.configuration)
        try store.finishReceiving(chunk.metadata)
        event = .snapshotReceived(chunk.metadata)
      } else {
        event = .snapshotStored(chunk.metadata, from: leader, received: received)
      }
      engine.inbox.put(.event(event))
    } catch {
      if complaints.allows() {
        engine.logger.error("The leader's snapshot could not be stored: \(error)")
      }
    }
  }
}
