/// What a data directory holds when it is opened: enough for a `Replica` to go on from.
public struct RecoveredLog: Sendable {
  /// The last hard state written.
  public var hardState: HardState
  /// Base, length and terms of the log.
  public var terms: TermIndex
  /// The configuration entries in the log, in order.
  public var configurations: [(index: LogIndex, configuration: Configuration)]
  /// The newest whole snapshot.
  public var snapshot: SnapshotMetadata?
  /// The configuration in force where the log begins, if whoever opened it knows that without a snapshot.
  /// Without meaning where a snapshot tells.
  public var baseConfiguration: Configuration?
  /// What was lost and is not yet there again.
  public var quarantine: Quarantine?
  /// Bytes of the entries' records, by consecutive small pieces of the log, each up to its last entry.
  public var sizes: [(through: LogIndex, bytes: Int)]

  /// Whether a whole snapshot stands for the entries before the log's first one: one that the log joins on
  /// to, if one is needed. An older one is of no use.
  public var reachesBase: Bool {
    (snapshot?.position.index ?? .zero) >= terms.base.index
  }

  /// Whether it is known which configuration was in force where the log begins. If not, the entries before
  /// it may have made any member a voter or none, and nothing of the log can be gone on from.
  public var knowsBase: Bool { reachesBase || baseConfiguration != nil }

  /// Makes a description.
  public init(
    hardState: HardState = HardState(), terms: TermIndex = TermIndex(base: .zero),
    configurations: [(index: LogIndex, configuration: Configuration)] = [],
    snapshot: SnapshotMetadata? = nil, baseConfiguration: Configuration? = nil,
    quarantine: Quarantine? = nil, sizes: [(through: LogIndex, bytes: Int)] = []
  ) {
    self.hardState = hardState
    self.terms = terms
    self.configurations = configurations
    self.snapshot = snapshot
    self.baseConfiguration = baseConfiguration
    self.quarantine = quarantine
    self.sizes = sizes
  }
}

extension RecoveredLog {
  /// What the records of a log amount to. Its `snapshot` is nil.
  init(_ contents: LogContents, quarantine: Quarantine?) {
    self.init(
      hardState: contents.hardState, terms: contents.terms,
      configurations: contents.configurations, quarantine: quarantine, sizes: contents.sizes)
  }
}
