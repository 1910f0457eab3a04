import CloudState
import Crypto

/// What renews a session, once: `clr_<session>_<generation>_<mac>`.
///
/// The code, HMAC-SHA256 over session and generation by a key of the session's own, tells a token that
/// was issued from one that was made up. So a token of an earlier generation is proof of a copy, and
/// nobody ends a session by guessing.
struct RefreshToken: Sendable {
  static let prefix = "clr_"

  let session: SessionID
  let generation: Int64
  private let code: [UInt8]

  /// The token of a session's generation.
  init(session: SessionID, generation: Int64, key: [UInt8]) {
    self.session = session
    self.generation = generation
    code = Array(
      HMAC<SHA256>.authenticationCode(
        for: Self.authenticated(session, generation), using: SymmetricKey(data: key)))
  }

  /// Reads a token; nothing for any other text.
  init?(_ text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count <= 256 else { return nil }
    let parts = text.dropFirst(Self.prefix.count).split(
      separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, let generation = Int64(parts[1]), generation > 0,
      let code = Random.bytes(hexadecimal: parts[2])
    else { return nil }
    session = SessionID(rawValue: "\(SessionKind.prefix)_\(parts[0])")
    self.generation = generation
    self.code = code
    guard session.isWellFormed else { return nil }
  }

  /// Whether it was issued for the session with this key. Takes the same time wherever it is wrong.
  func isGenuine(key: [UInt8]) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(
      code, authenticating: Self.authenticated(session, generation),
      using: SymmetricKey(data: key))
  }

  /// The whole token.
  var text: String {
    let bare = session.rawValue.dropFirst(SessionKind.prefix.count + 1)
    return "\(Self.prefix)\(bare)_\(generation)_\(Random.hexadecimal(code))"
  }

  private static func authenticated(_ session: SessionID, _ generation: Int64) -> [UInt8] {
    Array("refresh\0\(session.rawValue)\0\(generation)".utf8)
  }
}
