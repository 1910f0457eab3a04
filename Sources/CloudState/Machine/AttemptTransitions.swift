// Attempts of people who may be anybody, and the networks from which users have logged in.
//
// Were there one count for an account, anybody could keep its user out by guessing at it all day. So
// attempts from a network where the user has logged in lately have a count of their own, as those with a
// device cookie have in OWASP's scheme (Slow Down Online Guessing Attacks with Device Cookies); an API has
// no cookies, and a network is harder to steal. Only somebody within such a network can keep the user out
// there, and then the user comes in from any other.

/// A count that refills, and by how much.
struct AttemptBucket {
  let subject: AttemptSubject
  let limit: AttemptLimit
  var isOfAccount = false
}

extension Transition {
  func countAttempt(_ command: CountAttempt) throws -> Effect {
    // In this order: a network that made too many attempts must not use up what accounts have.
    for bucket in try connection.buckets(of: command, at: now) { try require(bucket) }
    return .attemptCounted
  }

  /// Counts one.
  ///
  /// - Throws: `Rejection.rateLimited` if nothing is left.
  func require(_ bucket: AttemptBucket) throws {
    if let until = try take(from: bucket) { throw Rejection.rateLimited(until: until) }
  }

  /// Counts one, if something is left.
  ///
  /// - Returns: Until when nothing is; nothing if it was counted.
  func take(from bucket: AttemptBucket) throws -> Timestamp? {
    let fullAt = try connection.fullAt(bucket, withOneLessAt: now)
    if let until = bucket.limit.wait(for: fullAt, at: now) { return until }
    try connection.run(
      """
      INSERT INTO attempts VALUES (?, ?)
      ON CONFLICT (subject) DO UPDATE SET full_at = excluded.full_at
      """, bucket.subject, fullAt)
    return nil
  }

  /// An attempt of this user's succeeded: it was none. Earlier ones from the same network count no longer,
  /// as NIST SP 800-63B §5.2.2 has it, but those of strangers do. The network is familiar from now on.
  func forgiveAttempt(of user: User, from network: AttemptSubject?) throws {
    let account = AttemptSubject.account(user.email)
    guard let network else { return try giveBack(to: account, .account) }
    try giveBack(to: network, .network)
    if try connection.isFamiliar(network, to: account, at: now) {
      try forgetAttempts(at: .familiar(account, from: network))
    } else {
      try giveBack(to: account, .account)
    }
    try makeFamiliar(network, to: user)
  }

  /// Attempts at a password that is no longer the user's.
  func forgiveAttempts(of user: User) throws {
    let account = AttemptSubject.account(user.email)
    try forgetAttempts(at: account)
    let networks = try connection.all(
      "SELECT network FROM familiar_networks WHERE account = ?", account
    ) { try $0.attemptSubject(0) }
    for network in networks { try forgetAttempts(at: .familiar(account, from: network)) }
  }

  /// Notes that the user was there; the network from which they have not come for longest gives way.
  func makeFamiliar(_ network: AttemptSubject, to user: User) throws {
    let account = AttemptSubject.account(user.email)
    try connection.run(
      """
      INSERT INTO familiar_networks VALUES (?, ?, ?)
      ON CONFLICT (account, network) DO UPDATE SET seen_at = excluded.seen_at
      """, account, network, now)
    try connection.run(
      """
      DELETE FROM familiar_networks WHERE account = ?1 AND network IN (
        SELECT network FROM familiar_networks WHERE account = ?1
        ORDER BY seen_at DESC, network DESC LIMIT -1 OFFSET ?2)
      """, account, StateLimits.familiarNetworks)
  }

  /// Where somebody was who had the account before its user.
  func forgetFamiliarNetworks(of user: User) throws {
    try connection.run(
      "DELETE FROM familiar_networks WHERE account = ?", AttemptSubject.account(user.email))
  }

  /// Those who have all their attempts again, a bounded number of them.
  func forgetAttempts(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM attempts WHERE subject IN (
        SELECT subject FROM attempts WHERE full_at <= ? ORDER BY full_at, subject LIMIT ?)
      """, now, limit)
  }

  /// Networks from which nobody has come for long, a bounded number of them.
  func forgetFamiliarNetworks(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM familiar_networks WHERE (account, network) IN (
        SELECT account, network FROM familiar_networks WHERE seen_at <= ?
        ORDER BY seen_at, account, network LIMIT ?)
      """, Transition.oldestFamiliarity(at: now), limit)
  }

  /// A network in which a user was last seen at this time or before is a stranger's again.
  static func oldestFamiliarity(at now: Timestamp) -> Timestamp {
    now.adding(milliseconds: -StateLimits.familiarityLength)
  }

  private func forgetAttempts(at subject: AttemptSubject) throws {
    try connection.run("DELETE FROM attempts WHERE subject = ?", subject)
  }

  private func giveBack(to subject: AttemptSubject, _ limit: AttemptLimit) throws {
    try connection.run(
      "UPDATE attempts SET full_at = full_at - ? WHERE subject = ?", limit.interval, subject)
  }
}

/// Why an attempt cannot be made.
public struct AttemptRefusal: Hashable, Sendable {
  /// When it can.
  public var until: Timestamp
  /// Whether there were too many at the account, and not only from the network.
  public var isOfAccount: Bool
}

extension StateView {
  /// How the state would refuse an attempt at the later of this time and its own; nothing if it would not.
  public func refusal(of command: CountAttempt, at time: Timestamp) throws -> AttemptRefusal? {
    let now = max(time, position.clock)
    for bucket in try connection.buckets(of: command, at: now) {
      let fullAt = try connection.fullAt(bucket, withOneLessAt: now)
      if let until = bucket.limit.wait(for: fullAt, at: now) {
        return AttemptRefusal(until: until, isOfAccount: bucket.isOfAccount)
      }
    }
    return nil
  }
}

extension Connection {
  fileprivate func buckets(of command: CountAttempt, at now: Timestamp) throws -> [AttemptBucket] {
    var buckets: [AttemptBucket] = []
    if let network = command.network {
      buckets.append(
        AttemptBucket(
          subject: command.attempt.bucket(of: network), limit: command.attempt.networkLimit))
    }
    if case .password(let account) = command.attempt {
      var subject = account
      if let network = command.network, try isFamiliar(network, to: account, at: now) {
        subject = .familiar(account, from: network)
      }
      buckets.append(AttemptBucket(subject: subject, limit: .account, isOfAccount: true))
    }
    return buckets
  }

  /// When a bucket will be full again if one attempt more is made.
  fileprivate func fullAt(
    _ bucket: AttemptBucket, withOneLessAt now: Timestamp
  ) throws -> Timestamp {
    let known = try first(
      "SELECT full_at FROM attempts WHERE subject = ?", bucket.subject
    ) { Timestamp($0, 0) }
    return max(known ?? now, now).adding(milliseconds: bucket.limit.interval)
  }

  /// Whether the user of an account was in a network lately.
  fileprivate func isFamiliar(
    _ network: AttemptSubject, to account: AttemptSubject, at now: Timestamp
  ) throws -> Bool {
    try first(
      "SELECT 1 FROM familiar_networks WHERE account = ? AND network = ? AND seen_at > ?", account,
      network, Transition.oldestFamiliarity(at: now)
    ) { _ in true } ?? false
  }
}

extension AttemptLimit {
  /// Until when there is no attempt left for a bucket that would be full again at `fullAt`.
  fileprivate func wait(for fullAt: Timestamp, at now: Timestamp) -> Timestamp? {
    let until = fullAt.adding(milliseconds: -burst * interval)
    return until <= now ? nil : until
  }
}
