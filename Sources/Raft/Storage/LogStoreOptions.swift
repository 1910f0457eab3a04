extension LogStore {
  /// How a log is kept.
  public struct Options: Sendable {
    /// Whose log it is; a segment of another member is refused.
    public var member: MemberID
    /// The size that a segment is made with, less than 4 GiB. A record that is larger gets a segment
    /// of its own.
    public var segmentSize: Int
    /// Whether an empty directory is a new log. False once the member has an identity: then an empty
    /// directory means that its votes are lost.
    public var createsLog: Bool
    /// What to do about damage.
    public var onDamage: DamagePolicy

    /// Makes options.
    public init(
      member: MemberID, segmentSize: Int = 16 << 20, createsLog: Bool = true,
      onDamage: DamagePolicy = .refuse
    ) {
      self.member = member
      self.segmentSize = segmentSize
      self.createsLog = createsLog
      self.onDamage = onDamage
    }
  }

  /// What opening does about a log that has lost what was durable.
  public enum DamagePolicy: Hashable, Sendable {
    /// It throws `StorageError.damaged` and changes nothing.
    case refuse
    /// It keeps what stands before the damage and says so in `RecoveredLog.quarantine`: the owner must
    /// let the member vote and acknowledge only with that in mind. Throws nevertheless when the
    /// member's votes can't be known.
    case quarantine
  }
}
