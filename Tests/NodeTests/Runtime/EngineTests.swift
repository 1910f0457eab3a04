import Raft
import Testing

@testable import NodeRuntime

@Suite struct EngineTests {
  /// The leader sends the piece without an answer again and again, while the snapshot thread is at
  /// something long.
  @Test func onlyAFewPiecesOfASnapshotWait() throws {
    let node = try TestCluster(1)[0]
    let engine = Engine(
      options: node.options, membership: Membership(Identity(member: MemberID(1))), applied: .zero,
      logger: node.log.logger)
    let metadata = SnapshotMetadata(
      position: LogPosition(index: LogIndex(9), term: Term(1)), configuration: Configuration())
    let bytes = [UInt8](repeating: 7, count: node.options.replica.consensus.snapshotChunkBytes)
    let piece = SnapshotChunk(metadata: metadata, offset: 0, bytes: bytes, isLast: false)
    for _ in 0..<100 { engine.store(piece, from: MemberID(2)) }
    engine.snapshotJobs.put(.install(metadata))
    var jobs: [SnapshotJob] = []
    #expect(engine.snapshotJobs.take(into: &jobs))
    #expect(jobs.count == 5)
    guard case .install? = jobs.last else {
      Issue.record("what is no piece was dropped")
      return
    }
    // There is room again.
    engine.store(piece, from: MemberID(2))
    #expect(engine.snapshotJobs.take(into: &jobs) && jobs.count == 1)
  }
}
