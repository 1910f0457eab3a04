import CCrypto

/// The scrypt function (RFC 7914), from OpenSSL.
struct Scrypt: Hashable, Sendable {
  /// The cost: memory and time grow with it. `N` of the RFC is 2 to this power.
  var logN: Int
  /// The block size.
  var r: Int
  /// The parallelization.
  var p: Int

  /// 32 MiB and three tenths of a second: of the parameters that OWASP's password storage cheat sheet
  /// holds for equally strong, those that leave a bounded pool of threads most room.
  static let passwords = Scrypt(logN: 15, r: 8, p: 3)

  /// OpenSSL refuses to compute with these parameters.
  struct Refused: Error {}

  func derive(password: [UInt8], salt: [UInt8], length: Int) throws(Refused) -> [UInt8] {
    guard (1...24).contains(logN), (1...32).contains(r), (1...16).contains(p) else {
      throw Refused()
    }
    let n = UInt64(1) << UInt64(logN)
    // 128·N·r for the table and 128·r·p for the blocks (RFC 7914 §2), with room for OpenSSL's own.
    let memory = 128 * n * UInt64(r) + 128 * UInt64(r * p) + (1 << 20)
    var key = [UInt8](repeating: 0, count: length)
    let status = password.withUnsafeBytes { password in
      EVP_PBE_scrypt(
        password.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) }, password.count, salt,
        salt.count, n, UInt64(r), UInt64(p), memory, &key, key.count)
    }
    guard status == 1 else { throw Refused() }
    return key
  }
}
