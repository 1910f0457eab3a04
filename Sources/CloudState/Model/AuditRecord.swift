/// One line of the audit log: who did what, to what, from where, and what came of it.
public struct AuditRecord: Hashable, Sendable {
  /// From the log index of the command: later ones are higher.
  public var id: Int64
  /// In which workspace; nothing for what concerns the cluster or a user.
  public var workspaceID: WorkspaceID?
  /// When, by the state's clock.
  public var at: Timestamp
  /// What kind of actor it was.
  public var actorKind: ActorKind
  /// The key, user, operator or node; empty for nobody known.
  public var actorID: String
  /// The user, also where a key acted for one, or whose account it was about if nobody is known to have
  /// acted.
  public var userID: UserID?
  /// What was done, as `subject.verb`.
  public var action: String
  /// To what.
  public var target: String
  /// What came of it.
  public var outcome: Outcome
  /// From where.
  public var origin: Origin

  /// See ``Actor``.
  public enum ActorKind: String, Sendable, CaseIterable {
    /// Somebody not known yet.
    case anonymous
    /// A node for itself.
    case node
    /// The bearer of an admin token.
    case `operator`
    /// A user.
    case user
    /// An API key.
    case apiKey = "api_key"
  }

  /// How it ended.
  public enum Outcome: String, Sendable, CaseIterable {
    /// It was done.
    case done
    /// It was refused: a member of the workspace lacked the permission, or an attempt at an account failed.
    case denied
  }
}

extension AuditRecord {
  /// The name of one of the records that a command leaves, of which there are up to
  /// ``StateLimits/denialsAtOnce``.
  static func id(of index: UInt64, number: Int = 0) -> Int64 {
    Int64(bitPattern: index) * Int64(StateLimits.denialsAtOnce) + Int64(number)
  }
}
