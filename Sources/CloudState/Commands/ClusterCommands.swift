/// Gives the cluster its identity. Only the first takes effect; later ones are answered with what
/// the first one set. By a node.
public struct InitializeCluster: Hashable, Sendable {
  /// The cluster's name for itself.
  public var clusterID: String
  /// The `kid` of the first token-signing key.
  public var signingKeyID: String
  /// The first token-signing key.
  public var signingPrivateKey: [UInt8]
  /// 32 random bytes from which nodes derive what all of them must derive alike.
  public var secret: [UInt8]

  /// Proposes an identity.
  public init(
    clusterID: String, signingKeyID: String, signingPrivateKey: [UInt8], secret: [UInt8]
  ) {
    self.clusterID = clusterID
    self.signingKeyID = signingKeyID
    self.signingPrivateKey = signingPrivateKey
    self.secret = secret
  }
}

extension InitializeCluster: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .initializeCluster(self) }
  /// The cluster's identity, old or new.
  public static func success(of effect: Effect) -> ClusterIdentity? {
    if case .clusterInitialized(let identity) = effect { identity } else { nil }
  }
}

/// Makes an operator's token valid on every node, for as long as the node is a member of the cluster: nodes
/// ask that, and not the state, which does not know. A node has one; a second replaces it. By a node or an
/// operator.
public struct RegisterAdminToken: Hashable, Sendable {
  /// The node that made the token.
  public var memberName: String
  /// That node's identity, which a new disk under the same name does not have.
  public var memberID: UInt64
  /// The hash of the token.
  public var tokenHash: SecretHash

  /// Proposes a token.
  public init(memberName: String, memberID: UInt64, tokenHash: SecretHash) {
    self.memberName = memberName
    self.memberID = memberID
    self.tokenHash = tokenHash
  }
}

extension RegisterAdminToken: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .registerAdminToken(self) }
  /// The member whose token is now valid.
  public static func success(of effect: Effect) -> String? {
    if case .adminTokenRegistered(let memberName) = effect { memberName } else { nil }
  }
}

/// Removes what is due: rows that have expired, and what deleted workspaces left behind. No answer to
/// anybody depends on it, only the size of the state. By a node, when ``StateView/houseIsDue(at:)``.
public struct KeepHouse: Hashable, Sendable {
  /// The most rows to remove: as many as do not hold up the commands behind it.
  public var limit: Int64

  /// Proposes to keep house.
  public init(limit: Int64 = 1_000) {
    self.limit = limit
  }
}

extension KeepHouse: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .keepHouse(self) }
  /// How many rows were removed; fewer than the limit if nothing more is due.
  public static func success(of effect: Effect) -> Int64? {
    if case .houseKept(let removed) = effect { removed } else { nil }
  }
}
