import Analysis
import CloudAPI
import NodeRuntime
import NodeTelemetry
import Raft
import Synchronization
import Testing

@testable import CloudState
@testable import NodeGateway

@Suite struct RowReservationTests {
  private static let hour: Int64 = 3_600_000

  private func usage(_ node: TestGateway, _ token: String) async throws -> Usage {
    try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
  }

  private func reserve(
    _ node: TestGateway, _ owner: Registration, seen clock: Timestamp = .now()
  ) async throws -> RowReservation {
    try await RowReservation(
      rows: 10, of: WorkspaceID(rawValue: owner.workspace.id),
      in: CommandContext(actor: .user(UserID(rawValue: owner.user.id))),
      at: StateClock(ClusterClock(), seen: clock),
      Proposer(member: node.cluster, registry: MetricsRegistry()))
  }

  @Test func whatIsRejectedWhenItIsBilledGivesItsRowsBack() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let token = ada.tokens.accessToken
      let analysis = AnalysisID.random()
      var first = try await reserve(node, ada)
      #expect(try await first.settle(as: analysis, name: "", qualityScore: nil).rows == 10)
      var second = try await reserve(node, ada)
      #expect(try await usage(node, token).rows.reserved == 10)
      // An analysis is billed once.
      await #expect(throws: Rejection.conflict(.analysisRecorded)) {
        try await second.settle(as: analysis, name: "", qualityScore: nil)
      }
      let rows = try await usage(node, token).rows
      #expect(rows.used == 10)
      #expect(rows.reserved == 0)
    }
  }

  @Test func rowsThatAreBilledStayBilled() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      var reservation = try await reserve(node, ada)
      _ = try await reservation.settle(as: .random(), name: "", qualityScore: nil)
      await reservation.release(after: ClientGone())
      #expect(try await usage(node, ada.tokens.accessToken).rows.used == 10)
    }
  }

  @Test(.timeLimit(.minutes(10))) func rowsReservedWithoutAnAnswerGoBack() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      node.cluster.loseAnswer(after: 0)
      let applied = node.cluster.appliedIndex
      await #expect(throws: ConsensusError.self) { try await reserve(node, ada) }
      // Nobody waits for the release, so it is looked for: the command after the reservation.
      try await node.cluster.waitForCommand(at: LogIndex(applied.rawValue + 2))
      let rows = try await usage(node, ada.tokens.accessToken).rows
      #expect(rows.reserved == 0)
      #expect(rows.used == 0)
    }
  }

  @Test(.timeLimit(.minutes(10))) func rowsBilledWithoutAnAnswerAreBilledOnce() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      // The reservation is answered, the settlement is not.
      node.cluster.loseAnswer(after: 1)
      let applied = node.cluster.appliedIndex
      _ = try await node.analyze(AnalyzeTests.csv, token: token).problem(503, .noLeader)
      try await node.cluster.waitForCommand(at: LogIndex(applied.rawValue + 3))
      let usage = try await usage(node, token)
      #expect(usage.rows.used == 40)
      #expect(usage.rows.reserved == 0)
      #expect(usage.analyses == 1)
    }
  }

  @Test func aReservationLiesInTheFutureOfTheState() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      // Another node's clock, a day ahead, has been seen.
      let ahead = Timestamp.now().adding(milliseconds: 24 * Self.hour)
      let envelope = CommandEnvelope(
        requestID: Random.requestID(), stampedAt: ahead, actor: .node(name: "clean-1"),
        command: RegisterAdminToken(
          memberName: "clean-1", memberID: 1, tokenHash: ClusterSecrets.hash(of: "token")
        ).command)
      _ = try await node.cluster.propose(try envelope.encoded(), timeout: .seconds(10))

      // Who had not seen it is refused, and that is no fault of the caller's.
      await #expect(throws: RowReservation.CommandRefused.self) { try await reserve(node, ada) }
      #expect(Failure(RowReservation.CommandRefused(field: "rows", message: "")) == nil)
      _ = try await reserve(node, ada, seen: ahead)
      let answer = try await node.analyze(AnalyzeTests.csv, token: ada.tokens.accessToken)
      #expect(answer.status == 200, "\(answer.text)")
    }
  }

  @Test func theStatesClockIsNeverBehindItself() {
    let time = Atomic<Int64>(1_000)
    let clock = ClusterClock { time.load(ordering: .relaxed) }
    let past = StateClock(clock, seen: Timestamp(milliseconds: 400))
    let future = StateClock(clock, seen: Timestamp(milliseconds: 5_000))
    #expect(past.now.milliseconds == 1_000)
    time.store(1_500, ordering: .relaxed)
    #expect(past.now.milliseconds == 1_500)
    #expect(future.now.milliseconds == 5_500)
  }
}

@Suite struct RowAllowanceTests {
  private func usage(used: Int64, limit: Int64?) -> RowUsage {
    let month = Month(containing: .now())
    return RowUsage(
      month: month, used: used, reserved: 0, limit: limit, resetsAt: month.end, analyses: 0)
  }

  private struct Asked: Error {}

  @Test func whatIsLeftNeedsNoConfirmation() async throws {
    var allowance = RowAllowance(usage: usage(used: 4, limit: 10)) { throw Asked() }
    try await allowance.require(rows: 6)
    await #expect(throws: Asked.self) { try await allowance.require(rows: 7) }
    var unlimited = RowAllowance(usage: usage(used: 4, limit: nil)) { throw Asked() }
    try await unlimited.require(rows: .max)
  }

  @Test func aRefusalIsWhatTheClusterSays() async throws {
    let (raised, same) = (usage(used: 4, limit: 100), usage(used: 5, limit: 10))
    var allowance = RowAllowance(usage: usage(used: 4, limit: 10)) { raised }
    try await allowance.require(rows: 7)
    var refused = RowAllowance(usage: usage(used: 4, limit: 10)) { same }
    let failure = await #expect(throws: Failure.self) { try await refused.require(rows: 7) }
    #expect(failure?.problem.code == .quotaExceeded)
    #expect(failure?.problem.used == 5)
  }
}
