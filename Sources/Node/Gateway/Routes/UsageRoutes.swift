import CloudAPI
import CloudState

/// What can be used, and what has been.
struct UsageRoutes: Sendable {
  var routes: [Route] {
    [
      .query("/api/v1/plans", .anyone, .listPlans, Self.plans),
      .query("/api/v1/usage", .permission(.read, in: .query), .getUsage, Self.usage),
    ]
  }

  private static func plans(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    try .json(CloudAPI.Page(items: view.plans().map(CloudAPI.Plan.init)))
  }

  private static func usage(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let workspace = try call.requireWorkspace().workspace
    let now = max(Timestamp.now(), view.position.clock)
    let month: Month
    if let text = call.request.query("period") {
      guard let named = Month(text) else {
        throw Failure.invalid("period", "must be a month such as 2026-01")
      }
      month = named
    } else {
      month = Month(containing: now)
    }
    guard let rows = try view.rowUsage(of: workspace.id, in: month, now: now),
      let users = try view.userUsage(of: workspace.id)
    else { throw Failure.notFound("workspace") }
    return try .json(Usage(workspace: workspace, rows: rows, users: users))
  }
}
