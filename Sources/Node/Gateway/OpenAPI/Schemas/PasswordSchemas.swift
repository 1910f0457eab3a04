import CloudAPI
import CloudState

extension ChangePasswordRequest: WireType {
  static let schema = Schema.request(
    "ChangePasswordRequest", "A new password, and the old one.",
    [
      .required(
        "current_password", .text(0...Passwords.length.upperBound), "The password until now."),
      .required("new_password", .text(Passwords.length), "The password from now on."),
    ])

  static var example: ChangePasswordRequest {
    ChangePasswordRequest(currentPassword: "a long password", newPassword: "a longer password")
  }
}

extension PasswordResetRequest: WireType {
  static let schema = Schema.request(
    "PasswordResetRequest", "Who has forgotten the password.",
    [.required("email", .email, "The user's address.")])

  static var example: PasswordResetRequest { PasswordResetRequest(email: "ada@example.org") }
}

extension ConfirmPasswordResetRequest: WireType {
  static let schema = Schema.request(
    "ConfirmPasswordResetRequest", "A new password, and a token in place of the old one.",
    [
      .required("token", .text, "The token from the mail, or from the operator."),
      .required("password", .text(Passwords.length), "The password from now on."),
    ])

  static var example: ConfirmPasswordResetRequest {
    ConfirmPasswordResetRequest(token: Example.resetToken, password: "a longer password")
  }
}

extension ConfirmEmailVerificationRequest: WireType {
  static let schema = Schema.request(
    "ConfirmEmailVerificationRequest", "What was sent to one's address.",
    [.required("token", .text, "The token from the mail.")])

  static var example: ConfirmEmailVerificationRequest {
    ConfirmEmailVerificationRequest(token: Example.verificationToken)
  }
}

extension CreatedPasswordReset: WireType {
  static let schema = Schema.object(
    "CreatedPasswordReset", "A token that sets a user's password.",
    [
      .required("user_id", .identifier(UserKind.self), "The user's ID."),
      .required("token", .text(pattern: "^clp_[0-9a-f]{64}$"), "The token; it is not shown again."),
      .required("expires_at", .time, "When it runs out."),
    ])

  static var example: CreatedPasswordReset {
    CreatedPasswordReset(
      userID: Example.user, token: Example.resetToken,
      expiresAt: Example.time.addingTimeInterval(3_600))
  }
}
