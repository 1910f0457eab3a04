import Raft

/// What the state machine's thread is asked to do.
enum ApplierJob: Sendable {
  case apply([Entry])
  case capture(SnapshotMetadata)
  case install(SnapshotMetadata, Handover<SnapshotReader>)
}

/// Owns the state machine.
struct ApplierThread {
  let engine: Engine
  let stateMachine: any StateMachine

  /// Runs until the mailbox is closed and empty.
  func run() {
    var jobs: [ApplierJob] = []
    do {
      while engine.applierJobs.take(into: &jobs) {
        for job in jobs {
          switch job {
          case .apply(let entries): try apply(entries)
          case .capture(let metadata): capture(metadata)
          case .install(let metadata, let reader):
            if let reader = reader.take() { try install(metadata, from: reader) }
          }
        }
      }
    } catch let error as StorageError {
      engine.fail(.storage(error))
    } catch {
      engine.fail(.stateMachine(reason: "\(error)"))
    }
  }

  private func apply(_ entries: [Entry]) throws {
    let results = try stateMachine.apply(entries)
    precondition(results.count == entries.count, "a state machine answers every entry")
    guard let last = entries.last else { return }
    engine.applied.store(last.index.rawValue, ordering: .releasing)
    engine.calls.applied(entries, results)
    engine.inbox.put(.event(.applied(last.position)))
  }

  private func capture(_ metadata: SnapshotMetadata) {
    let capture = Result { try stateMachine.capture() }
    engine.snapshotJobs.put(.write(metadata, capture))
  }

  private func install(_ metadata: SnapshotMetadata, from reader: SnapshotReader) throws {
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
}
