import Raft
import Synchronization

/// What the log thread is asked to do.
enum LogJob: Sendable {
  case persist(PersistBatch)
  case read(EntryRead)
  case compact(LogIndex)
}

/// Owns the log. Writes all batches that wait, then makes them durable together.
struct LogThread {
  let engine: Engine
  let store: LogStore

  /// Runs until the mailbox is closed and empty; then the log is durable and closed.
  func run() {
    defer { store.close() }
    var jobs: [LogJob] = []
    do throws(StorageError) {
      while engine.logJobs.take(into: &jobs) {
        var written: UInt64?
        for job in jobs {
          switch job {
          case .persist(let batch):
            try store.append(batch)
            written = batch.sequence
          case .read(let wish): engine.inbox.put(.event(.entriesRead(wish, try read(wish))))
          case .compact(let index): try store.compact(through: index)
          }
        }
        if let written {
          try store.synchronize()
          engine.inbox.put(.event(.persisted(written)))
        }
        engine.logBytes.store(UInt64(store.sizeInBytes), ordering: .relaxed)
        prepareAhead()
      }
    } catch {
      engine.fail(.storage(error))
    }
  }

  /// The log may have been cut or compacted since the wish was made: then there is nothing to read.
  private func read(_ wish: EntryRead) throws(StorageError) -> [Entry] {
    do {
      return try store.entries(from: wish.from, through: wish.through, maxBytes: wish.maxBytes)
    } catch .notStored {
      return []
    }
  }

  private func prepareAhead() {
    do {
      try store.prepareAhead()
    } catch {
      // Only the next segment's creation is at stake, and that fails for good if it must.
      engine.logger.warning("The log's next segment can't be prepared: \(error)")
    }
  }
}
