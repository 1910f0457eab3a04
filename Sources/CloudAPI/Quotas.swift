#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// The body of `POST /api/v1/quotas/check`.
public struct QuotaCheckRequest: Codable, Equatable, Sendable {
  /// The workspace; without it the caller's own.
  public var workspaceID: String?
  /// What would be used.
  public var metric: QuotaMetric
  /// How much of it; without it: one.
  public var count: Int?

  /// A question whether so much could be used.
  public init(workspaceID: String? = nil, metric: QuotaMetric, count: Int? = nil) {
    self.workspaceID = workspaceID
    self.metric = metric
    self.count = count
  }

  enum CodingKeys: String, CodingKey {
    case metric, count
    case workspaceID = "workspace_id"
  }
}

/// Something of which a plan allows so much.
public struct QuotaMetric: RawRepresentable, Hashable, Codable, Sendable {
  /// The word on the wire.
  public var rawValue: String

  /// The metric of this name, known to this version or not.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Rows a calendar month.
  public static let rows = QuotaMetric(rawValue: "rows")
  /// API calls a calendar day.
  public static let apiCalls = QuotaMetric(rawValue: "api_calls")
  /// Users of the workspace.
  public static let users = QuotaMetric(rawValue: "users")
  /// Datasets kept.
  public static let datasets = QuotaMetric(rawValue: "datasets")
}

/// Whether so much could be used now. Nothing was used or set aside by asking.
public struct QuotaCheck: Codable, Equatable, Sendable {
  /// Whether it would fit.
  public var allowed: Bool
  /// What counts against the limit, what is held in reserve included.
  public var used: Int
  /// The limit; null on the wire when there is none.
  public var limit: Int?
  /// What is left; null on the wire when there is no limit.
  public var remaining: Int?
  /// When `used` falls back to zero; null on the wire where it does not, for users and datasets.
  public var resetsAt: Date?

  /// The answer to a question.
  public init(allowed: Bool, used: Int, limit: Int?, remaining: Int?, resetsAt: Date? = nil) {
    self.allowed = allowed
    self.used = used
    self.limit = limit
    self.remaining = remaining
    self.resetsAt = resetsAt
  }

  /// Writes `limit` and `remaining` even when there is no limit, and `resets_at` even where nothing resets.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(allowed, forKey: .allowed)
    try container.encode(used, forKey: .used)
    try container.encode(limit, forKey: .limit)
    try container.encode(remaining, forKey: .remaining)
    try container.encode(resetsAt, forKey: .resetsAt)
  }

  enum CodingKeys: String, CodingKey {
    case allowed, used, limit, remaining
    case resetsAt = "resets_at"
  }
}

/// What was billed for one analysis. Records are never changed; the rows used in a month are their
/// sum.
public struct LedgerRecord: Codable, Equatable, Sendable {
  /// The analysis.
  public var analysisID: String
  /// The calendar month in UTC that the rows count in, as `YYYY-MM`.
  public var period: String
  /// How many rows.
  public var rows: Int
  /// When.
  public var settledAt: Date

  /// A record as the API shows it.
  public init(analysisID: String, period: String, rows: Int, settledAt: Date) {
    self.analysisID = analysisID
    self.period = period
    self.rows = rows
    self.settledAt = settledAt
  }

  enum CodingKeys: String, CodingKey {
    case period, rows
    case analysisID = "analysis_id"
    case settledAt = "settled_at"
  }
}
