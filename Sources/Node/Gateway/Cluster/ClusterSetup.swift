public import CloudState
import Foundation
public import Logging
public import NodeTelemetry
public import ServiceLifecycle

/// What a node must have said to the cluster before tenants and operators can use it: the first one
/// gives the cluster its name and the key that signs access tokens; each registers its operator's
/// token. Repeating either changes nothing.
public final class ClusterSetup: Service {
  private let member: any ReplicatedState
  private let state: StateSource
  private let proposer: Proposer
  private let nodeName: String
  private let tokenHash: SecretHash
  private let logger: Logger

  /// - Parameters:
  ///   - nodeName: Whose operator's token it is.
  ///   - adminToken: The token itself; only its hash leaves this node.
  public init(
    member: any ReplicatedState, state: StateReader, nodeName: String, adminToken: String,
    metrics: MetricsRegistry, logger: Logger
  ) {
    self.member = member
    // It asks one question at a time, and few.
    self.state = StateSource(reader: state, threads: 1)
    proposer = Proposer(member: member, registry: metrics)
    self.nodeName = nodeName
    tokenHash = ClusterSecrets.hash(of: adminToken)
    self.logger = logger
  }

  /// Whether the cluster knows all that this node has to say. A node is not ready before.
  func isDone(in view: borrowing StateView) throws -> Bool {
    // It must be this node's own entry: a token that all nodes share is replaced node by node, and
    // the old one is good until the last of them has said so.
    let isRegistered = try view.adminTokens().contains { token in
      token.memberName == nodeName && token.memberID == member.id.rawValue
        && token.hash.matches(tokenHash)
    }
    return try isRegistered && view.clusterIdentity() != nil
  }

  /// Says it as soon as there is a leader, then waits for the shutdown. To be stopped before that,
  /// the cluster founded or not, is an orderly end too.
  public func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { [self] in try await setUpWhenPossible() }
      // A service that returns ends its group.
      try await gracefulShutdown()
    } catch is CancellationError {
      return
    }
  }

  private func setUpWhenPossible() async throws {
    while true {
      do {
        return try await setUp()
      } catch let error as Rejection {
        throw error
      } catch {
        try Task.checkCancellation()
        logger.debug("waiting for the cluster: \(error)")
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  /// A call to the cluster waits for a leader itself; this keeps a call that fails at once from being
  /// repeated without end.
  private static let pause = Duration.milliseconds(100)

  private func setUp() async throws {
    try await member.readBarrier()
    if try await state.read({ [self] view in try isDone(in: view) }) { return }
    let key = ClusterSecrets.makeSigningKey()
    let identity = InitializeCluster(
      clusterID: "cl_" + UUID().uuidString.lowercased(), signingKeyID: key.id,
      signingPrivateKey: key.privateKey, secret: Random.bytes(32))
    _ = try await proposer.propose(identity, by: .node(name: nodeName))
    let token = RegisterAdminToken(
      memberName: nodeName, memberID: member.id.rawValue, tokenHash: tokenHash)
    _ = try await proposer.propose(token, by: .node(name: nodeName))
  }
}
