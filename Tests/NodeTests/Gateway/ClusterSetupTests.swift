import CloudState
import Foundation
import Logging
import NodeRuntime
import NodeTelemetry
import Raft
import Testing

@testable import NodeGateway

@Suite struct ClusterSetupTests {
  /// Two nodes were given the same token by their operator; one of them is then given another.
  @Test func aNodeIsKnownByItsOwnEntryOnly() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("setup-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try StateStore(directory: directory.path, trustExistingFile: false)
    let key = ClusterSecrets.makeSigningKey()
    let commands: [Command] = [
      .initializeCluster(
        InitializeCluster(
          clusterID: "cl_test", signingKeyID: key.id, signingPrivateKey: key.privateKey,
          secret: Random.bytes(32))),
      .registerAdminToken(
        RegisterAdminToken(
          memberName: "n1", memberID: 1, tokenHash: ClusterSecrets.hash(of: "the first token"))),
    ]
    for (index, command) in commands.enumerated() {
      let envelope = CommandEnvelope(
        requestID: Random.requestID(), stampedAt: .now(), actor: .node(name: "n1"),
        command: command)
      _ = try store.apply([
        CommandRecord(index: UInt64(index + 1), term: 1, payload: envelope.encoded())
      ])
    }
    let reader = store.makeReader()
    #expect(try ClusterSetup.isKnown("n1", token: "the first token", to: reader))
    #expect(try !ClusterSetup.isKnown("n2", token: "the first token", to: reader))
    #expect(try !ClusterSetup.isKnown("n1", token: "the second token", to: reader))
    // Nor by the entry of a disk that had its name.
    #expect(try !ClusterSetup.isKnown("n1", token: "the first token", as: MemberID(2), to: reader))
  }
}

/// Whom operators' tokens belong to.
@Suite struct AdminTokenTests {
  private func status(_ node: TestGateway, _ token: String, _ query: String = "") async throws
    -> Int
  {
    try await node.call("GET", "/api/v1/cluster/audit" + query, token: token).status
  }

  private func register(
    _ token: String, of name: String, _ id: MemberID, on node: TestGateway
  ) async throws {
    let proposer = Proposer(member: node.cluster, registry: MetricsRegistry())
    _ = try await proposer.propose(
      RegisterAdminToken(
        memberName: name, memberID: id.rawValue, tokenHash: ClusterSecrets.hash(of: token)),
      by: .node(name: name))
  }

  @Test func tokenOfARemovedMemberIsRefusedAtOnce() async throws {
    try await TestGateway.run { node in
      #expect(try await status(node, TestGateway.adminToken) == 200)
      node.cluster.remove(node.cluster.id)
      for query in ["", "?consistency=stale"] {
        #expect(try await status(node, TestGateway.adminToken, query) == 401)
      }
      _ = try await node.call(
        "POST", "/api/v1/users/usr_0/password-reset", token: TestGateway.adminToken
      )
      .problem(401, .unauthenticated)
    }
  }

  /// A member is its disk, not its name.
  @Test func tokenHoldsForTheMemberThatMadeIt() async throws {
    try await TestGateway.run { node in
      try await register("token-of-a-former-disk", of: "clean-1", MemberID(99), on: node)
      #expect(try await status(node, "token-of-a-former-disk") == 401)
      // The same token of a member that is there holds, whoever else had it.
      try await register("token-of-a-former-disk", of: "clean-2", node.cluster.id, on: node)
      #expect(try await status(node, "token-of-a-former-disk") == 200)
    }
  }

  /// A node that has not heard of the end of a token must not act on it: nobody after it asks again.
  @Test func nothingIsDoneByATokenWithoutKnowingThatItHolds() async throws {
    try await TestGateway.run { node in
      let before = node.cluster.barriers
      let path = "/api/v1/users/usr_0/password-reset"
      _ = try await node.call("POST", path, token: TestGateway.adminToken).problem(404, .notFound)
      #expect(node.cluster.barriers > before)
    }
  }

  @Test func anotherTokenReplacesTheOneBefore() async throws {
    try await TestGateway.run { node in
      try await register("another-token-of-clean-0", of: "clean-0", node.cluster.id, on: node)
      #expect(try await status(node, "another-token-of-clean-0") == 200)
      for query in ["", "?consistency=stale"] {
        #expect(try await status(node, TestGateway.adminToken, query) == 401)
      }
    }
  }
}

extension ClusterSetup {
  fileprivate static func isKnown(
    _ name: String, token: String, as id: MemberID = MemberID(1), to reader: StateReader
  ) throws -> Bool {
    let setup = ClusterSetup(
      member: Unasked(id: id), state: reader, nodeName: name, adminToken: token,
      metrics: MetricsRegistry(), logger: Logger(label: "test"))
    return try reader.read { view in try setup.isDone(in: view) }
  }
}

/// A cluster that none of these questions reaches.
private struct Unasked: ReplicatedState {
  func propose(_: [UInt8], timeout _: Duration) async throws(ConsensusError) -> Applied {
    throw .noLeader
  }
  func read(timeout _: Duration) async throws(ConsensusError) -> LogIndex { throw .noLeader }
  func waitUntilApplied(_: LogIndex, timeout _: Duration) async throws(ConsensusError) {
    throw .noLeader
  }
  let id: MemberID

  var appliedIndex: LogIndex { .zero }
  var clock: ClusterClock { ClusterClock() }
  func clusterView() -> ClusterView { preconditionFailure("nobody asks") }
  func transferLeadership(to _: MemberID?, timeout _: Duration) async throws(ConsensusError) {
    throw .noLeader
  }
}
