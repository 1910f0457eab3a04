/// A member whose disk lost entries that it may have acknowledged ("quarantined").
///
/// Its acknowledgements may have been counted, so a vote for a candidate without those entries could
/// elect a leader that lacks what is committed. Until it holds them again it neither campaigns nor
/// votes; it takes entries and acknowledges them as a learner does.
///
/// When does it hold them again? Its hard state is intact, so every entry that it acknowledged was in the
/// log of a leader of its own term or an earlier one. A leader of its term, or a later one, has all of
/// them that are or can still be committed (Leader Completeness, paper §5.4.3: the vote of this member,
/// which is the only one in doubt, was not needed after the loss). So it asks such a leader, after the
/// loss, how far its log reaches, and has healed when its own log is durably that leader's up to there.
struct Healing {
  /// Marks this process's questions. The loss is older than the process, so an answer to any of them
  /// will do, however late it comes.
  let nonce: UInt64
  /// The term in which `target` was the end of the leader's log.
  private var term = Term.zero
  private var target: LogIndex?
  private var ticksSinceQuestion = 0
  /// The latest term whose leader was asked.
  private var asked = Term.zero

  /// `nonce` must differ from start to start.
  init(nonce: UInt64) { self.nonce = nonce }

  /// The leader of `term` is heard. Returns whether it is to be asked now.
  mutating func heard(_ term: Term) -> Bool {
    guard asked < term else { return false }
    asked = term
    ticksSinceQuestion = 0
    return true
  }

  /// Time passes. Returns whether the leader is to be asked, which it is again and again: an
  /// acknowledgement from before the loss may arrive late, and make it send from too far on.
  mutating func tick(interval: Int) -> Bool {
    ticksSinceQuestion += 1
    guard ticksSinceQuestion >= interval else { return false }
    ticksSinceQuestion = 0
    return true
  }

  /// The leader of `term` has answered. Its first answer is kept: later ones could only ask for more.
  mutating func learned(_ last: LogIndex, nonce: UInt64, term: Term) {
    guard nonce == self.nonce, target == nil || self.term != term else { return }
    target = last
    self.term = term
  }

  /// Whether a log that is the leader's of `term`, durably, up to `index` holds all that was lost.
  func isComplete(at index: LogIndex, term: Term) -> Bool {
    guard let target else { return false }
    return self.term == term && index >= target
  }
}

extension Consensus {
  // MARK: The quarantined member

  /// Tells a leader of the loss before anything else is answered, lest it count on this member's vote.
  mutating func tellOfLoss(_ leader: MemberID) {
    let term = term
    if healing?.heard(term) == true { askForEnd(leader) }
  }

  mutating func tickHealing() {
    let interval = options.heartbeatTicks
    if healing?.tick(interval: interval) == true, let leader { askForEnd(leader) }
  }

  private mutating func askForEnd(_ leader: MemberID) {
    guard let healing else { return }
    send(.heal(nonce: healing.nonce, last: log.last), to: leader)
  }

  mutating func learnEnd(_ last: LogIndex, nonce: UInt64) {
    let term = term
    healing?.learned(last, nonce: nonce, term: term)
    heal()
  }

  /// Ends the quarantine if all that was lost is there again.
  ///
  /// What is known to be committed is any leader's log, too, and none need send it: the log up to there
  /// is that to which the state machine or a snapshot bears witness, or was sent after the loss.
  mutating func heal() {
    guard let healing, case .follower(let follower) = role,
      healing.isComplete(at: min(max(follower.matched, commitIndex), log.durable), term: term)
    else { return }
    self.healing = nil
    output.endsQuarantine = true
  }

  // MARK: Its leader

  mutating func answerHealing(
    _ nonce: UInt64, last: LogPosition, from peer: MemberID, leader: inout Leader
  ) {
    let meeting = meeting(last)
    // Who has all is sent nothing by itself, and learns only by an append that its log is the leader's.
    if let match = leader.peers[peer]?.match, match > meeting || match == log.lastIndex {
      leader.peers[peer]?.retreat(to: meeting)
    }
    leader.peers[peer]?.healsAt = log.lastIndex
    send(.healReply(nonce: nonce, last: log.lastIndex), to: peer)
  }
}
