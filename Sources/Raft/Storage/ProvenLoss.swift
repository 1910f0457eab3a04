extension RecoveredLog {
  /// Whether a state machine that stands at `applied` proves that the log has lost entries, and they aren't
  /// missed yet.
  ///
  /// Nothing is applied that isn't durable here, in the log or as a snapshot. So a state that outlived its
  /// process and has more than both hold remembers entries that were acknowledged, even where what is left
  /// of them passes for a torn tail. To be asked before such a state is emptied.
  public func provesLoss(_ applied: LogPosition) -> Bool {
    quarantine == nil && applied.index > max(terms.base.index, snapshot?.position.index ?? .zero)
      && terms.term(at: applied.index) != applied.term
  }
}

extension LogStore {
  /// What this log has lost, if a state machine that stands at `applied` proves it; nil if not.
  ///
  /// - Parameter recovered: what opening found, and the newest whole snapshot.
  public func loss(provenBy applied: LogPosition, in recovered: RecoveredLog) -> Quarantine? {
    guard recovered.provesLoss(applied), let last = segments.last else { return nil }
    return Quarantine(
      file: last.path, offset: last.end,
      reason:
        "the log ends at \(recovered.terms.last), but the state has applied \(applied), which was "
        + "durable")
  }

  /// Notes durably that the log has lost something.
  public func beginQuarantine(_ loss: Quarantine) throws(StorageError) {
    try append(PersistBatch(sequence: 0, quarantine: .begins(loss)))
    try synchronize()
  }
}
