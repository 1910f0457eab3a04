public import Raft

/// What a member of a cluster is told at its start.
public struct MemberOptions: Sendable {
  /// A member that the cluster is founded with.
  public struct Founder: Hashable, Sendable {
    /// Its name; different from the others'.
    public var name: String
    /// Where peers reach it, `host:port`.
    public var address: String
    /// Makes a founder.
    public init(name: String, address: String) {
      self.name = name
      self.address = address
    }
  }

  /// Holds everything that the member must not forget; made if it does not exist.
  public var dataDirectory: String
  /// The member's name, a label for people.
  public var name: String
  /// The address that peers are listened for on, a name or a number.
  public var peerHost: String
  /// The port that peers are listened for on; 0 takes any that is free.
  public var peerPort: Int
  /// How peers reach this member, `host:port`.
  public var advertisedPeer: String
  /// How clients reach this member.
  public var advertisedURL: String
  /// The members that found the cluster, this one among them, the same list on each. Empty: this
  /// member is a cluster by itself. Without meaning for a member that belongs to a cluster already,
  /// except that it tells where the named ones are now.
  public var founders: [Founder]
  /// Whether this member founds nothing and waits until a cluster adds it: `ClusterMember.changeMembership`
  /// there, with this member's ID. Without meaning for one that belongs to a cluster already.
  public var joins: Bool
  /// The version of the program. What it understands is `replica.consensus.featureLevel`.
  public var version: String
  /// How long the protocol's tick is.
  public var tick: Duration
  /// The bounds and time-outs of consensus; times are in ticks.
  public var replica: ReplicaOptions
  /// The bounds of what surrounds it.
  public var limits: MemberLimits
  /// What is done about a disk that fails or is full.
  public var storageRetries = StorageRetries()
  /// What the log, the snapshots and the identity are kept on; tests make it fail.
  var fileSystem: any FileSystem & Sendable = PosixFileSystem()
  /// This machine's clock, in milliseconds since 1970; tests set it wrong.
  var wallClock: @Sendable () -> Int64 = ClusterClock.machineTime

  /// Makes options.
  public init(
    dataDirectory: String, name: String, peerHost: String = "127.0.0.1", peerPort: Int = 8100,
    advertisedPeer: String, advertisedURL: String, founders: [Founder] = [], joins: Bool = false,
    version: String,
    tick: Duration = .milliseconds(10), replica: ReplicaOptions = ReplicaOptions(),
    limits: MemberLimits = MemberLimits()
  ) {
    self.dataDirectory = dataDirectory
    self.name = name
    self.peerHost = peerHost
    self.peerPort = peerPort
    self.advertisedPeer = advertisedPeer
    self.advertisedURL = advertisedURL
    self.founders = founders
    self.joins = joins
    self.version = version
    self.tick = tick
    self.replica = replica
    self.limits = limits
  }
}

extension MemberOptions {
  /// What the program understands of commands.
  var supportedLevel: FeatureLevel { replica.consensus.featureLevel }

  /// Checks what can be checked without touching anything.
  func validate() throws(MemberError) {
    if name.isEmpty { throw .invalidOption(name: "name", reason: "it is empty") }
    if tick <= .zero { throw .invalidOption(name: "tick", reason: "it must be a span of time") }
    let least = max(
      limits.payloadBytes, replica.consensus.appendBytes, replica.consensus.snapshotChunkBytes)
    if limits.frameBytes < least + (64 << 10) {
      throw .invalidOption(
        name: "limits.frameBytes", reason: "it must be at least \(least + (64 << 10))")
    }
    try validateLease()
    guard !founders.isEmpty else { return }
    if joins {
      throw .invalidOption(name: "joins", reason: "who waits to be added founds no cluster")
    }
    if !founders.contains(where: { $0.name == name }) {
      throw .invalidOption(name: "founders", reason: "this member, \(name), is not among them")
    }
    for key in [\Founder.name, \Founder.address] {
      if Set(founders.map { $0[keyPath: key] }).count < founders.count {
        throw .invalidOption(name: "founders", reason: "a name or an address occurs twice")
      }
    }
  }
}

extension MemberOptions {
  /// A lease must end before anybody else can be elected.
  private func validateLease() throws(MemberError) {
    guard let lease = replica.consensus.lease else { return }
    let longest = LeaseOptions.longestSafe(
      electionTicks: replica.consensus.electionTicks, tick: UInt64(max(0, tick.nanoseconds)),
      ticksAtOnce: ConsensusThread.ticksAtOnce, drift: Self.drift)
    guard lease.duration <= longest.duration else {
      throw .invalidOption(
        name: "replica.consensus.lease",
        reason: "with these ticks and time-outs it may last \(longest.duration) ns at most")
    }
  }

  /// By how much a clock is believed to be too fast or too slow, in millionths: a hundred times what a
  /// quartz is off.
  private static let drift: UInt64 = 10_000
}

/// How much a member holds at a time. Beyond, callers are refused and messages are dropped.
public struct MemberLimits: Sendable {
  /// Calls that wait for the cluster: proposals, reads, waits for an index.
  public var waitingCalls: Int
  /// Bytes of commands that wait for the cluster.
  public var waitingBytes: Int
  /// The largest command, in bytes.
  public var payloadBytes: Int
  /// The largest frame that a peer may send, in bytes. Must leave room for the largest command and for
  /// an append.
  public var frameBytes: Int
  /// Bytes that wait to be sent to one peer.
  public var outgoingBytes: Int
  /// Bytes of peers' messages that wait to be handled.
  public var incomingBytes: Int
  /// Connections that peers may have open to this member.
  public var peerConnections: Int
  /// The size of a segment of the log.
  public var segmentBytes: Int

  /// Makes limits.
  public init(
    waitingCalls: Int = 16_384, waitingBytes: Int = 64 << 20, payloadBytes: Int = 4 << 20,
    frameBytes: Int = 16 << 20,
    outgoingBytes: Int = 32 << 20, incomingBytes: Int = 128 << 20, peerConnections: Int = 64,
    segmentBytes: Int = 16 << 20
  ) {
    self.waitingCalls = waitingCalls
    self.waitingBytes = waitingBytes
    self.payloadBytes = payloadBytes
    self.frameBytes = frameBytes
    self.outgoingBytes = outgoingBytes
    self.incomingBytes = incomingBytes
    self.peerConnections = peerConnections
    self.segmentBytes = segmentBytes
  }
}
