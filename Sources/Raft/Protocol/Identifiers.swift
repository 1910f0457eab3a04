/// A leader's period of office. Terms only grow; each has at most one leader (Raft paper §5.1).
public struct Term: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number, as stored and sent.
  public var rawValue: UInt64
  /// Makes a term from its number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Makes a term from its number.
  @inlinable public init(_ value: UInt64) { rawValue = value }
  /// The term before any election.
  public static let zero = Term(0)
  /// The term that a candidate campaigns for.
  @inlinable public var next: Term { Term(rawValue + 1) }
  /// Order by number.
  @inlinable public static func < (a: Term, b: Term) -> Bool { a.rawValue < b.rawValue }
  /// The number.
  public var description: String { String(rawValue) }
}

/// A place in the replicated log. The first entry has index 1; 0 is before the log.
public struct LogIndex: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number, as stored and sent.
  public var rawValue: UInt64
  /// Makes an index from its number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Makes an index from its number.
  @inlinable public init(_ value: UInt64) { rawValue = value }
  /// The place before the first entry.
  public static let zero = LogIndex(0)
  /// The place after this one.
  @inlinable public var next: LogIndex { LogIndex(rawValue + 1) }
  /// The place before this one. Not to be asked of zero.
  @inlinable public var previous: LogIndex { LogIndex(rawValue - 1) }
  /// Order by number.
  @inlinable public static func < (a: LogIndex, b: LogIndex) -> Bool { a.rawValue < b.rawValue }
  /// The index `n` places later.
  @inlinable public static func + (a: LogIndex, n: Int) -> LogIndex {
    LogIndex(a.rawValue + UInt64(n))
  }
  /// How many places `a` is after `b`; negative when it is before.
  @inlinable public static func - (a: LogIndex, b: LogIndex) -> Int {
    Int(Int64(bitPattern: a.rawValue &- b.rawValue))
  }
  /// The number.
  public var description: String { String(rawValue) }
}

/// One data directory's identity: a random number made with it. A member that lost its disk comes
/// back with a new one, so it can never vote twice in a term.
public struct MemberID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number, as stored and sent. Never 0.
  public var rawValue: UInt64
  /// Makes an ID from its number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// Makes an ID from its number.
  @inlinable public init(_ value: UInt64) { rawValue = value }
  /// Order by number.
  @inlinable public static func < (a: MemberID, b: MemberID) -> Bool { a.rawValue < b.rawValue }
  /// Sixteen hexadecimal digits.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// An entry's index together with its term. Two logs that hold the same position agree on all
/// entries up to it (Log Matching, Raft paper §5.3).
public struct LogPosition: Hashable, Sendable, CustomStringConvertible {
  /// Where in the log.
  public var index: LogIndex
  /// The term of the entry there.
  public var term: Term
  /// Makes a position.
  @inlinable public init(index: LogIndex, term: Term) {
    self.index = index
    self.term = term
  }
  /// Before the first entry.
  public static let zero = LogPosition(index: .zero, term: .zero)
  /// Whether a log ending here is at least as up to date as one ending at `other` (paper §5.4.1).
  public func isAtLeastAsUpToDate(as other: LogPosition) -> Bool {
    term > other.term || (term == other.term && index >= other.index)
  }
  /// `index@term`.
  public var description: String { "\(index)@\(term)" }
}

/// Names one proposal across the cluster, so that the member that made it recognises its entry when
/// it is applied. `sequence` must not repeat over a member's restarts: its upper half is a number
/// drawn at each start.
public struct ProposalID: Hashable, Sendable, CustomStringConvertible {
  /// The member that the proposal was made on.
  public var member: MemberID
  /// Which of that member's proposals.
  public var sequence: UInt64
  /// Makes an ID.
  @inlinable public init(member: MemberID, sequence: UInt64) {
    self.member = member
    self.sequence = sequence
  }
  /// `member/sequence`.
  public var description: String { "\(member)/\(sequence)" }
}

/// Names one linearizable read on the member that it was asked of.
public struct ReadID: RawRepresentable, Hashable, Sendable {
  /// The number; unique among the member's waiting reads.
  public var rawValue: UInt64
  /// Makes an ID from its number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}
