/// Log replication and commitment (paper §5.3, §5.4).
extension Consensus {
  // MARK: Leader

  /// Puts a proposal into the log, or says why not. Only a leader takes one.
  mutating func propose(_ payload: [UInt8], id: ProposalID) -> ProposalRefusal? {
    var refusal: ProposalRefusal? = .noLeader
    updateLeader { consensus, leader in
      if leader.transfer != nil {
        refusal = .unavailable
      } else if leader.uncommitted.bytes > 0,
        leader.uncommitted.bytes + payload.count > consensus.options.uncommittedBytes
      {
        refusal = .overloaded
      } else {
        let entry = consensus.append(.command(payload, proposal: id))
        leader.uncommitted.add(entry)
        refusal = nil
      }
    }
    return refusal
  }

  /// Sends every peer what it lacks and may be sent.
  mutating func replicateToAll() {
    updateLeader { consensus, leader in
      consensus.leaderCommits(&leader)
      consensus.driveMembership(&leader)
      if consensus.hasCommittedInTerm(leader), leader.reads.begin(commit: consensus.commitIndex) {
        consensus.sendHeartbeats(&leader)
        consensus.confirmRound(leader.reads.round, by: consensus.id, leader: &leader)
      }
      for peer in leader.peers.ids { consensus.replicate(to: peer, leader: &leader) }
      if consensus.hasRetired { consensus.resign(&leader) }
    }
  }

  /// Whether `peer`, while replicating, has been sent all entries and knows what is committed.
  private func isUpToDate(_ progress: Progress) -> Bool {
    progress.next > log.lastIndex && progress.toldCommit >= min(commitIndex, progress.match)
  }

  /// Sends appends to `peer` until nothing is left or its window is full.
  private mutating func replicate(to peer: MemberID, leader: inout Leader) {
    leader.peers.update(peer) { progress in
      while !progress.isPaused(window: options.window) {
        if case .replicate = progress.state, isUpToDate(progress) { return }
        guard sendAppend(to: peer, &progress) else { return }
      }
    }
  }

  /// Sends one append, or asks for what it needs. Returns whether one was sent.
  private mutating func sendAppend(to peer: MemberID, _ progress: inout Progress) -> Bool {
    let previousIndex = progress.next.previous
    guard let previousTerm = log.terms.term(at: previousIndex) else {
      startSnapshot(for: peer, &progress)
      return false
    }
    var entries: [Entry] = []
    if progress.next <= log.lastIndex {
      guard
        let cached = log.cached(
          from: progress.next, through: log.lastIndex, maxBytes: options.appendBytes)
      else {
        progress.isReading = true
        output.entryReads.append(
          EntryRead(
            purpose: .send(to: peer), from: progress.next, through: log.lastIndex,
            maxBytes: options.appendBytes))
        return false
      }
      entries = cached
    }
    let previous = LogPosition(index: previousIndex, term: previousTerm)
    sendAppend(entries, after: previous, to: peer, &progress)
    return true
  }

  private mutating func sendAppend(
    _ entries: [Entry], after previous: LogPosition, to peer: MemberID, _ progress: inout Progress
  ) {
    let bytes = entries.reduce(0) { $0 + $1.weight }
    send(.append(Append(previous: previous, entries: entries, commit: commitIndex)), to: peer)
    let last = entries.last?.index ?? previous.index
    progress.sent(through: last, bytes: bytes, commit: min(commitIndex, last))
  }

  /// Entries for a peer were read from disk.
  mutating func sendRead(_ entries: [Entry], to peer: MemberID) {
    updateLeader { consensus, leader in
      guard var progress = leader.peers[peer] else { return }
      progress.isReading = false
      defer { leader.peers[peer] = progress }
      // The log or the peer may have moved on while the disk was busy.
      guard let first = entries.first, let last = entries.last, first.index == progress.next,
        consensus.log.contains(last.position),
        let previousTerm = consensus.log.terms.term(at: first.index.previous),
        !progress.isPaused(window: consensus.options.window)
      else { return }
      let previous = LogPosition(index: first.index.previous, term: previousTerm)
      consensus.sendAppend(entries, after: previous, to: peer, &progress)
    }
  }

