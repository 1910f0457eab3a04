import CloudClient
import Foundation

extension CredentialStore {
  /// What is left of a token's time must be enough for a command.
  private static let margin: TimeInterval = 30

  /// Keeps what a login, or the renewal of one, was answered.
  @discardableResult
  func keep(_ tokens: Tokens, of email: String, at now: Date = Date()) throws -> Credentials {
    let credentials = Credentials(
      email: email, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken,
      refreshKey: UUID().uuidString,
      expiresAt: now.addingTimeInterval(TimeInterval(tokens.expiresIn)))
    try save(credentials)
    return credentials
  }

  /// The last login's access token, renewed if it has run out; nil if there was no login.
  ///
  /// A refresh token is good once, and its key is in the file before it is used: a command that was
  /// interrupted, or runs beside another one, gets the same new tokens by it.
  func accessToken(_ client: CloudClient, at now: Date = Date()) async throws -> String? {
    guard let kept = try load() else { return nil }
    guard kept.expiresAt < now.addingTimeInterval(Self.margin),
      let refreshToken = kept.refreshToken, let key = kept.refreshKey
    else { return kept.accessToken }
    do {
      let tokens = try await client.with(idempotencyKey: key).refresh(refreshToken)
      return try keep(tokens, of: kept.email, at: now).accessToken
    } catch let error as CloudError where error.code == .unauthenticated {
      throw CommandFailure(
        status: .refused,
        message: "the login of \(kept.email) has ended; log in with `clean-ctl login \(kept.email)`"
      )
    }
  }
}
