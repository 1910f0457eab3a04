public import CloudState
import Crypto

/// What a node makes for its cluster at the first start, in the form that the API reads it in.
public enum ClusterSecrets {
  /// A new key for signing access tokens: an Ed25519 private key as its 32 raw bytes (RFC 8032
  /// §5.1.5), and a random name for it. For `InitializeCluster`.
  public static func makeSigningKey() -> (id: String, privateKey: [UInt8]) {
    let key = Curve25519.Signing.PrivateKey()
    return ("sk_" + Random.hexadecimal(bytes: 8), Array(key.rawRepresentation))
  }

  /// The signing key of a request. Nobody is shown the private key, so a repetition need not know it, and
  /// nothing that leaks can tell it.
  static func signingKey(from seed: RequestSeed) -> (id: String, privateKey: [UInt8]) {
    ("sk_" + Random.hexadecimal(seed.bytes(8, for: "signing key ID")), makeSigningKey().privateKey)
  }

  /// What is stored of an admin token or of an API key's secret.
  public static func hash(of secret: some StringProtocol) -> SecretHash {
    guard let hash = SecretHash(SHA256.hash(data: Array(secret.utf8))) else {
      preconditionFailure("SHA-256 has 32 bytes")
    }
    return hash
  }
}
