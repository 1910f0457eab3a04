/// One record of the replicated log.
public struct Entry: Hashable, Sendable {
  /// What an entry carries.
  public enum Content: Hashable, Sendable {
    /// The entry with which a leader opens its term; committing it commits all before it
    /// (paper §5.4.2, §8).
    case termStart
    /// A command for the state machine.
    case command([UInt8], proposal: ProposalID?)
    /// A cluster configuration, in force from the moment it is in the log (paper §6); with the
    /// proposal that asked for it, if it was not the leader's own idea.
    case configuration(Configuration, proposal: ProposalID? = nil)
  }

  /// Where the entry stands, and the term of the leader that put it there.
  public var position: LogPosition
  /// What it carries.
  public var content: Content

  /// Makes an entry.
  public init(position: LogPosition, content: Content) {
    self.position = position
    self.content = content
  }

  /// Where the entry stands.
  public var index: LogIndex { position.index }
  /// The term of the leader that made it.
  public var term: Term { position.term }

  /// Bytes that count towards batches, windows and caches: the payload and a fixed share for the rest.
  public var weight: Int {
    switch content {
    case .termStart: 32
    case .command(let payload, _): 32 + payload.count
    case .configuration(let configuration, _): 32 + 48 * configuration.members.count
    }
  }
}

/// What a member must never forget: it is written before any message that depends on it leaves
/// (paper, figure 2, "persistent state").
public struct HardState: Hashable, Sendable {
  /// The largest term seen.
  public var term: Term
  /// Who got this member's vote in `term`.
  public var vote: MemberID?
  /// Makes a hard state.
  public init(term: Term = .zero, vote: MemberID? = nil) {
    self.term = term
    self.vote = vote
  }
}
