import CloudAPI
import CloudState

extension CloudAPI.Plan: WireType {
  static let schema = Schema.object(
    "Plan", "What a workspace may use. Null stands for unlimited, or by agreement.",
    [
      .required("name", .planName, "The plan's name."),
      .required("rows_per_month", .count.orNull, "Rows a calendar month."),
      .required("api_calls_per_day", .count.orNull, "API calls a calendar day."),
      .required("max_users", .count.orNull, "Users of a workspace."),
      .required(
        "price_per_month_cents", .count.orNull,
        "The price of a month, in hundredths of the currency's unit."),
      .required(
        "features", .list(of: .text),
        "What is included: `basic_analysis` (all detectors but label errors) or `all`."),
    ])

  static var example: CloudAPI.Plan {
    CloudAPI.Plan(
      name: "professional", rowsPerMonth: 1_000_000, apiCallsPerDay: 10_000, maxUsers: 10,
      pricePerMonthCents: 9_900, features: ["all"])
  }
}

extension Usage.Meter: WireType {
  static let schema = Schema.object(
    "Meter", "How much of one limit is used.",
    [
      .required("used", .count, "What counts against the limit."),
      .optional(
        "reserved", .count,
        "What running analyses hold; absent where nothing can be reserved."),
      .required("limit", .count.orNull, "The limit; null when there is none."),
      .optional(
        "resets_at", .time, "When `used` falls back to zero; absent where it does not."),
    ])

  static var example: Usage.Meter {
    Usage.Meter(used: 120_000, reserved: 9_000, limit: 1_000_000, resetsAt: Example.time)
  }
}

extension Usage: WireType {
  static let schema = Schema.object(
    "Usage", "What a workspace has used of its plan in a month.",
    [
      .required("workspace_id", .identifier(WorkspaceKind.self), "The workspace."),
      .required("plan", .planName, "The name of its plan."),
      .required("period", .month, "The calendar month, in UTC."),
      .required("rows", Meter.schema, "Rows analyzed in the month."),
      .required("users", Meter.schema, "Members, now."),
      .required("analyses", .count, "How many analyses finished in the month."),
    ])

  static var example: Usage {
    Usage(
      workspaceID: Example.workspace, plan: "professional", period: "2026-01", rows: .example,
      users: Meter(used: 3, limit: 10), analyses: 14)
  }
}
