import Raft

/// Disks that are lost, and machines that are switched off.
extension Simulation {
  // MARK: Prudence

  /// Whether the cluster goes on whatever becomes of all that was asked for, without `lost` and with
  /// `change` asked for as well.
  private func isSafe(without lost: SimulatedMember?, with change: MembershipChange?) -> Bool {
    let intact = machines.filter { $0 !== lost }.map(\.id)
    let outlook = MembershipOutlook(
      possible: checker.membership.possible(after: checker.ledger.last.index),
      wishes: clusterOperator.pending(at: now) + (change.map { [$0] } ?? []), intact: Set(intact))
    return outlook.isSafe
  }

  func mayAsk(for change: MembershipChange) -> Bool { isSafe(without: nil, with: change) }

  private func mayLose(_ member: SimulatedMember) -> Bool {
    isSafe(without: member, with: clusterOperator.errand?.change)
  }

  // MARK: Losses

  /// The machine never comes back: its disk is gone, and its identity with it.
  func loseDisk(of member: SimulatedMember) {
    guard mayLose(member) else { return coverage.count(.disksSpared) }
    coverage.count(.disksLost)
    member.standing = .diskLost
    crash(member, losesPower: true)
  }

  /// Switches machines off that were removed and have run on for long enough.
  func shutDownRemoved() {
    for member in machines {
      guard let time = member.shutDownAt, time <= now, mayLose(member) else { continue }
      coverage.count(.membersShutDown)
      trace.note(now, "x", member.number, as: "m\(member.number) is shut down for good")
      member.standing = .shutDown
      crash(member, losesPower: false)
    }
  }

  // MARK: The end

  /// The members of the newest committed configuration.
  var finalMembers: [SimulatedMember] {
    let configuration = checker.membership.latest
    return members.filter { configuration.member($0.id) != nil }
  }

  /// What keeps the membership from being whole and settled.
  func obstacleInMembership() -> String? {
    let configuration = checker.membership.latest
    for member in finalMembers where member.process == nil {
      return "member \(member.number) is \(member.isGone ? "gone" : "down")"
    }
    guard let leader = leader(), let process = leader.process else { return "there is no leader" }
    guard process.status.configurationIndex <= checker.ledger.last.index else {
      return "a configuration is not committed"
    }
    if configuration.isJoint { return "the configuration is joint" }
    if let id = configuration.promotable.first { return "\(name(id)) is not promoted" }
    for member in machines where member.shutDownAt != nil {
      let knows = member.process?.status.isRemoved == true
      if !knows, mayLose(member) {
        return "member \(member.number) was removed, and neither knows nor is shut down"
      }
    }
    return obstacleToPriority(configuration, leader)
  }

  private func obstacleToPriority(
    _ configuration: Configuration, _ leader: SimulatedMember
  ) -> String? {
    let highest = configuration.voters.compactMap { configuration.member($0)?.priority }.max() ?? 0
    guard let own = configuration.member(leader.id)?.priority, own < highest else { return nil }
    return "member \(leader.number) leads with priority \(own), another has \(highest)"
  }
}
