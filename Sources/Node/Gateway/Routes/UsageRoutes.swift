import CloudAPI
import CloudState

/// What can be used, what has been, and what was billed for it.
struct UsageRoutes: Sendable {
  let counter: CallCounter

  var routes: [Route] {
    [
      .query("/api/v1/usage", .permission(.read, in: .query), .getUsage, usage),
      .query("/api/v1/usage/ledger", .permission(.read, in: .query), .getLedger, Self.ledger),
      .perform(
        .post, "/api/v1/quotas/check", .permission(.read, in: .body), .checkQuota, judgedBy: .node,
        check
      ).uncounted,
    ]
  }

  private func usage(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let workspace = try call.requireWorkspace().workspace
    let now = call.replica.now(in: view)
    let month = try call.request.period ?? Month(containing: now)
    guard let rows = try view.rowUsage(of: workspace.id, in: month, now: now),
      let users = try view.userUsage(of: workspace.id)
    else { throw Failure.notFound("workspace") }
    let limits = try view.limits(of: workspace)
    return try .json(
      Usage(
        workspace: workspace, rows: rows,
        apiCalls: calls(of: workspace.id, limit: limits.maxAPICalls, at: now, in: view),
        users: users, datasets: .init(used: 0, limit: limits.maxDatasets.map(Int.init(clamping:)))))
  }

  private static func ledger(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let month =
      try call.request.period ?? Month(containing: call.replica.now(in: view))
    return try .page(
      view.ledger(
        of: call.requireWorkspace().workspace.id, in: month, after: call.request.pageCursor,
        limit: call.request.pageLimit), CloudAPI.LedgerRecord.init)
  }

  private func check(_ call: Call) async throws -> Answer {
    let workspace = try call.requireWorkspace().workspace
    let request = try QuotaCheckRequest(call.fields())
    let meter = try await call.replica.readBehindBarrier {
      (view: borrowing StateView) throws -> Usage.Meter in
      try self.meter(of: request.metric, workspace, at: call.replica.now(in: view), in: view)
    }
    return try .json(QuotaCheck(meter, count: request.count ?? 1))
  }

  private func meter(
    of metric: QuotaMetric, _ workspace: CloudState.Workspace, at now: Timestamp,
    in view: borrowing StateView
  ) throws -> Usage.Meter {
    let limits = try view.limits(of: workspace)
    switch metric {
    case .rows:
      guard let rows = try view.rowUsage(of: workspace.id, in: Month(containing: now), now: now)
      else { throw Failure.notFound("workspace") }
      return Usage.Meter(rows)
    case .apiCalls:
      return try calls(of: workspace.id, limit: limits.maxAPICalls, at: now, in: view)
    case .users:
      guard let users = try view.userUsage(of: workspace.id) else {
        throw Failure.notFound("workspace")
      }
      return Usage.Meter(users)
    default:
      return Usage.Meter(used: 0, limit: limits.maxDatasets.map(Int.init(clamping:)))
    }
  }

  /// What this node has let through since it told the cluster last is used and no longer in reserve;
  /// of other nodes that is not known here.
  private func calls(
    of workspaceID: WorkspaceID, limit: Int64?, at now: Timestamp, in view: borrowing StateView
  ) throws -> Usage.Meter {
    let day = Day(containing: now)
    guard let usage = try view.callUsage(of: workspaceID, on: day) else {
      throw Failure.notFound("workspace")
    }
    let here = min(counter.unsettled(of: workspaceID), usage.count.outstanding)
    return Usage.Meter(
      used: Int(clamping: usage.count.spent + here),
      reserved: Int(clamping: usage.count.outstanding - here),
      limit: limit.map(Int.init(clamping:)), resetsAt: day.end.date)
  }
}

extension APIRequest {
  /// The month that the caller asks about.
  fileprivate var period: Month? {
    get throws(Failure) {
      guard let text = query("period") else { return nil }
      guard let month = Month(text) else {
        throw .invalid("period", "must be a month such as 2026-01")
      }
      return month
    }
  }
}

extension QuotaMetric {
  static let all: [QuotaMetric] = [.rows, .apiCalls, .users, .datasets]
}

extension QuotaCheckRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    let metric = QuotaMetric(rawValue: fields.requiredString("metric"))
    if fields.errors.isEmpty, !QuotaMetric.all.contains(metric) {
      fields.reject(
        "metric", "must be one of \(QuotaMetric.all.map(\.rawValue).joined(separator: ", "))")
    }
    self.init(
      workspaceID: fields.string("workspace_id"), metric: metric,
      count: fields.integer("count", in: 1...Int(StateLimits.highestLimit)))
    try fields.finish()
  }
}

extension QuotaCheck {
  fileprivate init(_ meter: Usage.Meter, count: Int) {
    let used = meter.used + (meter.reserved ?? 0)
    let remaining = meter.limit.map { max(0, $0 - used) }
    self.init(
      allowed: remaining.map { count <= $0 } ?? true, used: used, limit: meter.limit,
      remaining: remaining, resetsAt: meter.resetsAt)
  }
}
