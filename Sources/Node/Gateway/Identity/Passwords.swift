/// Hashes and checks passwords on threads of their own, a few at a time: each takes 32 MiB.
struct Passwords: Sendable {
  /// Bytes of UTF-8 that a password may have; the upper bound keeps hashing it cheap to refuse.
  static let length = 8...1024

  private static let threads = 2
  /// About two seconds of waiting.
  private static let queueLimit = 32

  private let pool = BlockingPool(
    name: "scrypt", threads: Self.threads, queueLimit: Self.queueLimit, niceness: 5)
  /// Compared where there is no user, so that one who asks cannot tell from the time.
  private let nobody: PasswordHash

  init() throws(Scrypt.Refused) {
    nobody = try PasswordHash(password: Random.hexadecimal(bytes: 16))
  }

  var load: (waiting: Int, running: Int) { pool.load }

  func hash(_ password: String) async throws -> String {
    try await pool.run { try PasswordHash(password: password).description }
  }

  /// Whether the password belongs to the stored hash. Without one it is wrong, after the same time.
  func check(_ password: String, against stored: String?) async throws -> Bool {
    let hash = stored.flatMap(PasswordHash.init)
    return try await pool.run { [nobody] in
      try (hash ?? nobody).matches(password) && hash != nil
    }
  }
}
