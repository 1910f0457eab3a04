/// The bounds and time-outs of the protocol. Times are in ticks; whoever drives the protocol decides
/// how long a tick is.
public struct ConsensusOptions: Hashable, Sendable {
  /// A leader sends heartbeats this often.
  public var heartbeatTicks: Int
  /// A follower that hears nothing for between one and two times this long asks for an election; a
  /// leader that hears no quorum for this long steps down.
  public var electionTicks: Int
  /// Entries in one append, by bytes; a larger entry travels alone.
  public var appendBytes: Int
  /// Appends on their way to one peer without an answer.
  public var inflightAppends: Int
  /// Bytes on their way to one peer without an answer.
  public var inflightBytes: Int
  /// Proposals are refused while this much is not committed.
  public var uncommittedBytes: Int
  /// The newest entries kept in memory, by bytes. Entries not yet on disk are always kept.
  public var cacheBytes: Int
  /// A snapshot is sent in pieces of this size.
  public var snapshotChunkBytes: Int

  /// How much of a snapshot may be sent in a tick, to all peers together; a piece that is begun is sent
  /// whole.
  public var snapshotBytesPerTick: Int
  /// A leader whose own disk completes nothing for this long hands over.
  public var diskPatienceTicks: Int
  /// Lets a leader answer reads without asking a majority each time, where clocks are trusted.
  public var lease: LeaseOptions?
  /// What this version of the program supports.
  public var featureLevel: FeatureLevel

  /// Makes options; the defaults suit ticks of 10 ms on a local network.
  public init(
    heartbeatTicks: Int = 5, electionTicks: Int = 25, appendBytes: Int = 1 << 20,
    inflightAppends: Int = 256, inflightBytes: Int = 8 << 20, uncommittedBytes: Int = 64 << 20,
    cacheBytes: Int = 8 << 20, snapshotChunkBytes: Int = 256 << 10,
    snapshotBytesPerTick: Int = 1 << 20, diskPatienceTicks: Int = 50, lease: LeaseOptions? = nil,
    featureLevel: FeatureLevel = .first
  ) {
    precondition(heartbeatTicks > 0 && electionTicks > 2 * heartbeatTicks)
    self.heartbeatTicks = heartbeatTicks
    self.electionTicks = electionTicks
    self.appendBytes = appendBytes
    self.inflightAppends = inflightAppends
    self.inflightBytes = inflightBytes
    self.uncommittedBytes = uncommittedBytes
    self.cacheBytes = cacheBytes
    self.snapshotChunkBytes = snapshotChunkBytes
    self.snapshotBytesPerTick = snapshotBytesPerTick
    self.diskPatienceTicks = diskPatienceTicks
    self.lease = lease
    self.featureLevel = featureLevel
  }

  var window: FlowWindow { FlowWindow(appends: inflightAppends, bytes: inflightBytes) }
}
