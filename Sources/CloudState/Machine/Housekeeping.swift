// What has no more use: removed in bounded steps, which do not stall the log. Whether a thing still
// holds is asked wherever it is used, so nothing but the size of the state depends on it.

extension Transition {
  func keepHouse(_ command: KeepHouse) throws -> Effect {
    guard case .node = actor else { throw Rejection.forbidden(.operateCluster) }
    try Rejection.requireRange(command.limit, 1...StateLimits.rowsRemovedAtOnce, field: "limit")
    let chores: [(_ limit: Int64) throws -> Int] = [
      { try RequestTable(connection: connection).forgetExpired(at: now, limit: $0) },
      { try returnExpiredReservations(limit: $0) },
      { try settleExpiredLeases(limit: $0) },
      { try forgetCallCounts(limit: $0) },
      { try retireKeys(limit: $0) },
      { try removeLeftBehind(limit: $0) },
      { try AuditLog(connection: connection).forgetExpired(at: now, limit: $0) },
      { try forgetExpiredSessions(limit: $0) },
      { try forgetAttempts(limit: $0) },
      { try forgetPasswordResets(limit: $0) },
      { try forgetInvitations(limit: $0) },
      { try forgetSigningKeys(limit: $0) },
    ]
    var left = command.limit
    for chore in chores where left > 0 { left -= Int64(try chore(left)) }
    return .houseKept(command.limit - left)
  }
}

extension StateView {
  /// Whether ``KeepHouse`` would find anything to remove, at the later of this time and the state's.
  public func houseIsDue(at time: Timestamp) throws -> Bool {
    let now = max(time, position.clock)
    return try connection.first(
      """
      SELECT EXISTS (SELECT 1 FROM requests WHERE expires_at <= ?1)
        OR EXISTS (SELECT 1 FROM reservations WHERE expires_at <= ?1)
        OR EXISTS (
          SELECT 1 FROM api_keys WHERE revoked_at IS NULL AND expires_at IS NOT NULL
            AND expires_at <= ?1)
        OR EXISTS (SELECT 1 FROM api_keys WHERE revoked_at IS NOT NULL AND revoked_at <= ?4)
        OR EXISTS (SELECT 1 FROM deleted_workspaces)
        OR EXISTS (SELECT 1 FROM audit WHERE at <= ?2)
        OR EXISTS (SELECT 1 FROM call_leases WHERE expires_at <= ?1)
        OR EXISTS (SELECT 1 FROM call_usage WHERE day < ?3)
        OR EXISTS (SELECT 1 FROM sessions WHERE expires_at <= ?1)
        OR EXISTS (SELECT 1 FROM attempts WHERE full_at <= ?1)
        OR EXISTS (SELECT 1 FROM password_resets WHERE expires_at <= ?1)
        OR EXISTS (SELECT 1 FROM invitations WHERE expires_at <= ?1)
        OR EXISTS (SELECT 1 FROM signing_keys WHERE retired_at <= ?5)
      """, now, AuditLog.oldest(at: now), Transition.oldestCallDay(at: now),
      Transition.oldestRevocation(at: now), SigningKey.lastUse(at: now)
    ) { $0.integer(0) != 0 } ?? false
  }
}
