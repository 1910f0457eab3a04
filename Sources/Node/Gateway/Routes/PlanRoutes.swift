import CloudAPI
import CloudState

/// Plans: for everybody to read, for operators to define.
struct PlanRoutes: Sendable {
  let proposer: Proposer

  var routes: [Route] {
    [
      .query("/api/v1/plans", .anyone, .listPlans, Self.list),
      .perform(.put, "/api/v1/plans/{name}", .operator, .definePlan, define),
    ]
  }

  private static func list(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    try .json(CloudAPI.Page(items: view.plans().map(CloudAPI.Plan.init)))
  }

  private func define(_ call: Call) async throws -> Answer {
    let request = try DefinePlanRequest(call.fields())
    let plan = CloudState.Plan(
      id: PlanID(rawValue: call.request.parameters["name"] ?? ""), request)
    return try .json(
      CloudAPI.Plan(try await proposer.propose(DefinePlan(plan), in: call.commands)))
  }
}

extension DefinePlanRequest {
  /// What a plan may include.
  static let choices = ["basic_analysis", "all"]

  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    let most = Int(StateLimits.highestLimit)
    let retention = fields.required("retention_days") { $0.integer($1, in: 1...most) }
    let features = fields.required("features") { $0.strings($1) }
    if let features, features.count != 1 || !Self.choices.contains(features[0]) {
      fields.reject("features", "must be either [\"basic_analysis\"] or [\"all\"]")
    }
    self.init(
      rowsPerMonth: fields.integer("rows_per_month", in: 0...most),
      apiCallsPerDay: fields.integer("api_calls_per_day", in: 0...most),
      maxUsers: fields.integer("max_users", in: 1...most),
      maxDatasets: fields.integer("max_datasets", in: 0...most),
      retentionDays: retention ?? 1,
      pricePerMonthCents: fields.integer("price_per_month_cents", in: 0...most),
      features: features ?? [])
    try fields.finish()
  }
}

extension JSONFields {
  fileprivate mutating func required<Value>(
    _ name: String, _ read: (inout JSONFields, String) -> Value?
  ) -> Value? {
    let known = errors.count
    if let value = read(&self, name) { return value }
    return errors.count > known ? nil : reject(name, "is missing")
  }
}

extension CloudState.Plan {
  fileprivate init(id: PlanID, _ request: DefinePlanRequest) {
    self.init(
      id: id, maxRows: request.rowsPerMonth.map(Int64.init),
      maxAPICalls: request.apiCallsPerDay.map(Int64.init),
      maxUsers: request.maxUsers.map(Int64.init), maxDatasets: request.maxDatasets.map(Int64.init),
      retentionDays: Int64(request.retentionDays),
      monthlyPriceCents: request.pricePerMonthCents.map(Int64.init),
      allFeatures: request.features == ["all"])
  }
}
