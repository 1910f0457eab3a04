import CloudAPI

extension Operation {
  static let register = Operation(
    "register", .auth, "Register and get a workspace",
    "Makes a user, and a workspace on the free plan with the user as its owner.",
    body: .json(RegisterRequest.self),
    answers: .created(Registration.self, "The user, the workspace and tokens to go on with."),
    errors: [ErrorAnswer(.conflict, "A user with this email address exists.")])

  static let logIn = Operation(
    "logIn", .auth, "Log in",
    body: .json(LoginRequest.self),
    answers: .ok(Tokens.self, "Tokens, good on every node."),
    errors: [ErrorAnswer(.unauthenticated, "The email address or the password is wrong.")])

  static let getIdentity = Operation(
    "getIdentity", .auth, "Who the credential stands for",
    "Says what it may do in the workspace that is named, or in the one that it works in.",
    parameters: [.workspace],
    answers: .ok(Identity.self, "Who calls, and what they may do."),
    errors: [ErrorAnswer(.notFound, "The workspace does not exist, or is another tenant's.")])
}
