import Raft

/// Watches how snapshots are sent and received.
extension Simulation {
  /// A piece that came in `term` was stored, or not. What had come of another snapshot may have been thrown
  /// away for it: rightly only if that one is newer, or if there is another leader since, which has none newer.
  func checkReception(
    of chunk: SnapshotChunk, in term: Term, by member: SimulatedMember, _ process: MemberProcess,
    before: (metadata: SnapshotMetadata, received: UInt64)?
  ) {
    guard let after = process.snapshots.underWay, after.metadata == chunk.metadata else { return }
    defer { process.receptionTerm = term }
    guard let before, before.received > 0, before.metadata != after.metadata else { return }
    coverage.count(.receptionsReplaced)
    guard after.metadata.position.index < before.metadata.position.index,
      process.receptionTerm == term
    else { return }
    report(
      .transfers,
      "member \(member.number) throws \(before.received) bytes of snapshot "
        + "\(before.metadata.position) away for a piece of \(after.metadata.position)")
  }
}
