import CloudAPI

/// Changing and resetting passwords, and proving addresses.
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

  /// Asks for another mail that proves the user's address; the first came when the user registered.
  public func requestEmailVerification() async throws(CloudError) {
    try await perform("/api/v1/auth/email-verification")
  }

  /// Proves the user's address with the token that was mailed there.
  public func verifyEmail(token: String) async throws(CloudError) {
    try await perform(
      "/api/v1/auth/email-verification/confirm", ConfirmEmailVerificationRequest(token: token))
  }

  /// Makes a reset token for a user. Needs the admin token.
  public func createPasswordReset(
    userID: String
  ) async throws(CloudError) -> CreatedPasswordReset {
    try await post("/api/v1/users/\(userID.percentEncoded)/password-reset")
  }
}
