import CloudAPI
import CloudState
import Crypto
import Foundation

/// One message to a person, as the operator's mailer gets it.
struct MailMessage: Encodable, Sendable {
  enum Kind: String, Encodable, Sendable {
    case passwordReset = "password_reset"
    case invitation
  }

  var kind: Kind
  var to: String
  var token: String
  var expiresAt: Date
  /// Where the person is invited to.
  var workspaceName: String?

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
