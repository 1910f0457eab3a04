#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// The answer of `GET /api/v1/usage?period=YYYY-MM`: what a workspace has used of its plan.
public struct Usage: Codable, Equatable, Sendable {
  /// The workspace.
  public var workspaceID: String
  /// The name of its plan.
  public var plan: String
  /// The calendar month in UTC, as `YYYY-MM`.
  public var period: String
  /// Rows analyzed in the period, with what running analyses hold in reserve.
  public var rows: Meter
  /// API calls of this day, in UTC; what nodes hold to let calls through at once is in reserve.
  /// Absent where the service does not count them.
  public var apiCalls: Meter?
  /// Users of the workspace.
  public var users: Meter
  /// Datasets kept; absent where the service does not keep any.
  public var datasets: Meter?
  /// How many analyses finished in the period.
  public var analyses: Int

  /// The usage of one workspace in one month.
  public init(
    workspaceID: String, plan: String, period: String, rows: Meter, apiCalls: Meter? = nil,
    users: Meter, datasets: Meter? = nil, analyses: Int
  ) {
    self.workspaceID = workspaceID
    self.plan = plan
    self.period = period
    self.rows = rows
    self.apiCalls = apiCalls
    self.users = users
    self.datasets = datasets
    self.analyses = analyses
  }

  enum CodingKeys: String, CodingKey {
    case plan, period, rows, users, datasets, analyses
    case workspaceID = "workspace_id"
    case apiCalls = "api_calls"
  }

  /// How much of one limit is used.
  public struct Meter: Codable, Equatable, Sendable {
    /// What counts against the limit.
    public var used: Int
    /// What work that has not finished holds; absent where nothing can be reserved.
    public var reserved: Int?
    /// The limit, which `used + reserved` never exceeds; null on the wire when there is none.
    public var limit: Int?
    /// When `used` falls back to zero; absent where it does not.
    public var resetsAt: Date?

    /// A reading of one limit.
    public init(used: Int, reserved: Int? = nil, limit: Int?, resetsAt: Date? = nil) {
      self.used = used
      self.reserved = reserved
      self.limit = limit
      self.resetsAt = resetsAt
    }

    /// Writes `limit` even when there is none, so that "unlimited" is said and not guessed.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(used, forKey: .used)
      try container.encodeIfPresent(reserved, forKey: .reserved)
      try container.encode(limit, forKey: .limit)
      try container.encodeIfPresent(resetsAt, forKey: .resetsAt)
    }

    enum CodingKeys: String, CodingKey {
      case used, reserved, limit
      case resetsAt = "resets_at"
    }
  }
}
