import Testing

@testable import CloudState

@Suite struct PlanTests {
  private func plan(_ name: String, rows: Int64? = 50) -> Plan {
    Plan(
      id: PlanID(rawValue: name), maxRows: rows, maxAPICalls: 10, maxUsers: 2, maxDatasets: 3,
      retentionDays: 30, monthlyPriceCents: 4_900, allFeatures: true)
  }

  @Test func operatorDefinesPlansAndDefinesThemAnew() throws {
    let proposer = try Proposer()
    #expect(try proposer.propose(DefinePlan(plan("team"))) == plan("team"))
    let (_, workspace) = try proposer.tenant("ann", plan: PlanID(rawValue: "team"))
    #expect(try proposer.rows(of: workspace).limit == 50)
    try proposer.propose(DefinePlan(plan("team", rows: nil)))
    #expect(try proposer.rows(of: workspace).limit == nil)
    try proposer.view.read { view throws in
      #expect(try view.plan(PlanID(rawValue: "team")) == plan("team", rows: nil))
      #expect(
        try view.plans().map(\.id.rawValue) == ["free", "team", "professional", "enterprise"])
    }
    let log = try proposer.view.read { try $0.auditRecords(of: nil).items }
    #expect(log.map(\.action).filter { $0 == "plan.define" }.count == 2)
  }

  @Test func isForOperatorsOnly() throws {
    let proposer = try Proposer()
    let (ann, _) = try proposer.tenant("ann")
    #expect(throws: Rejection.unauthenticated) {
      try proposer.propose(DefinePlan(plan("team")), by: .anonymous)
    }
    for actor in [Actor.user(ann.id), .node(name: "clean-0")] {
      #expect(throws: Rejection.forbidden(.operateCluster)) {
        try proposer.propose(DefinePlan(plan("team")), by: actor)
      }
    }
  }

  @Test func refusesWhatMakesNoSense() throws {
    let proposer = try Proposer()
    for name in ["", "a b", "ä", String(repeating: "a", count: 65)] {
      #expect(
        throws: Rejection.invalid(
          field: "plan", message: "must be 1 to 64 ASCII letters, digits, hyphens and underscores")
      ) { try proposer.propose(DefinePlan(plan(name))) }
    }
    func expectRefusal(_ field: String, _ least: Int64, _ change: (inout Plan) -> Void) {
      var plan = plan("team")
      change(&plan)
      #expect(
        throws: Rejection.invalid(
          field: field, message: "must be from \(least) to 1000000000000000")
      ) { try proposer.propose(DefinePlan(plan)) }
    }
    expectRefusal("rows_per_month", 0) { $0.maxRows = -1 }
    expectRefusal("api_calls_per_day", 0) { $0.maxAPICalls = 1_000_000_000_000_001 }
    expectRefusal("max_users", 1) { $0.maxUsers = 0 }
    expectRefusal("max_datasets", 0) { $0.maxDatasets = -1 }
    expectRefusal("retention_days", 1) { $0.retentionDays = 0 }
    expectRefusal("price_per_month_cents", 0) { $0.monthlyPriceCents = -1 }
  }
}
