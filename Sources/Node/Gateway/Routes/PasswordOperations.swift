import CloudAPI

extension Operation {
  static let changePassword = Operation(
    "changePassword", .auth, "Change one's password",
    "All other sessions of the user end; the caller's own goes on.",
    body: .json(ChangePasswordRequest.self),
    answers: .noContent("The new password holds."),
    errors: [
      ErrorAnswer(
        .invalidRequest, "`current_password` is not the password, or a field is at fault."),
      ErrorAnswer(.conflict, "The password was changed meanwhile."),
    ])

  static let requestPasswordReset = Operation(
    "requestPasswordReset", .auth, "Ask for a mail that resets a password",
    "The answer is the same whether or not there is such a user. A user has up to three mails an hour.",
    body: .json(PasswordResetRequest.self),
    answers: .accepted(
      "If there is such a user, and the operator has a mailer, a mail is on its way."))

  static let confirmPasswordReset = Operation(
    "confirmPasswordReset", .auth, "Set a password with a reset token",
    "The token is good once and for an hour. All sessions of the user end.",
    body: .json(ConfirmPasswordResetRequest.self),
    answers: .noContent("The new password holds."),
    errors: [ErrorAnswer(.invalidRequest, "The token is not valid, or the password is not taken.")])

  static let createPasswordReset = Operation(
    "createPasswordReset", .auth, "Make a reset token for a user",
    answers: .created(CreatedPasswordReset.self, "The token, this once; hand it to the user."),
    errors: [ErrorAnswer(.notFound, "There is no such user.")])
}
