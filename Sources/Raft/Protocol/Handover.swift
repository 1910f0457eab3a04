/// Handing leadership over (dissertation §3.10): when asked to, when a preferred member could lead, and
/// when this one's disk fails it.
extension Consensus {
  /// Hands leadership to `target`, or to the voter whose log is longest. Proposals are refused until
  /// it has happened or the election time-out has passed.
  mutating func transferLeadership(to target: MemberID?) {
    updateLeader { $0.beginTransfer(to: target, &$1) }
  }

  private mutating func beginTransfer(to target: MemberID?, _ leader: inout Leader) {
    guard leader.transfer == nil, let chosen = target ?? successor(leader),
      leader.peers[chosen] != nil, configuration.isVoter(chosen)
    else { return }
    leader.transfer = (chosen, 0)
    completeTransfer(&leader)
  }

  /// Of the voters that could lead, the one whose log is longest.
  private func successor(_ leader: Leader) -> MemberID? {
    configuration.voters.filter { $0 != id && couldLead($0, leader) }
      .max { leader.peers.match(of: $0) < leader.peers.match(of: $1) }
  }

  /// Whether the member is heard and would campaign if it were told to: one in quarantine would not, nor
  /// one whose program does not support the level in force.
  private func couldLead(_ member: MemberID, _ leader: Leader) -> Bool {
    isLive(member, leader) && supportedLevel(member, leader) >= featureLevel
  }

  /// Lets the target campaign once it holds the whole log.
  mutating func completeTransfer(_ leader: inout Leader) {
    guard let transfer = leader.transfer,
      leader.peers[transfer.target]?.match == log.lastIndex
    else { return }
    letCampaign(transfer.target, &leader)
  }

  private mutating func letCampaign(_ peer: MemberID, _ leader: inout Leader) {
    leader.lease.forswear()
    send(.timeoutNow, to: peer)
  }

  mutating func tickTransfer(_ leader: inout Leader) {
    guard let transfer = leader.transfer else { return }
    let ticks = transfer.ticks + 1
    leader.transfer = ticks < options.electionTicks ? (transfer.target, ticks) : nil
  }

  // MARK: Priority

  private static let steadyPeriods = 3
  private static let pauseAfterTransfer = 10

  /// Hands over to a voter of a higher priority that has long been heard and holds nearly all. Called
  /// with each quorum check; after an attempt it is left alone for a while, because proposals are
  /// refused during one.
  mutating func preferPriority(_ leader: inout Leader) {
    guard leader.priorityPause == 0 else {
      leader.priorityPause -= 1
      return
    }
    guard leader.transfer == nil, let own = configuration.member(id) else { return }
    let preferred = configuration.members.filter { member in
      guard member.priority > own.priority, configuration.voters.contains(member.id),
        couldLead(member.id, leader), let progress = leader.peers[member.id]
      else { return false }
      return progress.activePeriods >= Self.steadyPeriods && progress.catchUp.isDone
        && !progress.isCatchingUp && progress.match >= commitIndex
    }
    guard let best = preferred.max(by: { $0.priority < $1.priority }) else { return }
    leader.priorityPause = Self.pauseAfterTransfer
    beginTransfer(to: best.id, &leader)
  }

  // MARK: The own disk

  /// Hands over when the own disk completes nothing: others commit without it, but should it be needed,
  /// all would wait.
  mutating func tickDisk(_ leader: inout Leader) {
    guard let oldest = log.oldestWriting else {
      leader.stall = nil
      return
    }
    let ticks = leader.stall.map { $0.batch == oldest ? $0.ticks + 1 : 0 } ?? 0
    leader.stall = (oldest, ticks)
    if ticks >= options.diskPatienceTicks { beginTransfer(to: nil, &leader) }
  }

  // MARK: Leaving

  /// Leads no longer, and lets the voter with the longest log campaign at once.
  mutating func resign() {
    updateLeader { $0.resign(&$1) }
  }

  mutating func resign(_ leader: inout Leader) {
    if let successor = successor(leader) { letCampaign(successor, &leader) }
    stepDown(&leader)
  }
}
