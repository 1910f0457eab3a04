/// What must become durable together, in the order of `sequence`.
public struct PersistBatch: Hashable, Sendable {
  /// Counts batches from 1; the completion names it.
  public var sequence: UInt64
  /// The new hard state, if it changed.
  public var hardState: HardState?
  /// The log begins anew after this position: everything stored before is forgotten. Comes with the
  /// installation of a snapshot; applied before `entries`.
  public var restart: LogPosition?
  /// Consecutive entries. Stored entries from the first one's index on are replaced.
  public var entries: [Entry]
  /// The quarantine's beginning or end.
  public var quarantine: QuarantineChange?

  /// Makes a batch.
  public init(
    sequence: UInt64, hardState: HardState? = nil, restart: LogPosition? = nil,
    entries: [Entry] = [], quarantine: QuarantineChange? = nil
  ) {
    self.sequence = sequence
    self.hardState = hardState
    self.restart = restart
    self.entries = entries
    self.quarantine = quarantine
  }
}
