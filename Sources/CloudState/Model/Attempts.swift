import Crypto

/// For whom attempts are counted, as the SHA-256 of a name: what strangers type, perhaps a password in the
/// wrong field, stands nowhere in clear.
public struct AttemptSubject: Hashable, Sendable {
  /// Exactly 32 bytes.
  public let bytes: [UInt8]

  /// Nothing unless there are exactly 32 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
    guard self.bytes.count == 32 else { return nil }
  }

  private init(_ kind: String, _ name: some Sequence<UInt8>) {
    bytes = Array(SHA256.hash(data: Array("\(kind)\0".utf8) + name))
  }

  /// The account with an address, whether or not there is one.
  public static func account(_ email: String) -> AttemptSubject {
    AttemptSubject("account", (EmailAddress(email)?.normalised ?? email).utf8)
  }

  /// A client's network.
  public static func network(_ name: String) -> AttemptSubject {
    AttemptSubject("network", name.utf8)
  }

  /// The workspaces that a user makes.
  static func workspaces(madeBy userID: UserID) -> AttemptSubject {
    AttemptSubject("workspaces", userID.rawValue.utf8)
  }

  /// The mails by which a user proves their address, for which nobody else can ask.
  static func verifications(for userID: UserID) -> AttemptSubject {
    AttemptSubject("verifications", userID.rawValue.utf8)
  }

  /// The mails to an address that reset a password, whoever asks.
  static func resets(to address: String) -> AttemptSubject {
    AttemptSubject("resets", (EmailAddress(address)?.normalised ?? address).utf8)
  }

  /// The invitations that are mailed to an address, whoever invites.
  static func invitations(to address: String) -> AttemptSubject {
    AttemptSubject("invitations to", (EmailAddress(address)?.normalised ?? address).utf8)
  }

  /// The invitations that a user has mailed.
  static func invitations(from userID: UserID) -> AttemptSubject {
    AttemptSubject("invitations from", userID.rawValue.utf8)
  }

  /// The invitations into a workspace that are mailed, whoever invites.
  static func invitations(into workspaceID: WorkspaceID) -> AttemptSubject {
    AttemptSubject("invitations into", workspaceID.rawValue.utf8)
  }

  /// An account, as it is tried from a network where its user has logged in.
  static func familiar(_ account: AttemptSubject, from network: AttemptSubject) -> AttemptSubject {
    AttemptSubject("familiar", account.bytes + network.bytes)
  }

  /// A network, as far as it tries one kind of thing.
  fileprivate static func network(_ network: AttemptSubject, trying kind: String) -> AttemptSubject
  {
    AttemptSubject(kind, network.bytes)
  }
}

/// What anybody may try, and nobody as often as they like.
public enum Attempt: Hashable, Sendable {
  /// The password of an account.
  case password(of: AttemptSubject)
  /// To register.
  case registration
  /// To have a mail sent that resets a password.
  case resetRequest
  /// To set a password with a token from such a mail.
  case resetConfirmation
  /// To accept an invitation.
  case acceptance
  /// To renew a session with a refresh token that turned out to be made up.
  case refresh
}

/// How many attempts are too many: a bucket that refills, the generic cell rate algorithm (ITU-T I.371,
/// annex A) in its form of virtual scheduling.
public struct AttemptLimit: Hashable, Sendable {
  /// Attempts at once.
  public var burst: Int64
  /// Milliseconds until one more may be made.
  public var interval: Int64

  /// Ten mistakes in a row, then one in five minutes. Strangers who guess at an account have 298 attempts
  /// the first day and 288 on any other, where NIST SP 800-63B (§5.2.2) allows 100 without any pause, and
  /// OWASP's ASVS (4.0, 2.2.1) 100 an hour. As many have those who guess from a network where the user has
  /// logged in, in each of up to ``StateLimits/familiarNetworks``.
  public static let account = AttemptLimit(burst: 10, interval: 300_000)
  /// Fifty at once, then one in 15 seconds: a house full of people behind one address makes mistakes, and
  /// who tries one password on many accounts gets through 5,760 of them a day.
  public static let network = AttemptLimit(burst: 50, interval: 15_000)
  /// Ten workspaces at once, then ten a day: who deletes one may make another, and does not have the quota of
  /// a new one for each that is used up.
  public static let workspaces = AttemptLimit(burst: 10, interval: 8_640_000)
  /// A team is invited in one go; who sends mail to strangers gets through 750 addresses a day.
  public static let invitations = AttemptLimit(burst: 30, interval: 120_000)
  /// What an address gets of one kind of mail, from all who ask for it together: three at once, then one an
  /// hour. More is a nuisance, and the sender's good name is the operator's.
  public static let mail = AttemptLimit(burst: 3, interval: 3_600_000)
}

extension Attempt {
  /// How often one network may try it. Each kind has its own count: a house in which many register may
  /// still log in.
  ///
  /// What these numbers bound is what an attempt costs the cluster (a hash, an account that stays, a mail
  /// to somebody), and what people do all at once who share an address: a class that registers, a company
  /// that is invited. Tokens cannot be guessed, however often.
  public var networkLimit: AttemptLimit {
    switch self {
    case .password, .refresh: .network
    case .registration: AttemptLimit(burst: 30, interval: 120_000)
    case .resetRequest, .resetConfirmation: AttemptLimit(burst: 20, interval: 60_000)
    case .acceptance: AttemptLimit(burst: 100, interval: 15_000)
    }
  }

  /// Where attempts of a network are counted.
  func bucket(of network: AttemptSubject) -> AttemptSubject {
    switch self {
    case .password: network
    case .registration: .network(network, trying: "registration")
    case .resetRequest: .network(network, trying: "reset request")
    case .resetConfirmation: .network(network, trying: "reset confirmation")
    case .acceptance: .network(network, trying: "acceptance")
    case .refresh: .network(network, trying: "refresh")
    }
  }
}
