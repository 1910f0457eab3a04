/// Opens a session for a user whose password was found right. By that user.
public struct OpenSession: Hashable, Sendable {
  /// Whose.
  public var userID: UserID
  /// The session.
  public var session: NewSession
  /// The hash that the password was compared with: if the user has another one by now, the password
  /// was changed meanwhile and is worth nothing.
  public var passwordHash: String
  /// Where the attempt was counted that succeeded: it gets it back, and is familiar from now on.
  public var network: AttemptSubject?

  /// Proposes a session.
  public init(
    userID: UserID, session: NewSession, passwordHash: String, network: AttemptSubject? = nil
  ) {
    self.userID = userID
    self.session = session
    self.passwordHash = passwordHash
    self.network = network
  }
}

extension OpenSession: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .openSession(self) }
  /// The session.
  public static func success(of effect: Effect) -> Session? {
    if case .sessionOpened(let session) = effect { session } else { nil }
  }
}

/// Renews a session with a refresh token that was found genuine. By the session.
///
/// A refresh token is good once. If one comes again, it was copied: nobody can tell whether the owner or
/// the thief came first, so the session ends for both (RFC 9700 §4.14.2).
public struct RefreshSession: Hashable, Sendable {
  /// Which.
  public var id: SessionID
  /// The generation of the refresh token.
  public var generation: Int64

  /// Proposes a renewal.
  public init(id: SessionID, generation: Int64) {
    self.id = id
    self.generation = generation
  }
}

/// What came of a refresh token.
public enum SessionRefresh: Hashable, Sendable {
  /// The session, with its new generation.
  case renewed(Session)
  /// The token had been used before: the session has ended.
  case reused(Session)
}

extension RefreshSession: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .refreshSession(self) }
  /// What came of the token.
  public static func success(of effect: Effect) -> SessionRefresh? {
    switch effect {
    case .sessionRenewed(let session): .renewed(session)
    case .sessionReused(let session): .reused(session)
    default: nil
    }
  }
}

/// Ends a session, or all of its user's. By that user. To anybody else it does not exist.
public struct CloseSession: Hashable, Sendable {
  /// Which.
  public var id: SessionID
  /// Whether all others of the user end, too.
  public var everywhere: Bool

  /// Proposes an end.
  public init(id: SessionID, everywhere: Bool = false) {
    self.id = id
    self.everywhere = everywhere
  }
}

extension CloseSession: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .closeSession(self) }
  /// How many sessions ended.
  public static func success(of effect: Effect) -> Int64? {
    if case .sessionsClosed(let count) = effect { count } else { nil }
  }
}
