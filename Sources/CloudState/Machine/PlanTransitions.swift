extension Transition {
  func definePlan(_ command: DefinePlan) throws -> Effect {
    switch actor {
    case .operator: break
    case .anonymous: throw Rejection.unauthenticated
    case .node, .user, .session, .apiKey: throw Rejection.forbidden(.operateCluster)
    }
    let plan = command.plan
    try plan.validate()
    try connection.run(
      """
      INSERT INTO plans VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        max_rows = excluded.max_rows, max_api_calls = excluded.max_api_calls,
        max_users = excluded.max_users, max_datasets = excluded.max_datasets,
        retention_days = excluded.retention_days,
        monthly_price_cents = excluded.monthly_price_cents, all_features = excluded.all_features
      """, plan.id, plan.maxRows, plan.maxAPICalls, plan.maxUsers, plan.maxDatasets,
      plan.retentionDays, plan.monthlyPriceCents, Int64(plan.allFeatures ? 1 : 0))
    return .planDefined(plan)
  }
}

extension Plan {
  fileprivate func validate() throws(Rejection) {
    let name = id.rawValue.utf8
    guard (1...64).contains(name.count),
      name.allSatisfy({
        isASCIIAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
      })
    else {
      throw .invalid(
        field: "plan", message: "must be 1 to 64 ASCII letters, digits, hyphens and underscores")
    }
    let values: [(field: String, value: Int64?, least: Int64)] = [
      ("rows_per_month", maxRows, 0), ("api_calls_per_day", maxAPICalls, 0),
      ("max_users", maxUsers, 1), ("max_datasets", maxDatasets, 0),
      ("retention_days", retentionDays, 1), ("price_per_month_cents", monthlyPriceCents, 0),
    ]
    for case (let field, let value?, let least) in values {
      try Rejection.requireRange(value, least...StateLimits.highestLimit, field: field)
    }
  }
}
