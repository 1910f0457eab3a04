import Synchronization

/// Access tokens whose signature was found good. Checking an Ed25519 signature is a third of the cost
/// of a read, and a client sends the same token many times.
///
/// Bounded: tokens are kept in two generations; when the younger one is full it becomes the older one,
/// and what was not used since is forgotten.
final class VerifiedTokens: Sendable {
  private struct Generations {
    var younger: [String: AccessTokens.Token] = [:]
    var older: [String: AccessTokens.Token] = [:]
  }

  private let generations = Mutex(Generations())
  private let limit: Int

  /// - Parameter limit: Tokens in a generation.
  init(limit: Int = 10_000) { self.limit = limit }

  func token(of text: String) -> AccessTokens.Token? {
    generations.withLock { generations in
      if let token = generations.younger[text] { return token }
      guard let token = generations.older[text] else { return nil }
      Self.insert(token, of: text, into: &generations, limit: limit)
      return token
    }
  }

  func insert(_ token: AccessTokens.Token, of text: String) {
    generations.withLock {
      Self.insert(token, of: text, into: &$0, limit: limit)
    }
  }

  private static func insert(
    _ token: AccessTokens.Token, of text: String, into generations: inout Generations,
    limit: Int
  ) {
    if generations.younger.count >= limit {
      generations.older = generations.younger
      generations.younger = [:]
    }
    generations.younger[text] = token
  }
}
