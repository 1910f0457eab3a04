// What has no more use: removed in bounded steps, which do not stall the log. Whether a thing still
// holds is asked wherever it is used, so nothing but the size of the state depends on it.

/// A kind of thing that has no more use at some time.
private struct Chore: Sendable {
  /// Whether there is one, at a time.
  let isDue: @Sendable (Connection, Timestamp) throws -> Bool
  /// Removes so many of them at most, and says how many.
  let removal: @Sendable (Transition, _ limit: Int64) throws -> Int

  /// - Parameters:
  ///   - due: Finds one, given what `bound` makes of the time.
  init(
    _ due: StaticString, _ bound: @escaping @Sendable (Timestamp) -> Int64 = { $0.milliseconds },
    _ removal: @escaping @Sendable (Transition, _ limit: Int64) throws -> Int
  ) {
    isDue = { connection, now in
      try connection.first(due, bound(now)) { _ in true } ?? false
    }
    self.removal = removal
  }

  /// All of them, in the order in which they are done: that is part of the replicated behaviour.
  static let all = [
    Chore("SELECT 1 FROM requests WHERE expires_at <= ?") {
      try RequestTable(connection: $0.connection).forgetExpired(at: $0.now, limit: $1)
    },
    Chore("SELECT 1 FROM reservations WHERE expires_at <= ?") {
      try $0.returnExpiredReservations(limit: $1)
    },
    Chore("SELECT 1 FROM call_leases WHERE expires_at <= ?") {
      try $0.settleExpiredLeases(limit: $1)
    },
    Chore(
      "SELECT 1 FROM call_usage WHERE day < ?", { Transition.oldestCallDay(at: $0).ordinal }
    ) { try $0.forgetCallCounts(limit: $1) },
    Chore(
      """
      SELECT 1 FROM api_keys
      WHERE revoked_at IS NULL AND expires_at IS NOT NULL AND expires_at <= ?
      """
    ) { try $0.retireKeys(limit: $1) },
    Chore(
      "SELECT 1 FROM api_keys WHERE revoked_at IS NOT NULL AND revoked_at <= ?",
      { Transition.oldestRevocation(at: $0).milliseconds }
    ) { try $0.forgetRevokedKeys(limit: $1) },
    Chore("SELECT 1 FROM deleted_workspaces WHERE deleted_at <= ?") {
      try $0.removeLeftBehind(limit: $1)
    },
    Chore("SELECT 1 FROM audit WHERE at <= ?", { AuditLog.oldest(at: $0).milliseconds }) {
      try AuditLog(connection: $0.connection).forgetExpired(at: $0.now, limit: $1)
    },
    Chore("SELECT 1 FROM sessions WHERE expires_at <= ?") {
      try $0.forgetExpiredSessions(limit: $1)
    },
    Chore("SELECT 1 FROM attempts WHERE full_at <= ?") { try $0.forgetAttempts(limit: $1) },
    Chore(
      "SELECT 1 FROM familiar_networks WHERE seen_at <= ?",
      { Transition.oldestFamiliarity(at: $0).milliseconds }
    ) { try $0.forgetFamiliarNetworks(limit: $1) },
    Chore("SELECT 1 FROM password_resets WHERE expires_at <= ?") {
      try $0.forgetPasswordResets(limit: $1)
    },
    Chore("SELECT 1 FROM email_verifications WHERE expires_at <= ?") {
      try $0.forgetEmailVerifications(limit: $1)
    },
    Chore("SELECT 1 FROM invitations WHERE expires_at <= ?") {
      try $0.forgetInvitations(limit: $1)
    },
    Chore(
      "SELECT 1 FROM signing_keys WHERE retired_at <= ?",
      { SigningKey.lastUse(at: $0).milliseconds }
    ) { try $0.forgetSigningKeys(limit: $1) },
  ]
}

extension Transition {
  func keepHouse(_ command: KeepHouse) throws -> Effect {
    guard case .node = actor else { throw Rejection.forbidden(.operateCluster) }
    try Rejection.requireRange(command.limit, 1...StateLimits.rowsRemovedAtOnce, field: "limit")
    var left = command.limit
    for chore in Chore.all where left > 0 { left -= Int64(try chore.removal(self, left)) }
    return .houseKept(command.limit - left)
  }
}

extension StateView {
  /// Whether ``KeepHouse`` would find anything to remove, at the later of this time and the state's.
  public func houseIsDue(at time: Timestamp) throws -> Bool {
    let now = max(time, position.clock)
    for chore in Chore.all where try chore.isDue(connection, now) { return true }
    return false
  }
}
