import Crypto
import Foundation

/// What an operator's token must be like.
enum AdminToken {
  static let minimumCharacters = 16
  static let maximumBytes = 1_024

  /// 256 random bits, in letters that need no quoting anywhere.
  static func make() -> String {
    let secret = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
      Data(bytes).base64EncodedString()
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
    }
    return "cla_" + secret
  }

  /// Why a token can't be used, as the end of a sentence that it begins; nil when it can. The token
  /// itself is not in it.
  static func flaw(of token: String) -> String? {
    if token.count < minimumCharacters {
      return "must have at least \(minimumCharacters) characters"
    }
    if token.utf8.count > maximumBytes { return "must have at most \(maximumBytes) bytes" }
    // Credentials are told apart by how they begin.
    if token.hasPrefix("clk_") { return "must not begin with clk_, as API keys do" }
    if token.hasPrefix("eyJ") { return "must not begin with eyJ, as access tokens do" }
    if token.contains(where: \.isWhitespace) {
      return "must not have white space, which a request's header can't carry"
    }
    return nil
  }
}
