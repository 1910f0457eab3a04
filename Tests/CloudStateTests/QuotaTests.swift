import Testing

@testable import CloudState

@Suite struct QuotaTests {
  @Test func rowsAreAdmittedExactlyUpToTheLimit() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    let reset = Month(containing: proposer.now).end
    let outcomes = try proposer.batch([
      proposer.envelope(proposer.reserve(6_000, in: workspace, id: "a"), by: .user(ann.id)),
      proposer.envelope(proposer.reserve(4_001, in: workspace, id: "b"), by: .user(ann.id)),
      proposer.envelope(proposer.reserve(4_000, in: workspace, id: "c"), by: .user(ann.id)),
      proposer.envelope(proposer.reserve(1, in: workspace, id: "d"), by: .user(ann.id)),
    ])
    func exceeded(used: Int64) -> Outcome {
      .rejected(
        .quotaExceeded(
          QuotaExceeded(metric: .rows, limit: 10_000, used: used, resetsAt: reset)))
    }
    #expect(outcomes[1] == exceeded(used: 6_000))
    #expect(outcomes[3] == exceeded(used: 10_000))
    let usage = try proposer.rows(of: workspace)
    #expect(usage.reserved == 10_000)
    #expect(usage.used == 0)
    #expect(usage.resetsAt == reset)
  }

  @Test func settlingBillsWhatWasUsedAndReturnsTheRest() throws {
    let proposer = try Proposer()
    let (ann, workspace) = try proposer.tenant("ann")
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "a"), by: .user(ann.id))
    #expect(throws: Rejection.invalid(field: "rows", message: "must be from 0 to 10000")) {
      try proposer.propose(proposer.settle(10_001, in: workspace, id: "a"))
    }
    var command = proposer.settle(7_000, in: workspace, id: "a")
    command.qualityScore = 0.75
    command.analysisName = "customers.csv"
    let analysis = try proposer.propose(command, by: .node(name: "clean-0"))
    #expect(analysis.userID == ann.id)
    let usage = try proposer.rows(of: workspace)
    #expect(usage.used == 7_000)
    #expect(usage.reserved == 0)
    #expect(usage.analyses == 1)
    try proposer.view.read { view throws in
      #expect(try view.analysis(analysis.id) == analysis)
      #expect(try view.analyses(of: workspace.id).items == [analysis])
    }
    try proposer.propose(proposer.reserve(3_000, in: workspace, id: "b"))
  }

  @Test func analysisAndReservationAreBilledOnce() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    try proposer.propose(proposer.reserve(10, in: workspace, id: "a"))
    try proposer.propose(proposer.reserve(10, in: workspace, id: "b"))
    try proposer.propose(proposer.settle(10, in: workspace, id: "a", analysis: "x"))
    #expect(throws: Rejection.conflict(.reservationSettled)) {
      try proposer.propose(proposer.settle(10, in: workspace, id: "a", analysis: "y"))
    }
    #expect(throws: Rejection.conflict(.analysisRecorded)) {
      try proposer.propose(proposer.settle(10, in: workspace, id: "b", analysis: "x"))
    }
    #expect(throws: Rejection.conflict(.identifierTaken)) {
      try proposer.propose(proposer.reserve(10, in: workspace, id: "a"))
    }
    #expect(throws: Rejection.conflict(.identifierTaken)) {
      try proposer.propose(proposer.reserve(10, in: workspace, id: "b"))
    }
    #expect(try proposer.rows(of: workspace).used == 10)
    #expect(try proposer.rows(of: workspace).reserved == 10)
  }

  @Test func releaseReturnsAllRowsOnce() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    let (_, other) = try proposer.tenant("bob")
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "a"))
    let id = ReservationID(rawValue: "rsv_a")
    #expect(throws: Rejection.conflict(.reservationNotOpen)) {
      try proposer.propose(ReleaseReservation(workspaceID: other.id, id: id))
    }
    try proposer.propose(ReleaseReservation(workspaceID: workspace.id, id: id))
    #expect(throws: Rejection.conflict(.reservationNotOpen)) {
      try proposer.propose(ReleaseReservation(workspaceID: workspace.id, id: id))
    }
    #expect(try proposer.rows(of: workspace).reserved == 0)
  }

  @Test func expiredReservationReturnsAndCannotBeSettled() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "a", for: 60_000))
    proposer.advance(milliseconds: 59_999)
    #expect(throws: Rejection.self) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "b"))
    }
    proposer.advance(milliseconds: 1)
    #expect(throws: Rejection.conflict(.reservationNotOpen)) {
      try proposer.propose(proposer.settle(10_000, in: workspace, id: "a", analysis: "x"))
    }
    #expect(try proposer.rows(of: workspace).reserved == 0)
    // Whoever still has the result reserves anew and is billed once.
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "c"))
    try proposer.propose(proposer.settle(10_000, in: workspace, id: "c", analysis: "x"))
    #expect(try proposer.rows(of: workspace).used == 10_000)
  }

  @Test func freeRowsDoNotDependOnTheSweepOverOtherWorkspaces() throws {
    let proposer = try Proposer()
    let (_, busy) = try proposer.tenant("busy", plan: .enterprise)
    let (_, workspace) = try proposer.tenant("ann")
    // More of another workspace's reservations expire earlier than one command sweeps.
    let many = try (0..<200).map { number in
      try proposer.envelope(
        proposer.reserve(1, in: busy, id: "m\(number)", for: 1_000), by: .operator(name: "ops"))
    }
    _ = try proposer.batch(many)
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "a", for: 2_000))
    proposer.advance(milliseconds: 5_000)
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "b"))
    // The rest goes with the following commands.
    for number in 0..<6 {
      try proposer.propose(
        RegisterAdminToken(memberName: "n\(number)", memberID: 1, tokenHash: try hash(1)))
    }
    #expect(try proposer.rows(of: busy).reserved == 0)
    try proposer.propose(proposer.reserve(1, in: busy, id: "later"))
  }

  @Test func readerDoesNotCountWhatHasRunOutOnAQuietCluster() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    try proposer.propose(proposer.reserve(500, in: workspace, id: "a", for: 60_000))
    let month = Month(containing: proposer.now)
    let later = proposer.now.adding(milliseconds: 60_000)
    try proposer.view.read { view throws in
      #expect(try view.rowUsage(of: workspace.id, in: month)?.reserved == 500)
      #expect(try view.rowUsage(of: workspace.id, in: month, now: later)?.reserved == 0)
    }
  }

  @Test func openReservationsAreBounded() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .enterprise)
    let envelopes = try (0...StateLimits.openReservations).map { number in
      try proposer.envelope(
        proposer.reserve(1, in: workspace, id: "r\(number)"), by: .operator(name: "ops"))
    }
    #expect(try proposer.batch(envelopes).last == .rejected(.overloaded(.openReservations)))
    #expect(try proposer.rows(of: workspace).reserved == StateLimits.openReservations)
    proposer.advance(milliseconds: 60_000)
    try proposer.propose(proposer.reserve(1, in: workspace, id: "after"))
    #expect(try proposer.rows(of: workspace).reserved == 1)
  }

  @Test func quotaStartsAnewWithTheMonthOfCommandTime() throws {
    let lastMoment = Timestamp(milliseconds: Month(containing: .june(10)).end.milliseconds - 1)
    let proposer = try Proposer(at: lastMoment)
    let (_, workspace) = try proposer.tenant("ann")
    let june = Month(containing: lastMoment)
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "june"))
    #expect(throws: Rejection.self) {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "no"))
    }
    proposer.advance(milliseconds: 1)
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "july"))
    // An analysis that began in June counts there, although it ends in July.
    try proposer.propose(proposer.settle(9_000, in: workspace, id: "june"))
    #expect(try proposer.rows(of: workspace, in: june).used == 9_000)
    let july = try proposer.rows(of: workspace)
    #expect(july.month.description == "2026-07")
    #expect(july.used == 0)
    #expect(july.reserved == 10_000)
  }

  @Test func stampInThePastDoesNotTurnTheClockBack() throws {
    let proposer = try Proposer(at: Month(containing: .june(10)).end)
    let (_, workspace) = try proposer.tenant("ann")
    try proposer.propose(proposer.reserve(10_000, in: workspace, id: "a"))
    proposer.jump(to: .june(20))
    let late = ReserveRows(
      workspaceID: workspace.id, id: ReservationID(rawValue: "rsv_b"), rows: 1,
      expiresAt: .june(30).adding(milliseconds: 86_400_000))
    #expect(throws: Rejection.self) { try proposer.propose(late) }
    let position = try proposer.view.read { $0.position }
    #expect(position.clock == Month(containing: .june(10)).end)
  }

  @Test func unlimitedPlanAdmitsWithoutOverflow() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("big", plan: .enterprise)
    for number in 0..<3 {
      try proposer.propose(
        proposer.reserve(StateLimits.rowsPerReservation, in: workspace, id: "r\(number)"))
    }
    #expect(try proposer.rows(of: workspace).limit == nil)
    for rows in [0, -1, Int64.max, Int64.min] {
      #expect(throws: Rejection.self) {
        try proposer.propose(proposer.reserve(rows, in: workspace, id: "bad"))
      }
    }
  }

  @Test func nonFiniteScoreIsInvalid() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    try proposer.propose(proposer.reserve(10, in: workspace, id: "a"))
    for score in [Double.nan, .infinity] {
      var command = proposer.settle(10, in: workspace, id: "a")
      command.qualityScore = score
      #expect(
        throws: Rejection.invalid(field: "quality_score", message: "must be a finite number")
      ) { try proposer.propose(command) }
    }
  }

  @Test func ledgerShowsWhatWasBilledInAMonth() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann")
    let (_, other) = try proposer.tenant("bob")
    let june = Month(containing: proposer.now)
    for (place, id) in [(workspace, "c"), (workspace, "a"), (other, "x"), (workspace, "b")] {
      try proposer.propose(proposer.reserve(10, in: place, id: id))
      try proposer.propose(proposer.settle(7, in: place, id: id))
      proposer.advance(milliseconds: 1)
    }
    proposer.jump(to: june.end)
    try proposer.propose(proposer.reserve(10, in: workspace, id: "july"))
    try proposer.propose(proposer.settle(10, in: workspace, id: "july"))
    try proposer.view.read { view throws in
      let first = try view.ledger(of: workspace.id, in: june, limit: 2)
      #expect(first.items.map(\.analysisID.rawValue) == ["an_c", "an_a"])
      #expect(first.items.map(\.rows) == [7, 7])
      let rest = try view.ledger(of: workspace.id, in: june, after: first.next, limit: 2)
      #expect(rest.items.map(\.analysisID.rawValue) == ["an_b"])
      #expect(rest.next == nil)
      let july = try view.ledger(of: workspace.id, in: Month(containing: june.end))
      #expect(july.items.map(\.analysisID.rawValue) == ["an_july"])
      #expect(july.items.map(\.settledAt) == [june.end])
    }
  }
}
