import Raft

/// Why a running member's storage had to be closed. It is opened again in the same process.
enum StorageFault: Hashable, Sendable {
  /// Bytes that were durable are not what was written.
  case damaged(Quarantine)
  /// There is no space for what must be written.
  case full(FileError)
  /// A write or synchronization failed: what the disk holds is unknown.
  case failed(FileError)

  /// Nil for what opening again can't help against.
  init?(_ error: StorageError) {
    switch error {
    case .file(let cause), .poisoned(let cause):
      self = cause.isNoSpace ? .full(cause) : .failed(cause)
    case .damaged(let file, let offset, let reason):
      self = .damaged(Quarantine(file: file, offset: offset, reason: reason))
    case .unknownVersion, .unknownRecord, .logMissing, .notStored, .snapshotMissing,
      .snapshotRejected, .locked:
      return nil
    }
  }

  /// Whether something that was written may never come to be on the disk.
  var mayHaveLostWrites: Bool {
    guard case .failed(let cause) = self else { return false }
    return cause.operation != "pread"
  }

  /// What people are shown of it.
  var problem: ClusterView.Problem {
    switch self {
    case .damaged(let loss): ClusterView.Problem(loss)
    case .full(let cause): .init(kind: .diskFull, file: cause.path, reason: cause.description)
    case .failed(let cause):
      .init(kind: .storageFailed, file: cause.path, reason: cause.description)
    }
  }
}

extension ClusterView.Problem {
  init(_ loss: Quarantine) {
    self.init(kind: .quarantined, file: loss.file, offset: loss.offset, reason: loss.reason)
  }
}
