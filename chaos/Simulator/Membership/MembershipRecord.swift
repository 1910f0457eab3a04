import Raft

/// All configurations that were ever committed or in a log, and what was asked for.
struct MembershipRecord {
  /// A committed configuration.
  struct Version {
    var index: LogIndex
    var configuration: Configuration
    /// The change that led to it; nil where the leader went on by itself.
    var wish: MembershipChange?
  }

  /// In order. The first is the one that the cluster was founded with.
  private(set) var versions: [Version]
  /// Configurations in anybody's log, as long as they may still be committed.
  private var created: [ConfigurationView.Version] = []
  private var wishes: [ProposalID: MembershipChange] = [:]
  private var fulfilled: Set<ProposalID> = []
  private var refused: Set<ProposalID> = []

  init(founding: Configuration) { versions = [Version(index: .zero, configuration: founding)] }

  /// The newest committed configuration.
  var latest: Configuration { versions[versions.count - 1].configuration }

  /// The committed configuration in force at an index.
  func configuration(at index: LogIndex) -> Configuration {
    (versions.last { $0.index <= index } ?? versions[0]).configuration
  }

  /// The newest committed configuration, and those that may come to be after the entry at `committed`.
  func possible(after committed: LogIndex) -> [Configuration] {
    [latest] + created.filter { $0.position.index > committed }.map(\.configuration)
  }

  mutating func wished(_ change: MembershipChange, by id: ProposalID) { wishes[id] = change }

  /// A log has a new configuration.
  mutating func created(_ version: ConfigurationView.Version, after committed: LogIndex) {
    created.removeAll { $0.position.index <= committed }
    guard !created.contains(where: { $0.position == version.position }) else { return }
    created.append(version)
  }

  // MARK: Rules

  /// The member that was asked for a change learned that it was refused: it must not be carried out, not
  /// even by a copy of it.
  mutating func refused(_ id: ProposalID) -> Finding? {
    refused.insert(id)
    return contradiction(id)
  }

  private func contradiction(_ id: ProposalID) -> Finding? {
    guard refused.contains(id), fulfilled.contains(id) else { return nil }
    return Finding(
      property: .membership, details: "change \(id) was refused, and is committed all the same")
  }

  /// The next entry is committed. Returns what is wrong with it, if it is a configuration and something
  /// is.
  mutating func committed(_ entry: Entry) -> Finding? {
    guard case .configuration(let next, let proposal) = entry.content else { return nil }
    let previous = latest
    let wish = proposal.flatMap { wishes[$0] }
    versions.append(Version(index: entry.index, configuration: next, wish: wish))
    if let proposal {
      guard fulfilled.insert(proposal).inserted else {
        return Finding(
          property: .membership,
          details: "change \(proposal) is committed again, at \(entry.position)")
      }
      if let finding = contradiction(proposal) { return finding }
    }
    guard let fault = fault(previous, next, wish, isAsked: proposal != nil) else { return nil }
    return Finding(
      property: .membership,
      details: "configuration \(entry.position), voters \(next.voters) and \(next.outgoingVoters), "
        + "follows upon \(previous.voters) and \(previous.outgoingVoters): \(fault)")
  }

  private func fault(
    _ previous: Configuration, _ next: Configuration, _ wish: MembershipChange?, isAsked: Bool
  ) -> String? {
    if isAsked, wish == nil { return "nobody asked for it" }
    if next.featureLevel != previous.featureLevel { return faultInLevel(previous, next, wish) }
    let roster = Roster(next)
    guard Set(next.ids) == roster.everybody.union(next.outgoingVoters) else {
      return "members and roles do not match"
    }
    if previous.isJoint {
      guard !next.isJoint, roster == Roster(previous) else { return "a joint one is left wrongly" }
      guard previous.waitsInJoint ? wish == .leaveJoint : wish == nil else {
        return "a joint one is left at the wrong time"
      }
      return nil
    }
    if let wish {
      guard roster == Roster(previous).changed(by: wish) else {
        return "it is not what was asked for: \(wish.steps)"
      }
      if let member = unfulfilledUpdate(wish, by: next, roster) {
        return "\(member) is not as asked for"
      }
    } else {
      guard isPromotion(from: previous, to: next) else { return "nobody asked for it" }
    }
    let differing = Set(previous.voters).symmetricDifference(next.voters).count
    if next.isJoint { return next.outgoingVoters == previous.voters ? nil : "old voters are lost" }
    let path = wish?.path ?? .shortest
    return differing <= 1 && path == .shortest ? nil : "it should be joint"
  }

  /// A member that should be another than it is. Of several updates of one the last counts, and none if
  /// it leaves.
  private func unfulfilledUpdate(
    _ wish: MembershipChange, by next: Configuration, _ roster: Roster
  ) -> Member? {
    var wanted: [MemberID: Member] = [:]
    for case .update(let member) in wish.steps { wanted[member.id] = member }
    return next.members.filter { roster.everybody.contains($0.id) }
      .first { member in wanted[member.id].map { $0 != member } ?? false }
  }

  /// A feature level rises by itself, and alone.
  private func faultInLevel(
    _ previous: Configuration, _ next: Configuration, _ wish: MembershipChange?
  ) -> String? {
    guard next.featureLevel > previous.featureLevel else { return "the feature level falls" }
    guard wish == nil, next.members == previous.members, Roster(next) == Roster(previous),
      !previous.isJoint, !next.isJoint
    else { return "more than the feature level changes" }
    return nil
  }

  private func isPromotion(from previous: Configuration, to next: Configuration) -> Bool {
    var expected = Roster(previous)
    let promoted = next.voters.filter { !previous.voters.contains($0) }
    guard !promoted.isEmpty, promoted.allSatisfy(expected.promotable.contains) else { return false }
    for id in promoted { expected.promote(id) }
    return Roster(next) == expected
  }
}
