extension ClusterStatus {
  /// One member of the cluster. What the answering member does not know is null on the wire.
  public struct Member: Codable, Equatable, Sendable {
    /// The member's ID, made with its data directory.
    public var id: String
    /// The member's name, a label.
    public var name: String
    /// What the member does in consensus.
    public var role: Role
    /// How the member is.
    public var state: State
    /// What is wrong with its disk; null when nothing is.
    public var problem: Problem?
    /// Where other members reach it.
    public var peerAddress: String
    /// Where clients reach it.
    public var url: String?
    /// The version of its software.
    public var version: String?
    /// The highest feature level that its software supports.
    public var maxFeatureLevel: Int?
    /// Up to where its log is known to match the leader's.
    public var matchIndex: UInt64?
    /// Up to where it has applied the log.
    public var appliedIndex: UInt64?
    /// How many committed entries it has yet to apply.
    public var lag: UInt64?
    /// The round trip to it, in milliseconds; null for the answering member itself.
    public var rttMilliseconds: Double?
    /// How long ago it was last heard, in milliseconds; null for the answering member itself.
    public var lastContactMilliseconds: Double?
    /// How far its clock is ahead of the members' common time, in milliseconds; negative where it is behind.
    public var clockOffsetMilliseconds: Double?
    /// The size of its database.
    public var databaseBytes: UInt64?
    /// The size of its log.
    public var logBytes: UInt64?
    /// How long its process has been running, in seconds.
    public var uptimeSeconds: Double?

    /// A member as the answering member sees it.
    public init(
      id: String, name: String, role: Role, state: State, problem: Problem? = nil,
      peerAddress: String, url: String? = nil, version: String? = nil,
      maxFeatureLevel: Int? = nil, matchIndex: UInt64? = nil, appliedIndex: UInt64? = nil,
      lag: UInt64? = nil, rttMilliseconds: Double? = nil, lastContactMilliseconds: Double? = nil,
      clockOffsetMilliseconds: Double? = nil, databaseBytes: UInt64? = nil, logBytes: UInt64? = nil,
      uptimeSeconds: Double? = nil
    ) {
      self.id = id
      self.name = name
      self.role = role
      self.state = state
      self.problem = problem
      self.peerAddress = peerAddress
      self.url = url
      self.version = version
      self.maxFeatureLevel = maxFeatureLevel
      self.matchIndex = matchIndex
      self.appliedIndex = appliedIndex
      self.lag = lag
      self.rttMilliseconds = rttMilliseconds
      self.lastContactMilliseconds = lastContactMilliseconds
      self.clockOffsetMilliseconds = clockOffsetMilliseconds
      self.databaseBytes = databaseBytes
      self.logBytes = logBytes
      self.uptimeSeconds = uptimeSeconds
    }

    /// Writes every field, an unknown one as null.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(id, forKey: .id)
      try container.encode(name, forKey: .name)
      try container.encode(role, forKey: .role)
      try container.encode(state, forKey: .state)
      try container.encode(problem, forKey: .problem)
      try container.encode(peerAddress, forKey: .peerAddress)
      try container.encode(url, forKey: .url)
      try container.encode(version, forKey: .version)
      try container.encode(maxFeatureLevel, forKey: .maxFeatureLevel)
      try container.encode(matchIndex, forKey: .matchIndex)
      try container.encode(appliedIndex, forKey: .appliedIndex)
      try container.encode(lag, forKey: .lag)
      try container.encode(rttMilliseconds, forKey: .rttMilliseconds)
      try container.encode(lastContactMilliseconds, forKey: .lastContactMilliseconds)
      try container.encode(clockOffsetMilliseconds, forKey: .clockOffsetMilliseconds)
      try container.encode(databaseBytes, forKey: .databaseBytes)
      try container.encode(logBytes, forKey: .logBytes)
      try container.encode(uptimeSeconds, forKey: .uptimeSeconds)
    }

    enum CodingKeys: String, CodingKey {
      case id, name, role, state, problem, url, version, lag
      case peerAddress = "peer_address"
      case maxFeatureLevel = "max_feature_level"
      case matchIndex = "match_index"
      case appliedIndex = "applied_index"
      case rttMilliseconds = "rtt_ms"
      case lastContactMilliseconds = "last_contact_ms"
      case clockOffsetMilliseconds = "clock_offset_ms"
      case databaseBytes = "db_bytes"
      case logBytes = "log_bytes"
      case uptimeSeconds = "uptime_s"
    }
  }
}

extension ClusterStatus.Member {
  /// What a member does in consensus.
  public struct Role: RawRepresentable, Hashable, Codable, Sendable {
    /// The word on the wire.
    public var rawValue: String

    /// The role of this name, known to this version or not.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// Takes writes and replicates them.
    public static let leader = Role(rawValue: "leader")
    /// Votes and replicates.
    public static let follower = Role(rawValue: "follower")
    /// Replicates without a vote.
    public static let learner = Role(rawValue: "learner")
  }

  /// How a member is.
  public struct State: RawRepresentable, Hashable, Codable, Sendable {
    /// The word on the wire.
    public var rawValue: String

    /// The state of this name, known to this version or not.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// Reachable and up to date.
    public static let healthy = State(rawValue: "healthy")
    /// Reachable and behind.
    public static let catchingUp = State(rawValue: "catching_up")
    /// Not heard of for longer than an election takes.
    public static let unreachable = State(rawValue: "unreachable")
    /// Its disk has lost what was durable; it fetches that from the others and votes for nobody meanwhile.
    public static let quarantined = State(rawValue: "quarantined")
    /// Its disk is full; it takes part in nothing until there is space.
    public static let diskFull = State(rawValue: "disk_full")
    /// Its disk refused to write; it takes part in nothing until its storage is open again.
    public static let storageFailed = State(rawValue: "storage_failed")
  }

  /// What is wrong with a member's disk.
  public struct Problem: Codable, Equatable, Sendable {
    /// The file at fault.
    public var file: String
    /// Where in it, in bytes, if it is damaged.
    public var offset: Int?
    /// What is wrong.
    public var reason: String

    /// Makes a description.
    public init(file: String, offset: Int? = nil, reason: String) {
      self.file = file
      self.offset = offset
      self.reason = reason
    }
  }
}
