import Raft

extension FeatureLevel {
  /// What the newer of the two versions supports that members are run with.
  static let newest = FeatureLevel(rawValue: 2)
}

/// Which version of the program members run. All begin with the older one. An operator starts them with
/// the newer one in turn, and sometimes goes back; who can't start with the older version, or stops
/// because the cluster has passed it, is given the newer one.
extension Simulation {
  /// Why the older version can't start.
  struct NewerVersionNeeded: Error, CustomStringConvertible {
    var level: FeatureLevel
    var description: String { "the log is at feature level \(level)" }
  }

  func replicaOptions(of member: SimulatedMember) -> ReplicaOptions {
    var replica = plan.replica
    let claimed = options.sabotage == .claimsNewerVersion ? .newest : member.version
    replica.consensus.featureLevel = claimed
    return replica
  }

  func checkVersion(
    of member: SimulatedMember, against recovered: RecoveredLog
  ) throws(NewerVersionNeeded) {
    let level = recovered.featureLevel
    guard replicaOptions(of: member).consensus.featureLevel < level else { return }
    throw NewerVersionNeeded(level: level)
  }

  func startIsRefused(to member: SimulatedMember) {
    coverage.count(.refusedStarts)
    member.version = .newest
  }

  func changeVersion() {
    let outdated = members.filter { $0.version < .newest && $0.process != nil }
    if !outdated.isEmpty, random.happens(750_000) {
      upgrade(random.pick(outdated))
    } else if case let upgraded = members.filter({ $0.version == .newest && $0.process != nil }),
      !upgraded.isEmpty, highestLevel == .first || random.happens(200_000)
    {
      let member = random.pick(upgraded)
      coverage.count(.downgrades)
      member.version = .first
      crash(member, losesPower: false)
    }
  }

  private func upgrade(_ member: SimulatedMember) {
    coverage.count(.upgrades)
    member.version = .newest
    crash(member, losesPower: false)
  }

  /// The upgrade is brought to its end.
  func finishUpgrade() {
    guard changesVersions else { return }
    for member in members where member.version < .newest { upgrade(member) }
  }

  /// What an old version makes of entries: it knows of no levels.
  func understood(_ entries: [Entry], by member: SimulatedMember) -> [Entry] {
    guard member.version < .newest else { return entries }
    return entries.map { entry in
      guard case .configuration = entry.content else { return entry }
      return Entry(position: entry.position, content: .termStart)
    }
  }

  /// A field that the newer version adds to its messages, and that the older one passes over.
  func newerFields(of member: SimulatedMember) -> [UInt8] {
    // Field 1000, a varint: 1.
    changesVersions && member.version == .newest ? [0xC0, 0x3E, 1] : []
  }

  func watchVersion(of member: SimulatedMember, _ status: ReplicaStatus) {
    if status.featureLevel > highestLevel {
      highestLevel = status.featureLevel
      coverage.count(.levelsRaised)
    }
    guard let level = status.missingLevel, member.version < level else { return }
    coverage.count(.outdatedStops)
    member.version = .newest
    scheduler.schedule(
      .crash(member: member.number, incarnation: member.incarnation, losesPower: false), after: 0)
  }

  func obstacleInVersions() -> String? {
    guard changesVersions, highestLevel < .newest,
      let leader = members.first(where: { $0.process?.isLeader == true }),
      let ids = leader.process?.status.configuration.ids
    else { return nil }
    let isWhole = ids.allSatisfy { id in members.contains { $0.id == id && $0.process != nil } }
    return isWhole ? "all members run the newer version, and the level has not risen" : nil
  }
}
