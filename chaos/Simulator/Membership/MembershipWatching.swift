import Raft

/// Holds what members make of the membership against what their logs say.
extension Simulation {
  /// The configuration that is in force on a member: the last one in its log, committed or not (paper
  /// §6), or what the log began with.
  private func configuration(of member: SimulatedMember, _ process: MemberProcess) -> Configuration
  {
    process.configurations.versions.last?.configuration ?? beginning(of: member, process)
  }

  private func beginning(of member: SimulatedMember, _ process: MemberProcess) -> Configuration {
    if process.view.base == .zero { return member.isFounder ? founding : Configuration() }
    return checker.membership.configuration(at: process.view.base.index)
  }

  /// A member has taken its batches over and its commit index is known.
  func watchMembership(
    of member: SimulatedMember, _ process: MemberProcess, _ status: ReplicaStatus
  ) {
    let expected = configuration(of: member, process)
    defer { process.configurations.seen = expected }
    // What a damaged disk has lost of the log, only its leader knows; and what a member took in that has
    // halted since, it did not hand to its disk any more.
    guard status.quarantine == nil, !status.isHalted else { return }
    if status.configuration != expected {
      report(
        .membership,
        "member \(member.number) goes by voters \(status.configuration.voters) and "
          + "\(status.configuration.outgoingVoters), its log says \(expected.voters) and "
          + "\(expected.outgoingVoters)")
    }
    guard expected != process.configurations.seen else { return }
    checkUncommitted(of: member, process)
    guard status.role == .leader else { return }
    // Changes of two terms must not overlap either: the leader's own term has to have begun for all
    // (Ongaro, raft-dev, "bug in single-server membership changes").
    if let newest = process.configurations.versions.last, newest.position.term == status.term,
      process.view.term(at: status.commit) != status.term
    {
      report(
        .membership,
        "member \(member.number) begins a change before an entry of its term is committed")
    }
    // Who has never been there can't have been heard lately.
    if !expected.hasMajorities(where: { id in members.contains { $0.id == id } }) {
      report(
        .membership,
        "member \(member.number) takes a change that leaves it without a quorum of voters who exist: "
          + "\(expected.voters)")
    }
  }

  /// A batch was taken over: what configurations it has may come to be committed.
  func noteConfigurations(
    in batch: PersistBatch, of member: SimulatedMember, _ process: MemberProcess
  ) {
    coverage.count(.configurationsRolledBack, process.configurations.adopt(batch))
    for version in process.configurations.versions
    where version.position.index >= batch.entries.first?.index ?? version.position.index.next {
      checker.membership.created(version, after: checker.ledger.last.index)
    }
  }

  /// One change at a time: in no log are two configurations that are not committed.
  func checkUncommitted(of member: SimulatedMember, _ process: MemberProcess) {
    let open = process.configurations.versions.reversed().prefix {
      checker.ledger.term(at: $0.position.index) != $0.position.term
    }
    guard open.count > 1 else { return }
    report(
      .membership,
      "member \(member.number)'s log has uncommitted configurations at "
        + "\(open.map(\.position.description).joined(separator: ", "))")
  }

  // MARK: Elections and commits

  /// A member campaigns: others would vote for it, or its leader hands over. One that can't win must not
  /// depose a leader that works (dissertation §9.6).
  func checkCampaign(
    of member: SimulatedMember, _ process: MemberProcess, _ status: ReplicaStatus
  ) {
    // In one step a member may count the answers and then take the next configuration into its log.
    let rules = [configuration(of: member, process), process.configurations.seen]
    guard !checker.mayBegin(status.term, candidate: member.id, rules: rules) else { return }
    report(
      .disruption,
      "member \(member.number) begins term \(status.term), and no majority of "
        + "\(rules[0].voters.map(name)) would vote for it")
  }

  /// A member was elected: by voters, among whom it is or was.
  func checkElection(
    of member: SimulatedMember, _ process: MemberProcess, _ status: ReplicaStatus
  ) {
    let expected = configuration(of: member, process)
    let hasWon = expected.hasMajorities {
      $0 == member.id || checker.voted($0, for: member.id, in: status.term)
    }
    if !hasWon {
      report(
        .electionSafety,
        "member \(member.number) leads term \(status.term) without a majority of "
          + "\(expected.voters) or \(expected.outgoingVoters)")
    }
    guard !expected.isVoter(member.id) else { return }
    // Who is to leave may lead until it knows that this is committed (dissertation §4.2.2).
    let versions = process.configurations.versions
    let first = versions.lastIndex { $0.position.index <= process.commit } ?? 0
    let known = versions[first...].map(\.configuration) + [beginning(of: member, process)]
    if known.contains(where: { $0.isVoter(member.id) }) {
      coverage.count(.removedElected)
    } else {
      report(.electionSafety, "member \(member.number) leads, which is no voter")
    }
  }

