import Synchronization

/// Access tokens whose signature was found good. Checking an Ed25519 signature is a third of the cost
/// of a read, and a client sends the same token many times.
///
/// Bounded: tokens are kept in two generations; when the younger one is full it becomes the older one,
/// and what was not used since is forgotten.
final class VerifiedTokens: Sendable {
  private struct Generations {
    var younger: [String: AccessTokens.Payload] = [:]
    var older: [String: AccessTokens.Payload] = [:]
  }

  private let generations = Mutex(Generations())
  private let limit: Int

  /// - Parameter limit: Tokens in a generation.
  init(limit: Int = 10_000) { self.limit = limit }

  func payload(of token: String) -> AccessTokens.Payload? {
    generations.withLock { generations in
      if let payload = generations.younger[token] { return payload }
      guard let payload = generations.older[token] else { return nil }
      Self.insert(payload, of: token, into: &generations, limit: limit)
      return payload
    }
  }

  func insert(_ payload: AccessTokens.Payload, of token: String) {
    generations.withLock {
      Self.insert(payload, of: token, into: &$0, limit: limit)
    }
  }

  private static func insert(
    _ payload: AccessTokens.Payload, of token: String, into generations: inout Generations,
    limit: Int
  ) {
    if generations.younger.count >= limit {
      generations.older = generations.younger
      generations.younger = [:]
    }
    generations.younger[token] = payload
  }
}
