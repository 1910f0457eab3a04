import CloudAPI

/// Changing and resetting passwords.
extension CloudClient {
  /// Changes the user's own password. All other sessions of the user end.
  public func changePassword(from current: String, to new: String) async throws(CloudError) {
    try await perform(
      "/api/v1/auth/password", ChangePasswordRequest(currentPassword: current, newPassword: new))
  }

  /// Asks for a mail with a reset token. Whether there is such a user is not said.
  public func requestPasswordReset(email: String) async throws(CloudError) {
    try await perform("/api/v1/auth/password-reset", PasswordResetRequest(email: email))
  }

  /// Sets a password by a reset token. All sessions of the user end.
  public func resetPassword(token: String, password: String) async throws(CloudError) {
    try await perform(
      "/api/v1/auth/password-reset/confirm",
      ConfirmPasswordResetRequest(token: token, password: password))
  }

  /// Makes a reset token for a user. Needs the admin token.
  public func createPasswordReset(
    userID: String
  ) async throws(CloudError) -> CreatedPasswordReset {
    try await post("/api/v1/users/\(userID.percentEncoded)/password-reset")
  }
}