  /// A leader committed an entry of its term: a majority of each set of voters must hold it.
  func checkQuorum(
    of member: SimulatedMember, _ process: MemberProcess, _ status: ReplicaStatus
  ) {
    guard status.role == .leader, process.view.term(at: status.commit) == status.term else {
      return
    }
    let position = LogPosition(index: status.commit, term: status.term)
    let holders = Set(members.filter { $0.promise.held.holds(position) }.map(\.id))
    // In one step a leader may commit and then take the next configuration into its log.
    let rules = [configuration(of: member, process), process.configurations.seen]
    guard !rules.contains(where: { $0.hasMajorities(where: holders.contains) }) else { return }
    report(
      .commitQuorum,
      "member \(member.number) commits \(position), which \(holders.map(name).sorted()) hold, of "
        + "voters \(rules[0].voters.map(name)) and \(rules[0].outgoingVoters.map(name))")
  }

  /// What a snapshot says of the membership must be what was in force there.
  func checkConfiguration(of metadata: SnapshotMetadata, _ member: SimulatedMember) {
    let expected = checker.membership.configuration(at: metadata.position.index)
    guard metadata.configuration != expected else { return }
    report(
      .membership,
      "member \(member.number) takes a snapshot at \(metadata.position) with voters "
        + "\(metadata.configuration.voters), in force there are \(expected.voters)")
  }

  // MARK: News

  /// Takes note of what newly committed configurations bring.
  func noticeCommittedConfigurations(by committer: SimulatedMember) {
    let versions = checker.membership.versions
    while configurationsNoticed < versions.count {
      let version = versions[configurationsNoticed]
      count(version, after: versions[configurationsNoticed - 1].configuration, committer)
      configurationsNoticed += 1
    }
  }

  private func count(
    _ version: MembershipRecord.Version, after old: Configuration, _ committer: SimulatedMember
  ) {
    let new = version.configuration
    trace.note(
      now, "C", new.voters.count, version.index.rawValue,
      as: "configuration \(version.index): voters \(new.voters.map(name)), "
        + "outgoing \(new.outgoingVoters.map(name)), learners \(new.learners.map(name))")
    for member in members {
      let isMember = new.member(member.id) != nil
      if isMember {
        member.hasJoined = true
        member.shutDownAt = nil
      } else if old.member(member.id) != nil {
        member.shutDownAt = now + random.drawScaled(pace.stretch(10_000...6_000_000))
      }
    }
    if old.isJoint {
      coverage.count(version.wish == nil ? .jointLeftByItself : .jointLeftOnRequest)
    } else {
      if new.isJoint { coverage.count(.jointEntered) }
      count(version.wish, from: old, to: new)
    }
    if old.isVoter(committer.id), !new.isVoter(committer.id), committer.process?.isLeader == true {
      coverage.count(.leadersRemoved)
    }
  }

  private func count(_ wish: MembershipChange?, from old: Configuration, to new: Configuration) {
    guard let wish else {
      return coverage.count(
        .promotionsByCatchUp, new.voters.count(where: old.learners.contains))
    }
    if wish.steps.count == 2, case .remove = wish.steps[0], case .addLearner = wish.steps[1] {
      coverage.count(.membersReplaced)
    }
    for step in wish.steps {
      switch step {
      case .addLearner: coverage.count(.learnersAdded)
      case .addVoter: coverage.count(.votersAdded)
      case .promote: coverage.count(.promotions)
      case .demote: coverage.count(.demotions)
      case .remove: coverage.count(.membersRemoved)
      case .update: coverage.count(.membersUpdated)
      }
    }
  }

  /// A leader lets another member campaign.
  func countTransfer(_ message: Message) {
    let configuration = checker.membership.latest
    guard let own = configuration.member(message.from), let other = configuration.member(message.to)
    else { return }
    if other.priority > own.priority { coverage.count(.priorityTransfers) }
  }
}
