/// What ended together with somebody's role: whoever may know a secret must be able to make it anew.
public struct EndedSecrets: Hashable, Sendable {
  /// The API keys, in the order of their names.
  public var keys: [APIKeyID] = []
  /// The invitations, in the order of their names.
  public var invitations: [InvitationID] = []
}
