/// Makes a new key sign access tokens from now on. The ones before still verify what they signed, unless
/// they are revoked. By an operator.
public struct RotateSigningKey: Hashable, Sendable {
  /// The `kid` of the new key.
  public var id: String
  /// The new key.
  public var privateKey: [UInt8]
  /// Whether all keys before are worth nothing from now on, as after one of them was stolen.
  public var revokesPrevious: Bool

  /// Proposes a key.
  public init(id: String, privateKey: [UInt8], revokesPrevious: Bool = false) {
    self.id = id
    self.privateKey = privateKey
    self.revokesPrevious = revokesPrevious
  }
}

extension RotateSigningKey: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .rotateSigningKey(self) }
  /// When the key began to sign.
  public static func success(of effect: Effect) -> Timestamp? {
    switch effect {
    case .signingKeyRotated(let since), .signingKeysRevoked(let since): since
    default: nil
    }
  }
}
