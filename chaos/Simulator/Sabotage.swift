/// A deliberate fault in how effects are carried out, to prove that the checks find such faults.
public enum Sabotage: String, CaseIterable, Sendable {
  /// Batches are reported durable although nothing was synchronized.
  case reportsPersistedBeforeSynchronize = "reports-persisted-before-synchronize"
  /// A restarted member forgets its term and vote.
  case forgetsHardState = "forgets-hard-state"
  /// One member now and then swaps two entries when it applies them.
  case appliesOutOfOrder = "applies-out-of-order"
  /// One member leaves an entry out.
  case dropsAppliedEntry = "drops-applied-entry"
  /// Writes are acknowledged as soon as they are proposed.
  case acknowledgesWithoutCommit = "acknowledges-without-commit"
  /// Reads are answered from the member's own state at once.
  case readsWithoutAsking = "reads-without-asking"
  /// The state machine takes a repeated request for a new one.
  case forgetsRequests = "forgets-requests"
  /// One member does not remember requests. Tenants only.
  case skipsRequestTable = "skips-request-table"
  /// One member's tables hold something that no outcome shows. Tenants only.
  case addsToOneDatabase = "adds-to-one-database"
  /// All members give workspaces more rows than their limit. Tenants only.
  case overAdmits = "over-admits"
  /// Directories are never synchronized.
  case neverSynchronizesDirectories = "never-synchronizes-directories"
  /// A member that restarts keeps nothing but its snapshots: the log is thrown away.
  case losesLog = "loses-log"
  /// A member with a damaged log takes part in elections like any other.
  case ignoresQuarantine = "ignores-quarantine"
  /// Damage to the log is cut as if it were a torn tail.
  case cutsDamage = "cuts-damage"
  /// A member in quarantine takes an empty log for all that its leader has.
  case healsEarly = "heals-early"
  /// Messages never reach the first member, whatever the network: it can't catch up.
  case neverDelivers = "never-delivers"
  /// The older version says that it supports what only the newer one does.
  case claimsNewerVersion = "claims-newer-version"
  /// Leases last for longer than the promises on which they rest.
  case leasesOutlivePromises = "leases-outlive-promises"
  /// Clocks by which leases are measured stand still while their machine does.
  case clocksStandStill = "clocks-stand-still"
}
