import Raft

/// What the state machine's thread is asked to do.
enum ApplierJob: Sendable {
  case apply([Entry])
  case capture(SnapshotMetadata)
  case install(SnapshotMetadata, Handover<SnapshotReader>)
  /// Say when all that was given before is done.
  case standStill
  /// The storage is open again and holds this: see to it that the state belongs to it.
  case rebuild(StorageOpening.Found)
}

/// Owns the state machine.
///
/// When the disk has no space for the state, or the snapshot to install is damaged or can't be read, the
/// replica is told, and what it still wanted is left undone.
struct ApplierThread {
  let engine: Engine
  private var stateMachine: (any StateMachine)?
  private let opening: StateOpening
  /// Whether what the replica wants is left undone, until the storage is open again.
  private var isSkipping = false

  init(engine: Engine, stateMachine: any StateMachine, opening: StateOpening) {
    self.engine = engine
    self.stateMachine = stateMachine
    self.opening = opening
  }

  /// Runs until the mailbox is closed and empty.
  mutating func run() {
    var jobs: [ApplierJob] = []
    do {
      while engine.applierJobs.take(into: &jobs) {
        for job in jobs { try carryOut(job) }
      }
    } catch let error as MemberError {
      engine.fail(error)
    } catch let error as StorageError {
      engine.fail(.storage(error))
    } catch {
      engine.fail(.stateMachine(reason: "\(error)"))
    }
  }

  private mutating func carryOut(_ job: ApplierJob) throws {
    switch job {
    case .standStill:
      if let fault = engine.fault { opening.trust.judge(fault) }
      engine.snapshotJobs.put(.reopen)
    case .rebuild(let found): try rebuild(found)
    case .apply, .capture, .install:
      guard !isSkipping, let stateMachine else { return }
      do {
        try carryOut(job, on: stateMachine)
      } catch let error as FileError where error.isNoSpace {
        isSkipping = true
        engine.storageFailed(.file(error))
      } catch let error as StorageError where StorageFault(error) != nil {
        isSkipping = true
        engine.storageFailed(error)
      }
    }
  }

  private func carryOut(_ job: ApplierJob, on stateMachine: any StateMachine) throws {
    switch job {
    case .apply(let entries): try apply(entries, to: stateMachine)
    case .capture(let metadata):
      let capture = Result { try stateMachine.capture() }
      engine.snapshotJobs.put(.write(metadata, capture))
    case .install(let metadata, let reader):
      if let reader = reader.take() { try install(metadata, from: reader, in: stateMachine) }
    case .standStill, .rebuild: break
    }
  }

  private func apply(_ entries: [Entry], to stateMachine: any StateMachine) throws {
    let results = try stateMachine.apply(entries)
    precondition(results.count == entries.count, "a state machine answers every entry")
    guard let last = entries.last else { return }
    engine.applied.store(last.index.rawValue, ordering: .releasing)
    engine.calls.applied(entries, results)
    engine.inbox.put(.event(.applied(last.position)))
  }

  private func install(
    _ metadata: SnapshotMetadata, from reader: SnapshotReader, in stateMachine: any StateMachine
  ) throws {
    try reader.verify()
    var offset = 0
    try stateMachine.restore(at: metadata.position) {
      let bytes = try reader.readContent(at: offset, count: 1 << 20)
      offset += bytes.count
      return bytes.isEmpty ? nil : bytes
    }
    engine.applied.store(metadata.position.index.rawValue, ordering: .releasing)
    engine.calls.reached(metadata.position.index)
    engine.inbox.put(.event(.snapshotInstalled(metadata.position)))
  }

  /// Empties the state if the log that was opened again does not have it, and lets the replica go on.
  private mutating func rebuild(_ found: StorageOpening.Found) throws {
    var applied = try stateMachine?.applied ?? .zero
    if found.recovered.provesLoss(applied) {
      // First of all that is written down, by the log's owner, who sends what was found once more.
      engine.logJobs.put(.admitLoss(provenBy: applied, found))
      return
    }
    if !opening.keeps(applied, with: found) {
      engine.calls.emptied()
      engine.applied.store(0, ordering: .releasing)
      // The one before is let go of first.
      stateMachine = nil
      let (emptied, position) = try opening.emptied(found)
      stateMachine = emptied
      applied = position
    }
    isSkipping = false
    engine.inbox.put(.reopened(found.recovered, applied: applied))
  }
}
