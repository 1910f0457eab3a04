import CloudState

/// What is done to one account several times in a row, so that bounds are met that single requests, spread over
/// all accounts, rarely meet.
struct Streak {
  private enum Kind { case guesses, resets }

  private let kind: Kind
  private let email: String
  private var done = 0
  /// Those of the mails that were asked for.
  private var tokens: [SecretHash] = []

  /// More than anybody may make at once.
  static func guesses(at email: String) -> Streak { Streak(kind: .guesses, email: email) }

  /// Mails are asked for until there are enough tokens. One is used, with which the others end: then there is
  /// room for tokens, but not for mail.
  static func resets(of email: String) -> Streak { Streak(kind: .resets, email: email) }

  private init(kind: Kind, email: String) {
    (self.kind, self.email) = (kind, email)
  }

  /// The next command, by nobody who is known; nil when it is over.
  mutating func next(_ name: String, token: SecretHash) -> Command? {
    done += 1
    switch (kind, done) {
    case (.guesses, ...13):
      return .countAttempt(CountAttempt(.password(of: .account(email)), from: nil))
    case (.resets, 5), (.resets, 6):
      return .resetPassword(
        ResetPassword(tokenHash: tokens[done - 5], passwordHash: "reset \(name)", network: nil))
    case (.resets, ...8):
      tokens.append(token)
      return .requestPasswordReset(RequestPasswordReset(subject: .email(email), tokenHash: token))
    default: return nil
    }
  }
}
