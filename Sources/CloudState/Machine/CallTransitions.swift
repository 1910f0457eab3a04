// API calls: leased to nodes, then settled, or expired and so spent.
//
// The invariant of each workspace and day: `spent + outstanding` never exceeds the limit that was in
// force when the last lease was granted, and `outstanding` is the sum of the day's leases that are
// neither returned nor settled as expired.
extension Transition {
  /// A lease is at most this part of what is left. With as many nodes, those that hold some keep only
  /// a small part of a quota from one that has none.
  private static let smallestPart: Int64 = 64

  func leaseCalls(_ command: LeaseCalls) throws -> Effect {
    guard case .node = actor else { throw Rejection.forbidden(.operateCluster) }
    try Rejection.requireWellFormed(command.id, field: "lease_id")
    try Rejection.requireName(command.holder, field: "holder")
    try Rejection.requireRange(command.wanted, 1...StateLimits.callsPerLease, field: "wanted")
    try Rejection.requireRange(
      command.milliseconds, 1...StateLimits.callLeaseLength, field: "milliseconds")
    guard let workspace = try connection.workspace(command.workspaceID) else {
      throw Rejection.notFound(.workspace)
    }
    guard try connection.callLease(command.id) == nil else {
      throw Rejection.conflict(.identifierTaken)
    }
    // Changes no sum, only what the workspace is told of calls that may come back.
    try settleExpiredLeases(of: workspace.id)

    let day = Day(containing: now)
    let count = try connection.callCount(of: workspace.id, on: day)
    let limit = try connection.limits(of: workspace).maxAPICalls
    // A limit may have been lowered below what is taken.
    let remaining = limit.map { $0 - count.taken }
    if let limit, let remaining, remaining <= 0 {
      throw Rejection.quotaExceeded(
        QuotaExceeded(
          metric: .apiCalls, limit: limit, used: count.taken, resetsAt: day.end,
          held: count.outstanding))
    }
    let most = remaining.map { max(1, $0 / Self.smallestPart) } ?? .max
    let lease = CallLease(
      id: command.id, workspaceID: workspace.id, day: day, holder: command.holder,
      calls: min(command.wanted, most), expiresAt: now.adding(milliseconds: command.milliseconds))
    try connection.run(
      "INSERT INTO call_leases VALUES (?, ?, ?, ?, ?, ?)", lease.id, lease.workspaceID, lease.day,
      lease.holder, lease.calls, lease.expiresAt)
    try connection.run(
      """
      INSERT INTO call_usage VALUES (?, ?, 0, ?)
      ON CONFLICT (workspace_id, day) DO UPDATE SET outstanding = outstanding + excluded.outstanding
      """, lease.workspaceID, lease.day, lease.calls)
    return .callsLeased(CallGrant(lease: lease, limit: limit, used: count.taken + lease.calls))
  }

  func returnCalls(_ command: ReturnCalls) throws -> Effect {
    guard case .node = actor else { throw Rejection.forbidden(.operateCluster) }
    try Rejection.requireRange(
      Int64(command.returns.count), 1...StateLimits.returnsAtOnce, field: "returns")
    var settled: Int64 = 0
    for item in command.returns {
      guard let lease = try connection.callLease(item.id), now < lease.expiresAt else { continue }
      try Rejection.requireRange(item.spent, 0...lease.calls, field: "spent")
      try settle(lease, spent: item.spent)
      settled += 1
    }
    return .callsReturned(settled)
  }

  /// Settles the leases that expired longest ago, a bounded number of them.
  func settleExpiredLeases(limit: Int64) throws -> Int {
    let expired = try connection.all(
      "SELECT * FROM call_leases WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?", now, limit
    ) { CallLease($0) }
    for lease in expired { try settleExpired(lease) }
    return expired.count
  }

  /// Forgets the counts of days that nobody asks for any more.
  func forgetCallCounts(limit: Int64) throws -> Int {
    try connection.run(
      """
      DELETE FROM call_usage WHERE (workspace_id, day) IN (
        SELECT workspace_id, day FROM call_usage WHERE day < ? ORDER BY day, workspace_id LIMIT ?)
      """, Self.oldestCallDay(at: now), limit)
  }

  /// The first day whose counts are kept.
  static func oldestCallDay(at now: Timestamp) -> Day {
    Day(ordinal: Day(containing: now).ordinal - StateLimits.callDays)
  }

  private func settleExpiredLeases(of workspaceID: WorkspaceID) throws {
    let expired = try connection.all(
      """
      SELECT * FROM call_leases WHERE workspace_id = ? AND expires_at <= ?
      ORDER BY expires_at, id
      """, workspaceID, now
    ) { CallLease($0) }
    for lease in expired { try settleExpired(lease) }
  }

  /// How many calls its holder let through nobody can know any more. So all of them count.
  private func settleExpired(_ lease: CallLease) throws {
    try settle(lease, spent: lease.calls)
  }

  private func settle(_ lease: CallLease, spent: Int64) throws {
    try connection.run("DELETE FROM call_leases WHERE id = ?", lease.id)
    try connection.run(
      """
      UPDATE call_usage SET spent = spent + ?, outstanding = outstanding - ?
      WHERE workspace_id = ? AND day = ?
      """, spent, lease.calls, lease.workspaceID, lease.day)
  }
}
