import Foundation

/// A password as it is stored: `$scrypt$ln=15,r=8,p=3$SALT$KEY`, salt and key in base64. The
/// parameters stand with it, so that they can be raised while old hashes remain readable.
struct PasswordHash: Hashable, Sendable {
  private static let saltLength = 16
  private static let keyLength = 32

  var function: Scrypt
  var salt: [UInt8]
  var key: [UInt8]

  /// Hashes a password with a new salt. Takes about three tenths of a second.
  init(password: String, function: Scrypt = .passwords) throws(Scrypt.Refused) {
    self.function = function
    salt = Random.bytes(Self.saltLength)
    key = try function.derive(
      password: Array(password.utf8), salt: salt, length: Self.keyLength)
  }

  /// Reads a stored hash; nothing for any other text.
  init?(_ text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
    var parameters: [Substring: Int] = [:]
    for parameter in parts[2].split(separator: ",") {
      let sides = parameter.split(separator: "=")
      guard sides.count == 2, let value = Int(sides[1]) else { return nil }
      parameters[sides[0]] = value
    }
    guard let logN = parameters["ln"], let r = parameters["r"], let p = parameters["p"],
      let salt = Data(base64Encoded: String(parts[3])),
      let key = Data(base64Encoded: String(parts[4])), !key.isEmpty
    else { return nil }
    function = Scrypt(logN: logN, r: r, p: p)
    guard function.isBounded else { return nil }
    self.salt = Array(salt)
    self.key = Array(key)
  }

  /// Whether it is the hash of `password`. Takes as long as making it did, whatever the answer.
  func matches(
    _ password: String, by derive: Scrypt.Derivation = Scrypt.derive
  ) throws(Scrypt.Refused) -> Bool {
    let other = try derive(function)(Array(password.utf8), salt, key.count)
    var difference: UInt8 = 0
    for (left, right) in zip(key, other) { difference |= left ^ right }
    return difference == 0
  }
}

extension PasswordHash: CustomStringConvertible {
  /// The text to store.
  var description: String {
    "$scrypt$ln=\(function.logN),r=\(function.r),p=\(function.p)"
      + "$\(Data(salt).base64EncodedString())$\(Data(key).base64EncodedString())"
  }
}
