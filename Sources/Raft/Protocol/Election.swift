/// Elections with pre-vote and check-quorum (paper §5.2, §5.4.1; dissertation §9.6, §6.2).
extension Consensus {
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
      message.term > term && !hasLiveLeader && last.isAtLeastAsUpToDate(as: log.last)
    // Granted answers name the term that was asked for, refusals the term that stands.
    let reply = Message(
      from: id, to: message.from, term: granted ? message.term : term,
      body: .preVoteReply(granted: granted))
    output.messages.append(reply)
  }

  mutating func answerVote(_ message: Message, last: LogPosition) {
    let isFree = hardState.vote == nil && leader == nil
    let granted =
      (hardState.vote == message.from || isFree) && last.isAtLeastAsUpToDate(as: log.last)
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
    if candidate.hasWon(in: configuration) {
      if isInquiry { campaign(isInquiry: false, isTransfer: false) } else { becomeLeader() }
    } else if candidate.hasLost(in: configuration) {
      becomeFollower(of: nil, term: term)
    }
  }

  // MARK: The leader's clock

  mutating func tickLeader() {
    updateLeader { consensus, leader in
      leader.heartbeatTicks += 1
      leader.quorumTicks += 1
      for peer in consensus.configuration.ids { leader.peers[peer]?.silentTicks += 1 }
      consensus.expireTransfer(&leader)
      if leader.quorumTicks >= consensus.options.electionTicks {
        leader.quorumTicks = 0
        guard consensus.hearsQuorum(&leader) else {
          return consensus.becomeFollower(of: nil, term: consensus.term)
        }
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
    for peer in configuration.ids { leader.peers[peer]?.isActive = false }
    return hears
  }

  mutating func sendHeartbeats(_ leader: inout Leader) {
    leader.heartbeatTicks = 0
    for peer in configuration.ids {
      guard let progress = leader.peers[peer] else { continue }
      // A follower may not know that its log differs beyond `match`: it must not commit beyond.
      let commit = min(commitIndex, progress.match)
      send(.heartbeat(commit: commit, round: leader.reads.round), to: peer)
    }
  }

  /// Ends this member's leadership, if it has one: whoever waits is told.
  mutating func abandonLeadership() {
    guard case .leader(var leader) = role else { return }
    for request in leader.reads.abandon() { answerRead(request, index: nil) }
  }

  // MARK: Handing over

  /// Hands leadership to `target`, or to the voter whose log is longest. Proposals are refused until
  /// it has happened or the election time-out has passed (dissertation §3.10).
  mutating func transferLeadership(to target: MemberID?) {
    updateLeader { consensus, leader in
      guard leader.transfer == nil else { return }
      let candidates = consensus.configuration.voters.filter { leader.peers[$0]?.isActive == true }
      let longest = candidates.max { a, b in
        (leader.peers[a]?.match ?? .zero) < (leader.peers[b]?.match ?? .zero)
      }
      guard let chosen = target ?? longest, leader.peers[chosen] != nil,
        consensus.configuration.isVoter(chosen)
      else { return }
      leader.transfer = (chosen, 0)
      consensus.completeTransfer(&leader)
    }
  }

  /// Lets the target campaign once it holds the whole log.
  mutating func completeTransfer(_ leader: inout Leader) {
    guard let transfer = leader.transfer,
      leader.peers[transfer.target]?.match == log.lastIndex
    else { return }
    send(.timeoutNow, to: transfer.target)
  }

  private func expireTransfer(_ leader: inout Leader) {
    guard let transfer = leader.transfer else { return }
    let ticks = transfer.ticks + 1
    leader.transfer = ticks < options.electionTicks ? (transfer.target, ticks) : nil
  }
}
