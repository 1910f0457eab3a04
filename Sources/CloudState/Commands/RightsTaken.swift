extension Command {
  /// Whether somebody may be able to do less once it has taken effect. Nodes tell so only when it holds on
  /// all of them.
  public var takesRightsAway: Bool {
    switch self {
    case .changeRole, .removeMember, .revokeAPIKey, .rotateAPIKey, .deleteWorkspace,
      .registerAdminToken, .closeSession, .refreshSession, .changePassword, .resetPassword:
      true
    default:
      false
    }
  }
}
