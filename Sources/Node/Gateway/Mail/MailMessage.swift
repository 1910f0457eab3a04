import CloudAPI
import CloudState
import Crypto
import Foundation

/// One message to a person, as the operator's mailer gets it.
struct MailMessage: Encodable, Sendable {
  enum Kind: String, Encodable, Sendable {
    case passwordReset = "password_reset"
    case invitation
    case emailVerification = "email_verification"
  }

  var kind: Kind
  var to: String
  var token: String
  var expiresAt: Date
  /// Where the person is invited to: what a stranger has named it, as much of it as can be shown.
  var workspaceName: String?

  init(
    kind: Kind, to: String, token: String, expiresAt: Date, workspaceName: String? = nil
  ) {
    self.kind = kind
    self.to = to
    self.token = token
    self.expiresAt = expiresAt
    self.workspaceName = workspaceName.map(Self.shown)
  }

  /// What tells it from all others, and tells nobody its token.
  var name: String {
    Random.hexadecimal(Array(SHA256.hash(data: Array("mail\0\(token)".utf8)).prefix(16)))
  }

  /// A name without what breaks lines or turns the direction of what stands beside it, and not too long
  /// to stand in a sentence. What else it says only its author knows.
  private static func shown(_ name: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
        .surrogate:
        continue
      default: shown.append(scalar)
      }
    }
    var text = String(shown)
    while text.unicodeScalars.count > longestName { text.removeLast() }
    return text
  }

  private static let longestName = 80

  enum CodingKeys: String, CodingKey {
    case kind, to, token
    case expiresAt = "expires_at"
    case workspaceName = "workspace_name"
  }
}

/// How a message says that it comes from this cluster: `t=<seconds>,v1=<hex>`, where the code is the
/// HMAC-SHA256 of the time, a dot and the body. Whoever compares the time with a clock keeps messages
/// from being sent twice by others.
enum MailSignature {
  static let header = "Clean-Signature"

  static func text(of body: [UInt8], at time: Timestamp, secret: String) -> String {
    let seconds = time.milliseconds / 1_000
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("\(seconds).".utf8) + body, using: SymmetricKey(data: Array(secret.utf8)))
    return "t=\(seconds),v1=\(Random.hexadecimal(Array(code)))"
  }
}
