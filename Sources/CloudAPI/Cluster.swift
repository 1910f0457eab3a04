/// The answer of `GET /api/v1/cluster`: the cluster as one member sees it.
public struct ClusterStatus: Codable, Equatable, Sendable {
  /// The cluster's ID, made when it was founded.
  public var clusterID: String
  /// Whether there is a leader and every member is healthy.
  public var healthy: Bool
  /// The leader's name; null when the answering member knows of none.
  public var leader: String?
  /// The current term.
  public var term: UInt64
  /// The feature level in force: commands are taken by it, and every member supports it.
  public var featureLevel: Int
  /// The members, learners included, by name.
  public var members: [Member]
  /// The highest index known to be committed.
  public var commitIndex: UInt64
  /// The highest index that the answering member has applied.
  public var appliedIndex: UInt64

  /// The state of a cluster.
  public init(
    clusterID: String, healthy: Bool, leader: String?, term: UInt64, featureLevel: Int,
    members: [Member], commitIndex: UInt64, appliedIndex: UInt64
  ) {
    self.clusterID = clusterID
    self.healthy = healthy
    self.leader = leader
    self.term = term
    self.featureLevel = featureLevel
    self.members = members
    self.commitIndex = commitIndex
    self.appliedIndex = appliedIndex
  }

  /// Writes every field, an unknown leader as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(clusterID, forKey: .clusterID)
    try container.encode(healthy, forKey: .healthy)
    try container.encode(leader, forKey: .leader)
    try container.encode(term, forKey: .term)
    try container.encode(featureLevel, forKey: .featureLevel)
    try container.encode(members, forKey: .members)
    try container.encode(commitIndex, forKey: .commitIndex)
    try container.encode(appliedIndex, forKey: .appliedIndex)
  }

  enum CodingKeys: String, CodingKey {
    case healthy, leader, term, members
    case clusterID = "cluster_id"
    case featureLevel = "feature_level"
    case commitIndex = "commit_index"
    case appliedIndex = "applied_index"
  }
}
