/// Gives a user a new password. Needs a session of the user's, which goes on; all others end, and so do
/// open resets.
public struct ChangePassword: Hashable, Sendable {
  /// The hash that the present password was compared with.
  public var current: String
  /// The hash of the new one.
  public var new: String

  /// Proposes a password.
  public init(current: String, new: String) {
    self.current = current
    self.new = new
  }
}

extension ChangePassword: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .changePassword(self) }
  /// Whose it is.
  public static func success(of effect: Effect) -> UserID? {
    if case .passwordChanged(let id) = effect { id } else { nil }
  }
}

/// Keeps a password in another form, such as a costlier hash. By the user who just showed it.
public struct UpgradePasswordHash: Hashable, Sendable {
  /// Whose.
  public var userID: UserID
  /// The hash until now.
  public var current: String
  /// Another hash of the same password.
  public var new: String

  /// Proposes a hash.
  public init(userID: UserID, current: String, new: String) {
    self.userID = userID
    self.current = current
    self.new = new
  }
}

extension UpgradePasswordHash: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .upgradePasswordHash(self) }
  /// Whose it is.
  public static func success(of effect: Effect) -> UserID? {
    if case .passwordHashUpgraded(let id) = effect { id } else { nil }
  }
}

/// Lets a user without the password set it anew with a token. By anybody who names an address, who does
/// not learn whether there is such a user, or by an operator.
public struct RequestPasswordReset: Hashable, Sendable {
  /// Whose.
  public var subject: Subject
  /// The hash of the token.
  public var tokenHash: SecretHash

  /// How a user is named.
  public enum Subject: Hashable, Sendable {
    /// By an address, which may be nobody's.
    case email(String)
    /// By an operator.
    case user(UserID)
  }

  /// Proposes a token.
  public init(subject: Subject, tokenHash: SecretHash) {
    self.subject = subject
    self.tokenHash = tokenHash
  }
}

extension RequestPasswordReset: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .requestPasswordReset(self) }
  /// Where the token goes; no reset if there is no such user, or the user has enough tokens.
  public static func success(of effect: Effect) -> (reset: PasswordReset?, isMade: Bool)? {
    if case .passwordResetRequested(let reset) = effect { (reset, reset != nil) } else { nil }
  }
}

/// Gives the owner of a reset token a new password. All sessions of the user and all other tokens end.
public struct ResetPassword: Hashable, Sendable {
  /// The hash of the token.
  public var tokenHash: SecretHash
  /// The hash of the new password.
  public var passwordHash: String
  /// Where the owner is.
  public var network: AttemptSubject?

  /// Proposes a password.
  public init(tokenHash: SecretHash, passwordHash: String, network: AttemptSubject? = nil) {
    self.tokenHash = tokenHash
    self.passwordHash = passwordHash
    self.network = network
  }
}

extension ResetPassword: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .resetPassword(self) }
  /// Whose it is.
  public static func success(of effect: Effect) -> UserID? {
    if case .passwordChanged(let id) = effect { id } else { nil }
  }
}
