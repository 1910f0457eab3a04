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

  /// Computes with given parameters.
  typealias Derivation =
    @Sendable (Scrypt) -> (
      _ password: [UInt8], _ salt: [UInt8], _ length: Int
    ) throws(Scrypt.Refused) -> [UInt8]

  /// OpenSSL refuses to compute with these parameters.
  struct Refused: Error {}

  /// Whether it is computed at all: up to 16 GiB, and no number overflows.
  var isBounded: Bool {
    (1...24).contains(logN) && (1...32).contains(r) && (1...16).contains(p)
  }

  /// In blocks that are mixed; the time is in proportion to it (RFC 7914 §5, §6).
  var work: Int { (1 << logN) * r * p }

  /// What is left to compute until as much was done as `whole` would have been, as nearly as blocks allow: to
  /// the last of them where both have the same `r`.
  func rest(of whole: Scrypt) -> [Scrypt] {
    var left = whole.work - work
    var steps: [Scrypt] = []
    for logN in stride(from: whole.logN, through: 1, by: -1) {
      let p = left / ((1 << logN) * whole.r)
      guard p > 0 else { continue }
      let step = Scrypt(logN: logN, r: whole.r, p: p)
      steps.append(step)
      left -= step.work
    }
    return steps
  }

  func derive(password: [UInt8], salt: [UInt8], length: Int) throws(Refused) -> [UInt8] {
    guard isBounded else { throw Refused() }
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