  mutating func handle(_ reply: AppendReply, from peer: MemberID, leader: inout Leader) {
    switch reply {
    case .accepted(let match):
      guard match <= log.lastIndex else { return }
      guard leader.peers.update(peer, { $0.accepted(match, base: log.base.index) }) == true else {
        return
      }
      measure(peer, &leader)
      leaderCommits(&leader)
      if leader.transfer?.target == peer { completeTransfer(&leader) }
    case .rejected(let previous, let hint):
      // Skip back over whole terms: no entry above `hint.term` at or before it can be shared.
      _ = leader.peers[peer]?.rejected(previous: previous, meeting: meeting(hint))
    }
  }

  /// Where this log and one that holds `hint`, and nothing of a later term before it, can still agree.
  func meeting(_ hint: LogPosition) -> LogIndex {
    min(hint.index, log.terms.lastPosition(at: hint.index, withTermAtMost: hint.term).index)
  }

  mutating func handleHeartbeatReply(_ round: UInt64, from peer: MemberID, leader: inout Leader) {
    leader.peers[peer]?.resume()
    // Without traffic nothing else ends a round of catching up.
    measure(peer, &leader)
    confirmRound(round, by: peer, leader: &leader)
    guard var progress = leader.peers[peer], case .replicate = progress.state,
      !progress.isReading, progress.match < log.lastIndex,
      progress.next > log.lastIndex || progress.isPaused(window: options.window)
    else { return }
    // All that may be was sent, and not all was acknowledged: an empty append finds out whether
    // something was lost.
    if let term = log.terms.term(at: progress.next.previous) {
      let previous = LogPosition(index: progress.next.previous, term: term)
      sendAppend([], after: previous, to: peer, &progress)
    } else {
      // Meanwhile that place is compacted: only starting again, by a snapshot, helps.
      progress.becomeProbe()
    }
    leader.peers[peer] = progress
  }

  /// What was sent to `peer` may be lost: the next append finds out where its log ends. A snapshot's
  /// pieces are sent again by themselves.
  mutating func unreachable(_ peer: MemberID) {
    updateLeader { _, leader in
      if case .replicate? = leader.peers[peer]?.state { leader.peers[peer]?.becomeProbe() }
    }
  }

  private func measure(_ peer: MemberID, _ leader: inout Leader) {
    let tick = leader.ticks
    leader.peers.update(peer) {
      $0.measure(last: log.lastIndex, tick: tick, limit: options.electionTicks)
    }
  }

  mutating func leaderCommits() {
    updateLeader { consensus, leader in consensus.leaderCommits(&leader) }
  }

  /// Commits what a quorum holds durably, if it is of this term: counting replicas proves nothing for
  /// older terms (paper §5.4.2). The leader's own disk counts like any other.
  private mutating func leaderCommits(_ leader: inout Leader) {
    // What this disk has not taken counts as waiting, too: it is kept in memory.
    defer { leader.uncommitted.committed(through: min(commitIndex, log.durable)) }
    let reached = configuration.quorum { member in
      member == id ? log.durable : leader.peers.match(of: member)
    }
    guard let reached, reached > commitIndex, log.terms.term(at: reached) == term else { return }
    advanceCommit(to: reached)
  }

  // MARK: Follower

  /// Takes the leader's entries over.
  mutating func follow(_ append: Append, from leader: MemberID) {
    if append.previous.index < commitIndex {
      // What is committed is the same everywhere. An old or repeated append.
      return sendDurably(.appendReply(.accepted(match: commitIndex)), to: leader)
    }
    guard log.contains(append.previous) else {
      let hint = log.terms.lastPosition(
        at: append.previous.index, withTermAtMost: append.previous.term)
      let reply = AppendReply.rejected(previous: append.previous.index, hint: hint)
      return send(.appendReply(reply), to: leader)
    }
    if let first = append.entries.firstIndex(where: { !log.contains($0.position) }) {
      let index = append.entries[first].index
      precondition(
        index > commitIndex, "term \(term)'s leader contradicts committed entry \(index)")
      log.truncate(from: index)
      configurations.truncate(from: index)
      limitMatched(to: index.previous)
      for entry in append.entries[first...] { adopt(entry) }
    }
    let match = append.entries.last?.index ?? append.previous.index
    setMatched(match)
    advanceCommit(to: min(append.commit, match))
    sendDurably(.appendReply(.accepted(match: match)), to: leader)
  }
}
