/// Elections with pre-vote and check-quorum (paper §5.2, §5.4.1; dissertation §9.6, §6.2).
extension Consensus {
  /// Campaigns now rather than when the time-out has passed, beginning with the inquiry.
  mutating func campaignNow() {
    // Its own vote is part of the promise on which a lease may rest.
    guard mayCampaign, options.lease == nil || !hasLiveLeader else { return }
    campaign(isInquiry: true, isTransfer: false)
  }

  /// Asks for votes; as an inquiry, without raising the term.
  mutating func campaign(isInquiry: Bool, isTransfer: Bool) {
    becomeCandidate(isInquiry: isInquiry, isTransfer: isTransfer)
    let asked = isInquiry ? term.next : term
    let body: Message.Body =
      isInquiry ? .preVote(last: log.last) : .vote(last: log.last, transfer: isTransfer)
    for peer in configuration.ids where peer != id && configuration.isVoter(peer) {
      let message = Message(from: id, to: peer, term: asked, body: body)
      if isInquiry {
        output.messages.append(message)
      } else {
        output.durableMessages.append(message)
      }
    }
    // Its own vote counts like any other: an inquiry's at once, a real one when it is durable.
    if isInquiry {
      let own = Message(from: id, to: id, term: asked, body: .preVoteReply(granted: true))
      recordVote(true, own, isInquiry: true)
    } else {
      sendDurably(.voteReply(granted: true), to: id)
    }
  }

  mutating func answerPreVote(_ message: Message, last: LogPosition) {
    let granted =
      message.term > term && !hasLiveLeader && healing == nil
      && last.isAtLeastAsUpToDate(as: log.last)
    // Granted answers name the term that was asked for, refusals the term that stands.
    let reply = Message(
      from: id, to: message.from, term: granted ? message.term : term,
      body: .preVoteReply(granted: granted))
    output.messages.append(reply)
  }

  mutating func answerVote(_ message: Message, last: LogPosition, isTransfer: Bool) {
    let isFree = hardState.vote == nil && leader == nil
    let isPromised = options.lease != nil && !isTransfer && hasLiveLeader
    let granted =
      healing == nil && (hardState.vote == message.from || (isFree && !isPromised))
      && last.isAtLeastAsUpToDate(as: log.last)
    if granted {
      if hardState.vote == nil { setHardState(HardState(term: term, vote: message.from)) }
      electionElapsed = 0
    }
    sendDurably(.voteReply(granted: granted), to: message.from)
  }

  mutating func recordVote(_ granted: Bool, _ message: Message, isInquiry: Bool) {
    guard case .candidate(var candidate) = role, candidate.isInquiry == isInquiry,
      message.term == (isInquiry && granted ? term.next : term)
    else { return }
    candidate.record(granted, from: message.from)
    setCandidate(candidate)
    // A campaign begins when its own vote is durable: a slow disk must not use up its time.
    if message.from == id, !isInquiry { electionElapsed = 0 }
    if candidate.hasWon(in: configuration) {
      if isInquiry { campaign(isInquiry: false, isTransfer: false) } else { becomeLeader() }
    } else if candidate.hasLost(in: configuration) {
      becomeFollower(of: nil, term: term)
    }
  }

  // MARK: The leader's clock

  mutating func tickLeader() {
    updateLeader { consensus, leader in
      leader.ticks += 1
      leader.heartbeatTicks += 1
      leader.quorumTicks += 1
      for peer in leader.peers.ids { leader.peers[peer]?.silentTicks += 1 }
      consensus.tickTransfer(&leader)
      consensus.tickDisk(&leader)
      consensus.tickDeparting(&leader)
      if leader.quorumTicks >= consensus.options.electionTicks {
        leader.quorumTicks = 0
        guard consensus.hearsQuorum(&leader) else { return consensus.stepDown(&leader) }
        consensus.preferPriority(&leader)
      }
      if leader.heartbeatTicks >= consensus.options.heartbeatTicks {
        consensus.sendHeartbeats(&leader)
      }
      consensus.tickSnapshots(&leader)
    }
  }

  /// Whether a quorum was heard since the last check; begins the next period.
  private func hearsQuorum(_ leader: inout Leader) -> Bool {
    let hears = configuration.hasQuorum { $0 == id || leader.peers[$0]?.isActive == true }
    for peer in leader.peers.ids { leader.peers[peer]?.beginPeriod() }
    return hears
  }

  mutating func sendHeartbeats(_ leader: inout Leader) {
    leader.heartbeatTicks = 0
    let round = leader.reads.nextRound()
    leader.lease.sent(round, at: now)
    for peer in leader.peers.ids {
      guard let progress = leader.peers[peer] else { continue }
      // A follower may not know that its log differs beyond `match`: it must not commit beyond.
      let commit = min(commitIndex, progress.match)
      send(.heartbeat(commit: commit, round: round), to: peer)
    }
  }

  /// Ends this member's leadership, if it has one: whoever waits is told.
  mutating func abandonLeadership() {
    guard case .leader(var leader) = role else { return }
    for request in leader.reads.abandon() { answerRead(request, index: nil) }
  }
}
