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
        RegisterAdminToken(memberName: "n1", tokenHash: ClusterSecrets.hash(of: "the first token"))),
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
  }
}

extension ClusterSetup {
  fileprivate static func isKnown(
    _ name: String, token: String, to reader: StateReader
  ) throws -> Bool {
    let setup = ClusterSetup(
      member: Unasked(), state: reader, nodeName: name, adminToken: token,
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
  var appliedIndex: LogIndex { .zero }
  var clock: ClusterClock { ClusterClock() }
  func clusterView() -> ClusterView { preconditionFailure("nobody asks") }
  func transferLeadership(to _: MemberID?, timeout _: Duration) async throws(ConsensusError) {
    throw .noLeader
  }
}
