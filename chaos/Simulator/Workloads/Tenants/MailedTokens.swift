import CloudState

/// Tokens that are mailed, which set a password or prove an address: each is good for a while, and nobody has more
/// than three of a kind; nor is anybody sent more than three at once, and one an hour from then on.
struct MailedTokens {
  /// For how many milliseconds one is good.
  let length: Int64
  private static let atOnce = 3

  private struct Token {
    var user: UserID
    var made: Int64
  }

  /// Those that are good.
  private var tokens: [SecretHash: Token] = [:]
  private var mails = LeakyBuckets<UserID>(burst: 3, interval: 3_600_000)

  mutating func expire(at clock: Int64) {
    tokens = tokens.filter { clock < $0.value.made + length }
  }

  init(length: Int64) { self.length = length }

  func owner(of token: SecretHash) -> UserID? { tokens[token]?.user }

  func hasRoom(for user: UserID) -> Bool { open(of: user).count < Self.atOnce }

  /// For how long no more may be mailed.
  func wait(of user: UserID, at clock: Int64) -> Int64 { mails.wait(of: user, at: clock) }

  /// Whether one more may be mailed, which is counted then.
  mutating func takeMail(to user: UserID, at clock: Int64) -> Bool {
    guard mails.wait(of: user, at: clock) == 0 else { return false }
    mails.add(user, at: clock)
    return true
  }

  /// The oldest go.
  mutating func makeRoom(for user: UserID) {
    for token in open(of: user).dropFirst(Self.atOnce - 1) { tokens[token] = nil }
  }

  mutating func make(_ token: SecretHash, for user: UserID, at clock: Int64) {
    tokens[token] = Token(user: user, made: clock)
  }

  mutating func endAll(of user: UserID) { tokens = tokens.filter { $0.value.user != user } }

  /// The newest first.
  private func open(of user: UserID) -> [SecretHash] {
    tokens.filter { $0.value.user == user }.sorted { left, right in
      left.value.made != right.value.made
        ? left.value.made > right.value.made
        : right.key.bytes.lexicographicallyPrecedes(left.key.bytes)
    }.map(\.key)
  }
}
