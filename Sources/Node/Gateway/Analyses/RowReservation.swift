import CloudState
import NodeRuntime

/// Rows of a workspace's quota, set aside for one analysis: reserved before it runs, and then
/// either settled or returned.
struct RowReservation: Sendable {
  /// When they go back by themselves, should this node die: longer than an analysis takes.
  private static let lengthInMilliseconds: Int64 = 3_600_000

  /// The state does not accept a value that this program made up, not the caller.
  struct CommandRefused: Error, CustomStringConvertible {
    var field: String
    var message: String

    var description: String { "the state refuses the \(field) of a reservation: it \(message)" }
  }

  let proposer: Proposer
  let commands: CommandContext
  let workspaceID: WorkspaceID
  let rows: Int64
  let purpose: Reservation.Purpose
  let clock: StateClock
  private var id: ReservationID
  /// How often it was made; a repeated call makes the same ones.
  private var attempt = 1

  /// Reserves rows.
  ///
  /// - Throws: The quota's `Rejection`, `ConsensusError`, or ``CommandRefused``.
  init(
    rows: Int, for purpose: Reservation.Purpose = .analyze, of workspaceID: WorkspaceID,
    in commands: CommandContext, at clock: StateClock,
    _ proposer: Proposer
  ) async throws {
    self.proposer = proposer
    self.commands = commands
    self.workspaceID = workspaceID
    self.rows = Int64(rows)
    self.purpose = purpose
    self.clock = clock
    id = commands.seed.identifier(for: "1")
    do {
      try await reserve()
    } catch {
      // What was rejected is not reserved; anything else may have been.
      if !(error is Rejection) && !(error is CommandRefused) { await release(after: error) }
      throw error
    }
  }

  /// Whether the same call has asked for rows before: then it gets the same answer.
  static func isKnown(from seed: RequestSeed, in view: borrowing StateView) throws -> Bool {
    try view.rememberedRequest(seed.requestID(for: step(attempt: 1))) != nil
  }

  private static func step(attempt: Int) -> String { "reserve \(attempt)" }

  private func reserve() async throws {
    try await propose(
      ReserveRows(
        workspaceID: workspaceID, id: id, rows: rows,
        expiresAt: clock.now.adding(milliseconds: Self.lengthInMilliseconds), purpose: purpose),
      step: Self.step(attempt: attempt))
  }

  /// Bills the rows and records the analysis. A reservation that ran out meanwhile is made anew:
  /// the result is there, and its rows were used.
  ///
  /// - Throws: As making a reservation does. The rows were returned then, unless they had been billed
  ///   although the cluster could not say so.
  mutating func settle(
    as analysisID: AnalysisID, name: String, qualityScore: Double?
  ) async throws -> AnalysisRecord {
    do {
      do {
        return try await settleOnce(analysisID, name, qualityScore)
      } catch Rejection.conflict(.reservationNotOpen) {
        attempt += 1
        id = commands.seed.identifier(for: "\(attempt)")
        try await reserve()
        return try await settleOnce(analysisID, name, qualityScore)
      }
    } catch {
      await release(after: error)
      throw error
    }
  }

  private func settleOnce(
    _ analysisID: AnalysisID, _ name: String, _ qualityScore: Double?
  ) async throws -> AnalysisRecord {
    try await propose(
      SettleReservation(
        workspaceID: workspaceID, id: id, rows: rows, analysisID: analysisID, analysisName: name,
        qualityScore: qualityScore), step: "settle \(attempt)")
  }

  /// Returns the rows, unless they are billed: then the state rejects it. Where the cluster cannot be
  /// reached they return by themselves.
  ///
  /// - Parameter error: Why. If the cluster did not answer, this is not waited for either.
  func release(after error: any Error) async {
    // Not cancelled with the request: a client that went away must not lose rows to it.
    let task = Task { [self] in
      _ = try? await proposer.propose(
        ReleaseReservation(workspaceID: workspaceID, id: id), by: commands.actor)
    }
    if !(error is ConsensusError) { await task.value }
  }

  @discardableResult
  private func propose<Payload: TypedCommand>(
    _ payload: Payload, step: String
  ) async throws -> Payload.Success {
    do {
      return try await proposer.propose(payload, in: commands, step: step)
    } catch Rejection.invalid(let field, let message) {
      throw CommandRefused(field: field, message: message)
    }
  }
}
