/// A plan that a workspace can be on. A limit or price that is null on the wire is unlimited or
/// by agreement.
public struct Plan: Codable, Equatable, Sendable {
  /// The plan's name, such as `free`.
  public var name: String
  /// Rows a calendar month.
  public var rowsPerMonth: Int?
  /// API calls a calendar day.
  public var apiCallsPerDay: Int?
  /// Users of a workspace.
  public var maxUsers: Int?
  /// The price of a calendar month, in hundredths of the currency's unit.
  public var pricePerMonthCents: Int?
  /// What the plan includes, such as `basic_analysis`; `all` is everything.
  public var features: [String]

  /// A plan as the API shows it.
  public init(
    name: String, rowsPerMonth: Int?, apiCallsPerDay: Int?, maxUsers: Int?,
    pricePerMonthCents: Int?, features: [String]
  ) {
    self.name = name
    self.rowsPerMonth = rowsPerMonth
    self.apiCallsPerDay = apiCallsPerDay
    self.maxUsers = maxUsers
    self.pricePerMonthCents = pricePerMonthCents
    self.features = features
  }

  /// Writes every field, those without a limit as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(rowsPerMonth, forKey: .rowsPerMonth)
    try container.encode(apiCallsPerDay, forKey: .apiCallsPerDay)
    try container.encode(maxUsers, forKey: .maxUsers)
    try container.encode(pricePerMonthCents, forKey: .pricePerMonthCents)
    try container.encode(features, forKey: .features)
  }

  enum CodingKeys: String, CodingKey {
    case name, features
    case rowsPerMonth = "rows_per_month"
    case apiCallsPerDay = "api_calls_per_day"
    case maxUsers = "max_users"
    case pricePerMonthCents = "price_per_month_cents"
  }
}

/// The body of `PUT /api/v1/plans/{name}`: the whole plan. What is left out is unlimited, or by
/// agreement.
public struct DefinePlanRequest: Codable, Equatable, Sendable {
  /// Rows a calendar month.
  public var rowsPerMonth: Int?
  /// API calls a calendar day.
  public var apiCallsPerDay: Int?
  /// Users of a workspace.
  public var maxUsers: Int?
  /// Datasets kept.
  public var maxDatasets: Int?
  /// How many days reports and datasets are kept.
  public var retentionDays: Int
  /// The price of a calendar month, in hundredths of the currency's unit.
  public var pricePerMonthCents: Int?
  /// What the plan includes: `basic_analysis` or `all`.
  public var features: [String]

  /// A plan to define.
  public init(
    rowsPerMonth: Int? = nil, apiCallsPerDay: Int? = nil, maxUsers: Int? = nil,
    maxDatasets: Int? = nil, retentionDays: Int, pricePerMonthCents: Int? = nil, features: [String]
  ) {
    self.rowsPerMonth = rowsPerMonth
    self.apiCallsPerDay = apiCallsPerDay
    self.maxUsers = maxUsers
    self.maxDatasets = maxDatasets
    self.retentionDays = retentionDays
    self.pricePerMonthCents = pricePerMonthCents
    self.features = features
  }

  enum CodingKeys: String, CodingKey {
    case features
    case rowsPerMonth = "rows_per_month"
    case apiCallsPerDay = "api_calls_per_day"
    case maxUsers = "max_users"
    case maxDatasets = "max_datasets"
    case retentionDays = "retention_days"
    case pricePerMonthCents = "price_per_month_cents"
  }
}
