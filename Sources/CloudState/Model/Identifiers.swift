/// What an ``Identifier`` names: its type, and the prefix that tells a reader which.
public protocol IdentifierKind: Sendable {
  /// The part before the underscore, `ws` for a workspace.
  static var prefix: String { get }
}

/// An opaque name of one kind of thing, such as `ws_4f1c…`.
///
/// Identifiers of different kinds are different types, so a user can never be looked up as a
/// workspace. Proposers make them from random bytes; the state machine only compares them.
public struct Identifier<Kind: IdentifierKind>: RawRepresentable, Hashable, Sendable {
  /// The whole text, prefix included.
  public let rawValue: String

  /// Takes any text, for instance from a URL. What is not well formed names nothing.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Makes the identifier of the given random bytes; 16 bytes make collisions unthinkable.
  public init(entropy: some Sequence<UInt8>) {
    rawValue = Kind.prefix + "_" + hexadecimal(entropy)
  }

  /// The right prefix, then 1 to 64 ASCII letters or digits: what a command may create.
  public var isWellFormed: Bool {
    let bytes = rawValue.utf8
    let lead = Kind.prefix.utf8.count + 1
    guard bytes.starts(with: Kind.prefix.utf8), bytes.dropFirst(lead - 1).first == UInt8(ascii: "_")
    else { return false }
    let tail = bytes.dropFirst(lead)
    return (1...64).contains(tail.count) && tail.allSatisfy(isASCIIAlphanumeric)
  }
}

extension Identifier: CustomStringConvertible {
  /// The whole text.
  public var description: String { rawValue }
}

/// Names a user.
public enum UserKind: IdentifierKind {
  /// `usr`
  public static let prefix = "usr"
}

/// Names a session.
public enum SessionKind: IdentifierKind {
  /// `ses`
  public static let prefix = "ses"
}

/// Names an invitation.
public enum InvitationKind: IdentifierKind {
  /// `inv`
  public static let prefix = "inv"
}

/// Names a workspace.
public enum WorkspaceKind: IdentifierKind {
  /// `ws`
  public static let prefix = "ws"
}

/// Names an API key.
public enum APIKeyKind: IdentifierKind {
  /// `key`
  public static let prefix = "key"
}

/// Names an analysis.
public enum AnalysisKind: IdentifierKind {
  /// `an`
  public static let prefix = "an"
}

/// Names a reservation of rows.
public enum ReservationKind: IdentifierKind {
  /// `rsv`
  public static let prefix = "rsv"
}

/// Names a lease of API calls.
public enum CallLeaseKind: IdentifierKind {
  /// `lse`
  public static let prefix = "lse"
}

/// `usr_…`
public typealias UserID = Identifier<UserKind>
/// `ses_…`
public typealias SessionID = Identifier<SessionKind>
/// `inv_…`
public typealias InvitationID = Identifier<InvitationKind>
/// `ws_…`
public typealias WorkspaceID = Identifier<WorkspaceKind>
/// `key_…`
public typealias APIKeyID = Identifier<APIKeyKind>
/// `an_…`
public typealias AnalysisID = Identifier<AnalysisKind>
/// `rsv_…`
public typealias ReservationID = Identifier<ReservationKind>
/// `lse_…`
public typealias CallLeaseID = Identifier<CallLeaseKind>

/// Names one request for ever: 16 random bytes (or the first 16 of a hash) chosen by the proposer.
///
/// A retry after an unknown outcome carries the same one, and so takes effect at most once.
public struct RequestID: Hashable, Sendable {
  /// Exactly 16 bytes.
  public let bytes: [UInt8]

  /// Nothing unless there are exactly 16 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == 16 else { return nil }
  }
}

/// What a request is: 16 bytes of a keyed hash over all that makes it this one and no other.
public struct RequestFingerprint: Hashable, Sendable {
  /// Exactly 16 bytes.
  public let bytes: [UInt8]

  /// Nothing unless there are exactly 16 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == 16 else { return nil }
  }
}

/// What the secrets of a request are made of besides the request itself: random, and remembered for as long
/// as the request's outcome, so that a repetition yields the same ones and none that comes later.
public struct RequestSalt: Hashable, Sendable {
  /// Exactly 16 bytes.
  public let bytes: [UInt8]

  /// Nothing unless there are exactly 16 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == 16 else { return nil }
  }
}

/// The SHA-256 of a secret with at least 128 bits of entropy: an API key or a token.
///
/// No salt and no stretching: what cannot be guessed need not be slowed down. Passwords are
/// different and are kept as a scrypt string.
public struct SecretHash: Hashable, Sendable {
  /// Exactly 32 bytes.
  public let bytes: [UInt8]

  /// Nothing unless there are exactly 32 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == 32 else { return nil }
  }

  /// Whether both are equal, in a time that does not depend on where they differ.
  public func matches(_ other: SecretHash) -> Bool {
    var difference: UInt8 = 0
    for (left, right) in zip(bytes, other.bytes) { difference |= left ^ right }
    return difference == 0
  }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

func isASCIIAlphanumeric(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}
