import CloudState
import Crypto

/// All that is random about one request: identifiers, secrets, and the names of its commands.
///
/// For a request with an `Idempotency-Key` everything is derived from that key, so each repetition, on
/// whatever node, proposes the same commands. The state then answers with what came of the first ones, and
/// the handler renders the same answer from it, secrets included, without any of them being kept.
///
/// Keys are chosen by callers, strangers among them, and the state forgets them after a day. So identifiers
/// and secrets depend on the whole request: another request with the same key, such as a password reset of
/// somebody else, has nothing in common with the first. And secrets depend on a salt that the state remembers
/// with what came of the request: once that is forgotten, the very same request yields others, and what was
/// used up, taken back or overheard stays worthless.
struct RequestSeed: Sendable {
  /// Names commands, so that another request with the same key meets what came of the first.
  private let naming: SymmetricKey
  /// Yields identifiers.
  private var key: SymmetricKey
  /// Besides the key, what secrets are made of; nothing where the key is random itself.
  private(set) var salt: RequestSalt?

  /// Of a request that is like no other.
  init() {
    naming = SymmetricKey(size: .bits256)
    key = naming
  }

  /// Of all requests of one caller with the same key.
  ///
  /// - Parameter secret: The cluster's, so that nobody outside can compute what a key will yield.
  init(_ idempotencyKey: String, of caller: String, secret: [UInt8]) {
    naming = SymmetricKey(
      data: HMAC<SHA256>.authenticationCode(
        for: Array("idempotency\0\(caller)\0\(idempotencyKey)".utf8),
        using: SymmetricKey(data: secret)))
    key = naming
  }

  /// Makes identifiers and secrets depend on the whole request.
  mutating func bind(to fingerprint: RequestFingerprint) {
    key = SymmetricKey(
      data: HMAC<SHA256>.authenticationCode(
        for: Array("content\0".utf8) + fingerprint.bytes, using: naming))
  }

  /// Makes secrets depend on what nobody can send again.
  mutating func mix(in salt: RequestSalt) {
    self.salt = salt
  }

  /// Bytes for one purpose: always the same for the same purpose, and unrelated to those for any other.
  func bytes(_ count: Int, for purpose: String) -> [UInt8] {
    guard let salt else { return Self.expand(key, count, for: purpose) }
    let salted = SymmetricKey(
      data: HMAC<SHA256>.authenticationCode(for: Array("salt\0".utf8) + salt.bytes, using: key))
    return Self.expand(salted, count, for: purpose)
  }

  private static func expand(_ key: SymmetricKey, _ count: Int, for purpose: String) -> [UInt8] {
    HKDF<SHA256>.expand(
      pseudoRandomKey: key, info: Array(purpose.utf8), outputByteCount: count
    ).withUnsafeBytes { Array($0) }
  }

  func identifier<Kind>(for purpose: String = "id") -> Identifier<Kind> {
    Identifier(entropy: Self.expand(key, 16, for: "\(purpose) \(Kind.prefix)"))
  }

  /// A fingerprint of the parts of a request, none of which can be guessed from it.
  func fingerprint(of parts: [[UInt8]]) -> RequestFingerprint {
    var hash = HMAC<SHA256>(key: naming)
    for part in parts {
      withUnsafeBytes(of: UInt64(part.count).littleEndian) { hash.update(data: $0) }
      hash.update(data: part)
    }
    guard let fingerprint = RequestFingerprint(hash.finalize().prefix(16)) else {
      preconditionFailure("16 bytes make a fingerprint")
    }
    return fingerprint
  }

  func requestID(for purpose: String) -> RequestID {
    guard let id = RequestID(Self.expand(naming, 16, for: "request \(purpose)")) else {
      preconditionFailure("16 bytes make a request ID")
    }
    return id
  }
}
