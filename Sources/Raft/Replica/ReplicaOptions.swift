/// The bounds of a replica, beside those of the protocol.
public struct ReplicaOptions: Hashable, Sendable {
  /// The protocol's options.
  public var consensus: ConsensusOptions
  /// Entries given to the state machine at a time, by bytes.
  public var applyBytes: Int
  /// A snapshot is taken after this many entries.
  public var snapshotEntries: Int
  /// A snapshot is taken after this many bytes of entries.
  public var snapshotBytes: Int
  /// Entries kept below a snapshot for followers that lag a little.
  public var retainedEntries: Int
  /// What is kept below a snapshot takes at most about so many bytes, whoever needs it.
  public var retainedBytes: Int
  /// A proposal or a read of this member that has no answer after this many ticks fails.
  public var answerTicks: Int

  /// Makes options.
  public init(
    consensus: ConsensusOptions = ConsensusOptions(), applyBytes: Int = 1 << 20,
    snapshotEntries: Int = 50_000, snapshotBytes: Int = 64 << 20, retainedEntries: Int = 10_000,
    retainedBytes: Int = 256 << 20, answerTicks: Int = 100
  ) {
    self.consensus = consensus
    self.applyBytes = applyBytes
    self.snapshotEntries = snapshotEntries
    self.snapshotBytes = snapshotBytes
    self.retainedEntries = retainedEntries
    self.retainedBytes = retainedBytes
    self.answerTicks = answerTicks
  }
}
