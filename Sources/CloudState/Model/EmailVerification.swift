/// A token on its way to an address, which shows that whoever brings it reads the mail there.
public struct EmailVerification: Hashable, Sendable {
  /// Whose address it is said to be.
  public var userID: UserID
  /// Where the token goes.
  public var email: String
  /// The first moment at which it can no longer be used.
  public var expiresAt: Timestamp
}
