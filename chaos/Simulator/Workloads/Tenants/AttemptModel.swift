import CloudState

/// How many attempts may be made: in no span of time more than the burst and what has been refilled in it.
/// It knows when attempts were made, and no bucket that fills.
struct AttemptModel {
  private static let day: Int64 = 86_400_000
  /// For how long after a login its network is not a stranger's.
  private static let familiarity = 90 * day

  /// What is counted together.
  private enum Count: Hashable {
    /// What a network tries of one kind.
    case network(AttemptSubject, kind: Int)
    /// The password of an account, by strangers.
    case account(AttemptSubject)
    /// By those who are where its user has logged in.
    case familiar(AttemptSubject, network: AttemptSubject)
  }

  /// So many at once, and one more after each interval.
  private struct Bound {
    var burst: Int
    var interval: Int64

    static let account = Bound(burst: 10, interval: 300_000)
  }

  /// When each attempt was made that counts, the oldest first.
  private var attempts: [Count: [Int64]] = [:]
  /// By account, when its user logged in where.
  private var logins: [AttemptSubject: [AttemptSubject: Int64]] = [:]

  // MARK: Attempts

  /// Until when an attempt must be refused; nil if it may be made.
  func refusal(of command: CountAttempt, at clock: Int64) -> Int64? {
    for (count, bound) in counts(of: command, at: clock) {
      let made = attempts[count, default: []]
      let until = made.indices.map { first in
        made[first] + Int64(made.count - first + 1 - bound.burst) * bound.interval
      }.max()
      if let until, clock < until { return until }
    }
    return nil
  }

  mutating func count(_ command: CountAttempt, at clock: Int64) {
    for (count, _) in counts(of: command, at: clock) { attempts[count, default: []].append(clock) }
  }

  /// That of the network comes first.
  private func counts(of command: CountAttempt, at clock: Int64) -> [(Count, Bound)] {
    var counts: [(Count, Bound)] = []
    if let network = command.network {
      let (kind, bound) = Self.kind(of: command.attempt)
      counts.append((.network(network, kind: kind), bound))
    }
    if case .password(let account) = command.attempt {
      counts.append((password(of: account, from: command.network, at: clock), .account))
    }
    return counts
  }

  private static func kind(of attempt: Attempt) -> (Int, Bound) {
    switch attempt {
    case .password: (0, Bound(burst: 50, interval: 15_000))
    case .registration: (1, Bound(burst: 30, interval: 120_000))
    case .resetRequest: (2, Bound(burst: 20, interval: 60_000))
    case .resetConfirmation: (3, Bound(burst: 20, interval: 60_000))
    case .acceptance: (4, Bound(burst: 100, interval: 15_000))
    case .refresh: (5, Bound(burst: 50, interval: 15_000))
    }
  }

  private func password(
    of account: AttemptSubject, from network: AttemptSubject?, at clock: Int64
  ) -> Count {
    guard let network, let login = logins[account]?[network], clock - login < Self.familiarity
    else { return .account(account) }
    return .familiar(account, network: network)
  }

  // MARK: What makes up for them

  /// A login succeeded: the attempt was none, and those before it from where the user had logged in.
  mutating func loggedIn(_ email: String, from network: AttemptSubject?, at clock: Int64) {
    let account = AttemptSubject.account(email)
    if let network { _ = attempts[.network(network, kind: 0)]?.popLast() }
    switch password(of: account, from: network, at: clock) {
    case .familiar(let account, let network):
      attempts[.familiar(account, network: network)] = nil
    case let count: _ = attempts[count]?.popLast()
    }
    isAt(network, email, at: clock)
  }

  /// Its user is there.
  mutating func isAt(_ network: AttemptSubject?, _ email: String, at clock: Int64) {
    if let network { logins[.account(email), default: [:]][network] = clock }
  }

  /// Nobody has tried the password that an account now has.
  mutating func forgive(_ email: String) {
    let account = AttemptSubject.account(email)
    attempts[.account(account)] = nil
    for network in logins[account, default: [:]].keys {
      attempts[.familiar(account, network: network)] = nil
    }
  }

  /// Whoever logged in so far may have been somebody else.
  mutating func forgetLogins(of email: String) { logins[.account(email)] = nil }
}
