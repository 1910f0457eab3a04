/// What a version of the program understands of commands, as a number that grows: whoever supports a
/// level supports those below it.
///
/// The level in force stands in the configuration, so it rises at an entry of the log, and every state
/// machine takes the commands behind that entry by the new level and those before it by the old one. The
/// leader raises it when all members, learners too, have told within an election time-out that they
/// support a higher one. It never falls. A member whose program does not support it applies nothing of
/// it.
public struct FeatureLevel: RawRepresentable, Hashable, Comparable, Sendable {
  /// From 1 on.
  public var rawValue: UInt32
  /// Makes a level from its number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Order: the higher one is newer.
  public static func < (a: FeatureLevel, b: FeatureLevel) -> Bool { a.rawValue < b.rawValue }
  /// The first; that of programs which say nothing.
  public static let first = FeatureLevel(rawValue: 1)
}

extension FeatureLevel: CustomStringConvertible {
  /// The number.
  public var description: String { "\(rawValue)" }
}

extension RecoveredLog {
  /// The highest level that stands in the log or its snapshot. A program that does not support it can't
  /// go on from them: it must not be started with them.
  public var featureLevel: FeatureLevel {
    let known = [snapshot?.configuration, baseConfiguration] + configurations.map(\.configuration)
    return known.reduce(.first) { max($0, $1?.featureLevel ?? .first) }
  }
}

extension Consensus {
  /// What the cluster is at, as far as this member was told, if its program does not support that. The
  /// configuration in force may still be replaced; what a snapshot was taken at is committed.
  var missingLevel: FeatureLevel? {
    if featureLevel > options.featureLevel { return featureLevel }
    return missedLevel
  }

  /// The last entry that this program may give to its state machine, of those up to `end`.
  func lastUnderstood(through end: LogIndex) -> LogIndex {
    guard featureLevel > options.featureLevel,
      let first = configurations.firstIndex(where: { $0.featureLevel > options.featureLevel })
    else { return end }
    return min(end, first > .zero ? first.previous : .zero)
  }

  /// Raises the level when every member can follow.
  mutating func raiseFeatureLevel(_ leader: Leader) {
    guard options.featureLevel > configuration.featureLevel, configuration.member(id) != nil,
      configurations.currentIndex <= commitIndex
    else { return }
    var level = options.featureLevel
    for member in configuration.ids where member != id {
      guard let peer = leader.peers[member], peer.silentTicks < options.electionTicks,
        let supported = peer.featureLevel
      else { return }
      level = min(level, supported)
    }
    guard level > configuration.featureLevel else { return }
    var next = configuration
    next.featureLevel = level
    append(.configuration(next))
  }

  /// The level in force.
  var featureLevel: FeatureLevel { configuration.featureLevel }

  /// What the member's program supports, as far as it has said.
  func supportedLevel(_ member: MemberID, _ leader: Leader) -> FeatureLevel {
    member == id ? options.featureLevel : leader.peers[member]?.featureLevel ?? .first
  }
}
