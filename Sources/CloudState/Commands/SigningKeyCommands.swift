/// Makes a new key sign access tokens from now on. The one before still verifies what it signed. By an
/// operator.
public struct RotateSigningKey: Hashable, Sendable {
  /// The `kid` of the new key.
  public var id: String
  /// The new key.
  public var privateKey: [UInt8]

  /// Proposes a key.
  public init(id: String, privateKey: [UInt8]) {
    self.id = id
    self.privateKey = privateKey
  }
}

extension RotateSigningKey: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .rotateSigningKey(self) }
  /// When the key began to sign.
  public static func success(of effect: Effect) -> Timestamp? {
    if case .signingKeyRotated(let since) = effect { since } else { nil }
  }
}
