import Crypto

/// The running digest: a fingerprint of every entry applied and what came of it, in order.
///
/// SHA-256 over the digest before, index, term, length of the command, command and outcome; the
/// first digest is 32 zero bytes. A cryptographic hash rather than a 64-bit one because the digest
/// is what tells a diverged member from a sound one: no input, chosen by whomever, may make two
/// histories look alike. With the CPU's SHA instructions it is a small part of applying a command.
struct StateDigest {
  static let start = [UInt8](repeating: 0, count: 32)

  private(set) var bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func extend(index: UInt64, term: UInt64, command: [UInt8], outcome: [UInt8]) {
    var header = bytes
    header.reserveCapacity(56)
    for number in [index, term, UInt64(command.count)] {
      withUnsafeBytes(of: number.littleEndian) { header.append(contentsOf: $0) }
    }
    var hash = SHA256()
    hash.update(data: header)
    hash.update(data: command)
    hash.update(data: outcome)
    bytes = Array(hash.finalize())
  }
}
