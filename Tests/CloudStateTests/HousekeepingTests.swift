import Testing

@testable import CloudState

@Suite struct HousekeepingTests {
  private let node = Actor.node(name: "clean-0")

  @Test func removesWhatIsDueInBoundedSteps() throws {
    let proposer = try Proposer()
    for number in 0..<10 { _ = try proposer.tenant("u\(number)") }
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
    // The outcomes of ten requests are due, and the next command forgets eight of them by itself.
    proposer.advance(milliseconds: OutcomeRetention.retry.milliseconds)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) })
    #expect(try proposer.propose(KeepHouse(limit: 1), by: node) == 1)
    #expect(try proposer.propose(KeepHouse(limit: 1), by: node) == 0)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }

  @Test func leavesNothingToRemoveBehindItself() throws {
    let proposer = try Proposer()
    try proposer.propose(KeepHouse(), by: node)
    proposer.advance(milliseconds: OutcomeRetention.idempotencyKey.milliseconds)
    #expect(try proposer.view.read { try $0.houseIsDue(at: proposer.now) } == false)
  }

  @Test func returnsTheRowsOfExpiredReservations() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .enterprise)
    for number in 0..<40 {
      try proposer.propose(proposer.reserve(1, in: workspace, id: "r\(number)", for: 1_000))
    }
    proposer.advance(milliseconds: 1_000)
    // Each command returns up to 32 by itself.
    #expect(try proposer.propose(KeepHouse(), by: node) == 8)
    #expect(try proposer.rows(of: workspace).reserved == 0)
  }

  @Test func auditLogIsKeptForAYear() throws {
    let proposer = try Proposer()
    let (_, workspace) = try proposer.tenant("ann", plan: .professional)
    proposer.advance(milliseconds: 1)
    _ = try proposer.member("bob", .viewer, in: workspace)
    proposer.advance(milliseconds: StateLimits.auditLength - 1)
    try proposer.propose(KeepHouse(), by: node)
    let left = try proposer.view.read { try $0.auditRecords(of: workspace.id).items }
    #expect(left.map(\.action) == ["member.add"])
  }

  @Test(arguments: [Actor.anonymous, .operator(name: "ops"), .user(UserID(rawValue: "usr_a"))])
  func isForNodesOnly(_ actor: Actor) throws {
    let proposer = try Proposer()
    #expect(throws: Rejection.forbidden(.operateCluster)) {
      try proposer.propose(KeepHouse(), by: actor)
    }
  }

  @Test(arguments: [0, 10_001]) func stepsAreBounded(_ limit: Int64) throws {
    let proposer = try Proposer()
    #expect(throws: Rejection.invalid(field: "limit", message: "must be from 1 to 10000")) {
      try proposer.propose(KeepHouse(limit: limit), by: node)
    }
  }
}
