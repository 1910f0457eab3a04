/// A deliberate fault in how effects are carried out, to prove that the checks find such faults.
public enum Sabotage: String, CaseIterable, Sendable {
  /// Batches are reported durable although nothing was synchronized.
  case reportsPersistedBeforeSynchronize
  /// A restarted member forgets its term and vote.
  case forgetsHardState
  /// One member now and then swaps two entries when it applies them.
  case appliesOutOfOrder
  /// One member leaves an entry out.
  case dropsAppliedEntry
  /// Writes are acknowledged as soon as they are proposed.
  case acknowledgesWithoutCommit
  /// Reads are answered from the member's own state at once.
  case readsWithoutAsking
  /// The state machine takes a repeated request for a new one.
  case forgetsRequests
  /// Directories are never synchronized.
  case neverSynchronizesDirectories
  /// A member that restarts keeps nothing but its snapshots: the log is thrown away.
  case losesLog
  /// Messages never reach the first member, whatever the network: it can't catch up.
  case neverDelivers
}
