/// Snapshots for followers whose entries are compacted (paper §7). One chunk is under way at a time;
/// the follower's answer says where to go on, so nothing is sent twice without need.
extension Consensus {
  // MARK: Leader

  func startSnapshot(for peer: MemberID, _ progress: inout Progress) {
    // Entries are compacted only below a snapshot, so there is one, unless it turned out damaged and
    // another is being taken.
    guard let snapshot else { return }
    progress.startSnapshot(snapshot)
  }

  /// Asks for the chunks that are due, and again for those without an answer for long.
  mutating func tickSnapshots(_ leader: inout Leader) {
    leader.snapshotBudget = min(
      leader.snapshotBudget + options.snapshotBytesPerTick, options.snapshotBytesPerTick)
    for peer in leader.peers.ids {
      guard var progress = leader.peers[peer], case .snapshot(let transfer) = progress.state else {
        continue
      }
      if let waited = transfer.waitingTicks, waited < options.electionTicks, !transfer.isHeldBack {
        progress.updateSnapshot { $0.waitingTicks = waited + 1 }
      } else if progress.isActive || transfer.waitingTicks == nil || transfer.isHeldBack {
        readChunk(for: peer, &progress, &leader.snapshotBudget)
      }
      leader.peers[peer] = progress
    }
  }

  /// Asks for the next chunk, or has it wait when enough is sent for now.
  private mutating func readChunk(
    for peer: MemberID, _ progress: inout Progress, _ budget: inout Int
  ) {
    guard case .snapshot(let transfer) = progress.state, !transfer.isReading else { return }
    guard budget > 0 else { return progress.updateSnapshot { $0.isHeldBack = true } }
    budget -= options.snapshotChunkBytes
    progress.updateSnapshot {
      $0.waitingTicks = 0
      $0.isReading = true
      $0.isHeldBack = false
    }
    output.snapshotReads.append(
      SnapshotRead(
        peer: peer, metadata: transfer.metadata, offset: transfer.received,
        maxBytes: options.snapshotChunkBytes))
  }

  /// The oldest snapshot that is being sent: the entries after it will be needed.
  var oldestTransfer: LogIndex? {
    guard case .leader(let leader) = role else { return nil }
    return leader.peers.ids.compactMap { peer -> LogIndex? in
      guard let progress = leader.peers[peer], progress.silentTicks < options.electionTicks,
        case .snapshot(let transfer) = progress.state
      else { return nil }
      return transfer.metadata.position.index
    }.min()
  }

  /// A chunk was read from disk; nil when that snapshot is no longer there.
  mutating func sendRead(_ chunk: SnapshotChunk?, for read: SnapshotRead) {
    updateLeader { consensus, leader in
      guard var progress = leader.peers[read.peer], case .snapshot(let transfer) = progress.state,
        transfer.metadata.position == read.metadata.position
      else { return }
      progress.updateSnapshot { $0.isReading = false }
      defer { leader.peers[read.peer] = progress }
      guard transfer.received == read.offset else {
        return consensus.readChunk(for: read.peer, &progress, &leader.snapshotBudget)
      }
      if let chunk {
        progress.updateSnapshot { $0.waitingTicks = 0 }
        consensus.send(.snapshotChunk(chunk), to: read.peer)
      } else {
        progress.becomeProbe()
      }
    }
  }

  mutating func handleSnapshotReply(
    _ position: LogPosition, received: UInt64, from peer: MemberID, leader: inout Leader
  ) {
    guard var progress = leader.peers[peer], case .snapshot(let transfer) = progress.state,
      transfer.metadata.position == position,
      // A repeated answer must not start a second stream of chunks.
      transfer.received != received
    else { return }
    progress.updateSnapshot { $0.received = received }
    readChunk(for: peer, &progress, &leader.snapshotBudget)
    leader.peers[peer] = progress
  }

  // MARK: Follower

  /// Whether a chunk is of use; if not, the leader is told where this member's log stands.
  ///
  /// What a leader sends within its term only grows newer. So a piece of an older snapshot than it has sent
  /// already is late: it must not take the place of what has come of the newer one. Another leader may
  /// have an older one alone.
  mutating func wants(_ chunk: SnapshotChunk, of message: Message) -> Bool {
    guard message.term == term, leader == message.from, !isLeader else { return false }
    let index = chunk.metadata.position.index
    if index <= commitIndex {
      sendDurably(.appendReply(.accepted(match: commitIndex)), to: message.from)
      return false
    }
    if let offer, offer.term == term, index < offer.index { return false }
    offer = (term, index)
    let level = chunk.metadata.configuration.featureLevel
    guard level > options.featureLevel else { return true }
    missedLevel = level
    return false
  }

  /// A whole snapshot is on disk. Returns whether the state machine must install it.
  mutating func received(_ metadata: SnapshotMetadata) -> Bool {
    guard metadata.position.index > commitIndex, !isLeader else { return false }
    snapshot = metadata
    let holdsPosition = log.contains(metadata.position)
    if holdsPosition {
      // The log already reaches over the snapshot: it only tells what is committed (paper §7).
      advanceCommit(to: metadata.position.index)
    } else {
      log.restart(after: metadata.position)
      limitMatched(to: metadata.position.index)
      output.restart = metadata.position
      configurations = ConfigurationHistory(
        base: metadata.configuration, at: metadata.position.index)
      advanceCommit(to: metadata.position.index)
    }
    setMatched(metadata.position.index)
    if let leader { sendDurably(.appendReply(.accepted(match: commitIndex)), to: leader) }
    return !holdsPosition
  }
}
