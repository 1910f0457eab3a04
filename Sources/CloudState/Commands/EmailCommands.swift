/// Has a token sent to the user's own address. By a user with a session, whose address is not proven yet.
/// Refused with ``Rejection/rateLimited(until:)`` if the user has asked for
/// enough of them.
public struct RequestEmailVerification: Hashable, Sendable {
  /// The hash of the token.
  public var tokenHash: SecretHash

  /// Proposes a token.
  public init(tokenHash: SecretHash) {
    self.tokenHash = tokenHash
  }
}

extension RequestEmailVerification: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .requestEmailVerification(self) }
  /// Where the token goes.
  public static func success(of effect: Effect) -> EmailVerification? {
    if case .emailVerificationRequested(let verification) = effect { verification } else { nil }
  }
}

/// Proves the user's address with the token that was sent there.
///
/// By the user it is about, with a session: the token alone would let whoever reads the mail, and wonders
/// what it is about, confirm the account of a stranger who has registered with their address.
public struct VerifyEmail: Hashable, Sendable {
  /// The hash of the token.
  public var tokenHash: SecretHash

  /// Proposes a proof.
  public init(tokenHash: SecretHash) {
    self.tokenHash = tokenHash
  }
}

extension VerifyEmail: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .verifyEmail(self) }
  /// Whose address it is.
  public static func success(of effect: Effect) -> UserID? {
    if case .emailVerified(let id) = effect { id } else { nil }
  }
}
