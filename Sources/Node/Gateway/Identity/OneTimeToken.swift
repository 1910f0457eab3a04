import CloudState

/// A secret that is good for one thing, once: it is sent to a person, and only its hash is kept.
struct OneTimeToken: Sendable {
  enum Purpose: String, CaseIterable, Sendable {
    case passwordReset = "clp_"
    case invitation = "cli_"
    case emailVerification = "clv_"
  }

  private static let length = 32

  /// The whole token.
  let text: String

  /// The token of a request, with 256 random bits.
  init(_ purpose: Purpose, from seed: RequestSeed) {
    text =
      purpose.rawValue + Random.hexadecimal(seed.bytes(Self.length, for: "token \(purpose)"))
  }

  /// Reads a token; nothing for any other text.
  init?(_ purpose: Purpose, _ text: String) {
    let prefix = purpose.rawValue
    guard text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + 2 * Self.length else {
      return nil
    }
    self.text = text
  }

  /// What is stored of it.
  var hash: SecretHash { ClusterSecrets.hash(of: text) }
}
