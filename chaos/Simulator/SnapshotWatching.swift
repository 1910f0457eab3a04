import Raft

/// Watches how snapshots are sent and received.
extension Simulation {
  /// A piece that was handled in `term` was stored, or not. What had come of another snapshot may have been
  /// thrown away for it: rightly only if that one is newer, or if there is another leader since, which has
  /// none newer. Which leader's a piece is its sender says: the member may have heard of a newer term in the
  /// same turn, right behind the piece.
  func checkReception(
    of chunk: SnapshotChunk, from leader: MemberID, in term: Term, by member: SimulatedMember,
    _ process: MemberProcess,
    before: (metadata: SnapshotMetadata, received: UInt64)?
  ) {
    guard let after = process.snapshots.underWay, after.metadata == chunk.metadata else { return }
    let sender = members.first { $0.id == leader }
    let term = sender.flatMap { checker.newestTerm(ledBy: $0.number, upTo: term) } ?? term
    defer { process.receptionTerm = term }
    guard let before, before.received > 0, before.metadata != after.metadata else { return }
    coverage.count(.receptionsReplaced)
    guard after.metadata.position.index < before.metadata.position.index,
      process.receptionTerm >= term
    else { return }
    report(
      .transfers,
      "member \(member.number) throws \(before.received) bytes of snapshot "
        + "\(before.metadata.position) away for a piece of \(after.metadata.position)")
  }

  // MARK: Bounds

  /// A leader asks for pieces of its snapshots: over any time no more than may be sent in it, and a little.
  func watchPace(
    of member: SimulatedMember, _ process: MemberProcess, _ events: [Event], _ effects: [Effect]
  ) {
    let status = process.status
    let bound = plan.replica.consensus
    let ticks = events.count { if case .tick = $0 { true } else { false } }
    if process.pace.term != status.term { process.pace = SnapshotPace(term: status.term) }
    process.pace.debt = max(0, process.pace.debt - ticks * bound.snapshotBytesPerTick)
    for case .readSnapshot(let read) in effects { process.pace.debt += read.maxBytes }
    // In one turn there may be pieces before its ticks and after them; over many turns it evens out.
    let slack = (2 + plan.ticksAtOnce) * bound.snapshotBytesPerTick + 2 * bound.snapshotChunkBytes
    if process.pace.debt > slack {
      report(
        .bounds,
        "member \(member.number) asks for \(process.pace.debt) bytes of snapshots where "
          + "\(bound.snapshotBytesPerTick) may be sent in a tick")
    }
    let isHeldBack = status.peers.contains { $0.snapshot?.isHeldBack == true }
    if isHeldBack, !process.pace.isHeldBack { coverage.count(.transfersHeldBack) }
    process.pace.isHeldBack = isHeldBack
  }

  /// The log is cut at `index`.
  func countCompaction(through index: LogIndex, _ process: MemberProcess) {
    coverage.count(.compactions)
    guard let snapshot = process.status.snapshot?.index, snapshot >= index else { return }
    let kept = snapshot - index
    if kept < plan.replica.retainedEntries { coverage.count(.logsCutByBytes) }
    if kept > plan.replica.retainedEntries { coverage.count(.logsKeptForTransfers) }
  }

  /// A snapshot was taken and the log compacted: what is kept below it takes about as much as it may.
  func checkRetention(of member: SimulatedMember, _ process: MemberProcess) {
    guard let snapshot = process.status.snapshot?.index else { return }
    let entries = process.view.entries.prefix { $0.index <= snapshot }
    let kept = entries.reduce(0) { $0 + $1.weight }
    let largest = process.view.entries.map(\.weight).max() ?? 0
    // The log knows its sizes by marks, 4 KiB or one entry apart: it misses some between the last mark and
    // the snapshot, and some between what may go and the mark before it.
    let slack = 2 * (4_096 + largest)
    if kept > plan.replica.retainedBytes + slack {
      report(
        .bounds,
        "member \(member.number) keeps \(kept) bytes of entries below snapshot \(snapshot), where "
          + "\(plan.replica.retainedBytes) may be kept")
    }
  }
}

/// How much of its snapshots a leader sends.
struct SnapshotPace {
  var term = Term.zero
  /// What was asked for and is not yet made up for by time.
  var debt = 0
  var isHeldBack = false
}
