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
        "What running analyses, or nodes that let calls through, hold; absent where nothing can be "
          + "reserved."),
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
      .required("api_calls", Meter.schema, "API calls of this day, in UTC."),
      .required("users", Meter.schema, "Members, now."),
      .required("datasets", Meter.schema, "Datasets kept, now."),
      .required("analyses", .count, "How many analyses finished in the month."),
    ])

  static var example: Usage {
    Usage(
      workspaceID: Example.workspace, plan: "professional", period: "2026-01", rows: .example,
      apiCalls: Meter(used: 700, reserved: 12, limit: 10_000, resetsAt: Example.time),
      users: Meter(used: 3, limit: 10), datasets: Meter(used: 0, limit: 100), analyses: 14)
  }
}

extension DefinePlanRequest: WireType {
  private static let limit = Schema.integer(0...StateLimits.highestLimit)

  static let schema = Schema.request(
    "DefinePlanRequest",
    "A plan, whole. A limit that is left out, or null, is unlimited; such a price is by agreement.",
    [
      .optional("rows_per_month", limit, "Rows a calendar month."),
      .optional("api_calls_per_day", limit, "API calls a calendar day."),
      .optional("max_users", .integer(1...StateLimits.highestLimit), "Users of a workspace."),
      .optional("max_datasets", limit, "Datasets kept."),
      .required(
        "retention_days", .integer(1...StateLimits.highestLimit),
        "How many days reports and datasets are kept."),
      .optional(
        "price_per_month_cents", limit,
        "The price of a month, in hundredths of the currency's unit."),
      .required(
        "features", .list(of: .word(choices), least: 1, most: 1),
        "What is included: `basic_analysis` (all detectors but label errors) or `all`."),
    ])

  static var example: DefinePlanRequest {
    DefinePlanRequest(
      rowsPerMonth: 200_000, apiCallsPerDay: 2_000, maxUsers: 5, maxDatasets: 50,
      retentionDays: 30, pricePerMonthCents: 2_900, features: ["all"])
  }
}

extension CloudAPI.LedgerRecord: WireType {
  static let schema = Schema.object(
    "LedgerRecord", "What was billed for one analysis.",
    [
      .required("analysis_id", .identifier(AnalysisKind.self), "The analysis."),
      .required("period", .month, "The calendar month, in UTC, that the rows count in."),
      .required("rows", .count, "How many rows."),
      .required("settled_at", .time, "When."),
    ])

  static var example: CloudAPI.LedgerRecord {
    CloudAPI.LedgerRecord(
      analysisID: "an_5d41402abc4b2a76b9719d911017c592", period: "2026-01", rows: 9_000,
      settledAt: Example.time)
  }
}

extension QuotaCheckRequest: WireType {
  static let schema = Schema.request(
    "QuotaCheckRequest", "What somebody would like to use.",
    [
      .optional(
        "workspace_id", .identifier(WorkspaceKind.self),
        "The workspace. Without it: the API key's own, or the user's oldest."),
      .required("metric", .word(QuotaMetric.all.map(\.rawValue)), "What would be used."),
      .optional(
        "count", .integer(1...StateLimits.highestLimit), "How much of it; one without it."),
    ])

  static var example: QuotaCheckRequest {
    QuotaCheckRequest(workspaceID: Example.workspace, metric: .rows, count: 9_000)
  }
}

extension QuotaCheck: WireType {
  static let schema = Schema.object(
    "QuotaCheck", "How a limit stands.",
    [
      .required("allowed", .boolean, "Whether so much would fit."),
      .required("used", .count, "What counts against the limit, what is reserved included."),
      .required("limit", .count.orNull, "The limit; null when there is none."),
      .required("remaining", .count.orNull, "What is left; null when there is no limit."),
      .required(
        "resets_at", .time.orNull,
        "When `used` falls back to zero; null where it does not, for users and datasets."),
    ])

  static var example: QuotaCheck {
    QuotaCheck(
      allowed: true, used: 129_000, limit: 1_000_000, remaining: 871_000, resetsAt: Example.time)
  }
}
