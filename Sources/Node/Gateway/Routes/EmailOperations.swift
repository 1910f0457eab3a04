import CloudAPI

extension Operation {
  static let requestEmailVerification = Operation(
    "requestEmailVerification", .auth, "Ask for a mail that proves one's address",
    "One was sent when the user registered. An address gets three mails at once and one an hour more, from "
      + "all who ask.",
    answers: .accepted("A mail is on its way."),
    errors: [ErrorAnswer(.conflict, "The address is proven, or the operator has no mailer.")])

  static let confirmEmailVerification = Operation(
    "confirmEmailVerification", .auth, "Prove one's address with a token",
    "The token is good once and for a day, for the user who was sent it. It needs a login: whoever reads a "
      + "mail that they did not ask for must not confirm the account of a stranger.",
    body: .json(ConfirmEmailVerificationRequest.self),
    answers: .noContent("The address is proven."),
    errors: [
      ErrorAnswer(.invalidRequest, "The token is not valid for this user."),
      ErrorAnswer(.conflict, "Somebody else has chosen the user's password: change it first."),
    ])
}
