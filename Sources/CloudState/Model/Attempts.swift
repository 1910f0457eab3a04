import Crypto

/// For whom attempts at a password are counted, as the SHA-256 of a name: what strangers type, perhaps
/// a password in the wrong field, stands nowhere in clear.
public struct AttemptSubject: Hashable, Sendable {
  /// Exactly 32 bytes.
  public let bytes: [UInt8]

  /// Nothing unless there are exactly 32 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == 32 else { return nil }
  }

  private init(_ kind: String, _ name: String) {
    bytes = Array(SHA256.hash(data: Array("\(kind)\0\(name)".utf8)))
  }

  /// The account with an address, whether or not there is one.
  public static func account(_ email: String) -> AttemptSubject {
    AttemptSubject("account", EmailAddress(email)?.normalised ?? email)
  }

  /// A client's network.
  public static func network(_ name: String) -> AttemptSubject {
    AttemptSubject("network", name)
  }
}

/// How many wrong passwords are too many: a bucket that refills, the generic cell rate algorithm (ITU-T
/// I.371, annex A) in its form of virtual scheduling.
public struct AttemptLimit: Hashable, Sendable {
  /// Attempts at once.
  public var burst: Int64
  /// Milliseconds until one more may be made.
  public var interval: Int64

  /// Ten mistakes in a row, then one in five minutes. Who guesses has 298 attempts the first day, where
  /// NIST SP 800-63B (§5.2.2) allows 100 without any pause; who is locked out by another's guesses
  /// waits five minutes and not for a person.
  public static let account = AttemptLimit(burst: 10, interval: 300_000)
  /// Fifty at once, then one in 15 seconds: a house full of people behind one address makes mistakes, and
  /// who tries one password on many accounts gets through 5,760 of them a day.
  public static let network = AttemptLimit(burst: 50, interval: 15_000)
}
