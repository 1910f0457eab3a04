import CloudState

/// Random values from the system's cryptographic generator.
enum Random {
  static func bytes(_ count: Int) -> [UInt8] {
    // Each call of the generator is a system call that yields eight bytes.
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) {
        bytes.append(contentsOf: $0.prefix(count - bytes.count))
      }
    }
    return bytes
  }

  static func hexadecimal(bytes count: Int) -> String { hexadecimal(bytes(count)) }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Reads what ``hexadecimal(_:)`` writes, in either case; nothing for any other text.
  static func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  static func salt() -> RequestSalt {
    guard let salt = RequestSalt(bytes(16)) else { preconditionFailure("16 bytes make a salt") }
    return salt
  }

  static func requestID() -> RequestID {
    guard let id = RequestID(bytes(16)) else { preconditionFailure("16 bytes make a request ID") }
    return id
  }
}

extension Identifier {
  /// A new identifier that nothing else has: 128 random bits.
  static func random() -> Self {
    Self(entropy: Random.bytes(16))
  }
}
