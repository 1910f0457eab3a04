import Testing

@testable import CloudState

@Suite struct CallTests {
  @Test func callsAreLeasedExactlyUpToTheLimit() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    let reset = Day(containing: proposer.now).end
    var granted: Int64 = 0
    for number in 1...100 {
      let grant = try proposer.lease(50, of: workspace, id: "l\(number)")
      granted += grant.lease.calls
      #expect(grant.used == granted)
      #expect(grant.limit == 100)
      #expect(grant.lease.day == Day(containing: proposer.now))
    }
    // A part of 64 of 100 is one.
    #expect(granted == 100)
    #expect(
      throws: Rejection.quotaExceeded(
        QuotaExceeded(metric: .apiCalls, limit: 100, used: 100, resetsAt: reset, held: 100))
    ) { try proposer.lease(1, of: workspace, id: "more") }
    #expect(try proposer.giveBack(["l1": 1, "l2": 0]) == 2)
    let usage = try proposer.calls(of: workspace)
    #expect(usage.count == CallCount(spent: 1, outstanding: 98))
    #expect(usage.limit == 100)
    #expect(try proposer.lease(9, of: workspace, id: "last").lease.calls == 1)
    #expect(
      throws: Rejection.quotaExceeded(
        QuotaExceeded(metric: .apiCalls, limit: 100, used: 100, resetsAt: reset, held: 99))
    ) { try proposer.lease(1, of: workspace, id: "more") }
  }

  @Test func leasesShrinkTowardsTheLimit() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    #expect(try proposer.lease(1_000, of: workspace, id: "a").lease.calls == 156)
    #expect(try proposer.lease(7, of: workspace, id: "b").lease.calls == 7)
    var remaining: Int64 = 10_000 - 156 - 7
    var number = 0
    while remaining > 0 {
      number += 1
      let calls = try proposer.lease(1_000, of: workspace, id: "c\(number)").lease.calls
      #expect(calls == max(1, remaining / 64))
      remaining -= calls
    }
    #expect(try proposer.calls(of: workspace).count.taken == 10_000)
  }

  @Test func unlimitedPlansGetWhatTheyWant() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .enterprise)
    let grant = try proposer.lease(1_000_000, of: workspace, id: "a")
    #expect(grant.lease.calls == 1_000_000)
    #expect(grant.limit == nil)
    #expect(try proposer.giveBack(["a": 12]) == 1)
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 12, outstanding: 0))
  }

  @Test func leaseIsSettledOnce() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    try proposer.lease(10, of: workspace, id: "a")
    #expect(try proposer.giveBack(["a": 4]) == 1)
    #expect(try proposer.giveBack(["a": 4]) == 0)
    #expect(try proposer.giveBack(["a": 9, "never": 0]) == 0)
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 4, outstanding: 0))
  }

  @Test func moreThanWasLeasedCannotBeSpent() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    try proposer.lease(10, of: workspace, id: "a")
    try proposer.lease(10, of: workspace, id: "b")
    for spent in [Int64(-1), 11] {
      #expect(throws: Rejection.invalid(field: "spent", message: "must be from 0 to 10")) {
        try proposer.giveBack(["a": 3, "b": spent])
      }
    }
    // Nothing of a refused command stays.
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 0, outstanding: 20))
  }

  @Test func expiredLeaseCountsWhollyAsSpent() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    try proposer.lease(10, of: workspace, id: "a", for: 1_000)
    try proposer.lease(10, of: workspace, id: "b", for: 2_000)
    proposer.advance(milliseconds: 1_000)
    #expect(try proposer.giveBack(["a": 0, "b": 0]) == 1)
    #expect(try proposer.lease(1, of: workspace, id: "c").used == 11)
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 10, outstanding: 1))
  }

  @Test func nothingDependsOnTheSweep() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", settings: WorkspaceSettings(maxAPICalls: 1))
    try proposer.lease(1, of: workspace, id: "a", for: 1_000)
    proposer.advance(milliseconds: 1_000)
    // Nothing of it can come back any more.
    #expect(
      throws: Rejection.quotaExceeded(
        QuotaExceeded(
          metric: .apiCalls, limit: 1, used: 1, resetsAt: Day(containing: proposer.now).end))
    ) { try proposer.lease(1, of: workspace, id: "b") }
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) })
    #expect(try proposer.propose(KeepHouse(), by: .node(name: "clean-0")) == 1)
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 1, outstanding: 0))
  }

  @Test func eachDayHasItsOwnCalls() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", settings: WorkspaceSettings(maxAPICalls: 2))
    let monday = Day(containing: proposer.now)
    proposer.jump(to: Timestamp(milliseconds: monday.end.milliseconds - 1))
    try proposer.lease(1, of: workspace, id: "a")
    try proposer.lease(1, of: workspace, id: "b")
    proposer.advance(milliseconds: 1)
    #expect(try proposer.lease(1, of: workspace, id: "c").used == 1)
    // What comes back late belongs to the day before.
    #expect(try proposer.giveBack(["a": 0, "c": 1]) == 2)
    #expect(
      try proposer.calls(of: workspace, on: monday).count == CallCount(spent: 0, outstanding: 1))
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 1, outstanding: 0))
  }

  @Test func loweredLimitStopsNewUseAndTakesNothingAway() throws {
    let proposer = try Proposer()
    func define(_ calls: Int64) throws {
      try proposer.propose(
        DefinePlan(
          Plan(
            id: PlanID(rawValue: "team"), maxRows: nil, maxAPICalls: calls, maxUsers: nil,
            maxDatasets: nil, retentionDays: 30, monthlyPriceCents: 1_900, allFeatures: true)))
    }
    try define(6_400)
    let (_, workspace) = try proposer.tenant("ann", plan: PlanID(rawValue: "team"))
    try proposer.lease(100, of: workspace, id: "a")
    try define(40)
    #expect(
      throws: Rejection.quotaExceeded(
        QuotaExceeded(
          metric: .apiCalls, limit: 40, used: 100, resetsAt: Day(containing: proposer.now).end,
          held: 100))
    ) { try proposer.lease(1, of: workspace, id: "b") }
    #expect(try proposer.giveBack(["a": 50]) == 1)
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 50, outstanding: 0))
    try define(51)
    #expect(try proposer.lease(9, of: workspace, id: "b").lease.calls == 1)
  }

  @Test func refusesWhatMakesNoSense() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann", plan: .professional)
    try proposer.lease(1, of: workspace, id: "a")
    #expect(throws: Rejection.conflict(.identifierTaken)) {
      try proposer.lease(1, of: workspace, id: "a")
    }
    #expect(throws: Rejection.notFound(.workspace)) {
      try proposer.propose(
        LeaseCalls(
          id: CallLeaseID(rawValue: "lse_b"), workspaceID: WorkspaceID(rawValue: "ws_none"),
          holder: "clean-0", wanted: 1, milliseconds: 1), by: .node(name: "clean-0"))
    }
    for wanted in [Int64(0), 1_000_001] {
      #expect(throws: Rejection.invalid(field: "wanted", message: "must be from 1 to 1000000")) {
        try proposer.lease(wanted, of: workspace, id: "b")
      }
    }
    for length in [Int64(0), 600_001] {
      #expect(throws: Rejection.invalid(field: "milliseconds", message: "must be from 1 to 600000"))
      {
        try proposer.lease(1, of: workspace, id: "b", for: length)
      }
    }
    #expect(
      throws: Rejection.invalid(field: "lease_id", message: "must be an identifier like lse_7f3a")
    ) {
      try proposer.lease(1, of: workspace, id: "ä")
    }
    #expect(throws: Rejection.invalid(field: "returns", message: "must be from 1 to 256")) {
      try proposer.giveBack([:])
    }
    for actor in [Actor.anonymous, .operator(name: "ops"), .user(ann.id)] {
      #expect(throws: Rejection.forbidden(.operateCluster)) {
        try proposer.lease(1, of: workspace, id: "b", by: actor)
      }
      #expect(throws: Rejection.forbidden(.operateCluster)) {
        try proposer.giveBack(["a": 0], by: actor)
      }
    }
    #expect(try proposer.calls(of: workspace).count == CallCount(spent: 0, outstanding: 1))
  }

  @Test func countsAreKeptFor400Days() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    let day = Day(containing: proposer.now)
    try proposer.lease(1, of: workspace, id: "a")
    let node = Actor.node(name: "clean-0")
    proposer.jump(to: Day(ordinal: day.ordinal + 400).start)
    try proposer.propose(KeepHouse(), by: node)
    #expect(try proposer.calls(of: workspace, on: day).count == CallCount(spent: 1, outstanding: 0))
    proposer.jump(to: Day(ordinal: day.ordinal + 401).start)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) })
    try proposer.propose(KeepHouse(), by: node)
    #expect(try proposer.calls(of: workspace, on: day).count == CallCount(spent: 0, outstanding: 0))
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }
}

extension Proposer {
  @discardableResult
  fileprivate func lease(
    _ wanted: Int64, of workspace: Workspace, id: String, for milliseconds: Int64 = 60_000,
    by actor: Actor = .node(name: "clean-0")
  ) throws -> CallGrant {
    try propose(
      LeaseCalls(
        id: CallLeaseID(rawValue: "lse_" + id), workspaceID: workspace.id, holder: "clean-0",
        wanted: wanted, milliseconds: milliseconds), by: actor)
  }

  fileprivate func giveBack(
    _ spent: KeyValuePairs<String, Int64>, by actor: Actor = .node(name: "clean-0")
  ) throws -> Int64 {
    try propose(
      ReturnCalls(spent.map { CallReturn(id: CallLeaseID(rawValue: "lse_" + $0), spent: $1) }),
      by: actor)
  }

  fileprivate func calls(of workspace: Workspace, on day: Day? = nil) throws -> CallUsage {
    let day = day ?? Day(containing: now)
    return try #require(try view.read { try $0.callUsage(of: workspace.id, on: day) })
  }
}
