import CloudState

/// The text of an API key: `clk_<key ID without prefix>_<secret>`, both in hexadecimal.
struct APIKeySecret: Sendable {
  static let prefix = "clk_"

  let id: APIKeyID
  private let secret: Substring

  /// The new key of a request, with 192 random bits.
  init(from seed: RequestSeed) {
    self.init(
      id: seed.identifier(), secret: Random.hexadecimal(seed.bytes(24, for: "API key"))[...])
  }

  private init(id: APIKeyID, secret: Substring) {
    self.id = id
    self.secret = secret
  }

  /// Reads a key; nothing for any other text.
  init?(_ text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count <= 256 else { return nil }
    let parts = text.dropFirst(Self.prefix.count).split(
      separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    self.init(id: APIKeyID(rawValue: "\(APIKeyKind.prefix)_\(parts[0])"), secret: parts[1])
    guard id.isWellFormed else { return nil }
  }

  /// The whole key, shown once.
  var text: String { "\(Self.prefix)\(Self.bare(id))_\(secret)" }

  /// What is stored of it.
  var hash: SecretHash { ClusterSecrets.hash(of: secret) }

  /// The first characters of a key, by which a person recognizes it.
  static func visiblePrefix(of id: APIKeyID) -> String {
    prefix + bare(id).prefix(8)
  }

  private static func bare(_ id: APIKeyID) -> Substring {
    id.rawValue.dropFirst(APIKeyKind.prefix.count + 1)
  }
}
