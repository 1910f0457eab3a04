import CloudState

/// Rows of a workspace's quota, set aside for one analysis: reserved before it runs, and then
/// either settled or returned.
struct RowReservation: Sendable {
  /// When they go back by themselves, should this node die: longer than an analysis takes.
  private static let lengthInMilliseconds: Int64 = 3_600_000

  let proposer: Proposer
  let actor: Actor
  let workspaceID: WorkspaceID
  let rows: Int64
  private var id: ReservationID

  /// Reserves rows.
  ///
  /// - Throws: The quota's `Rejection`, or `ConsensusError`.
  init(
    rows: Int, of workspaceID: WorkspaceID, by actor: Actor, _ proposer: Proposer
  ) async throws {
    self.proposer = proposer
    self.actor = actor
    self.workspaceID = workspaceID
    self.rows = Int64(rows)
    id = .random()
    try await reserve()
  }

  private func reserve() async throws {
    let expiry = Timestamp.now().adding(milliseconds: Self.lengthInMilliseconds)
    _ = try await proposer.propose(
      ReserveRows(workspaceID: workspaceID, id: id, rows: rows, expiresAt: expiry), by: actor)
  }

  /// Bills the rows and records the analysis. A reservation that ran out meanwhile is made anew:
  /// the result is there, and its rows were used.
  mutating func settle(
    as analysisID: AnalysisID, name: String, qualityScore: Double?
  ) async throws -> AnalysisRecord {
    do {
      return try await settleOnce(analysisID, name, qualityScore)
    } catch Rejection.conflict(.reservationNotOpen) {
      id = .random()
      try await reserve()
      return try await settleOnce(analysisID, name, qualityScore)
    }
  }

  private func settleOnce(
    _ analysisID: AnalysisID, _ name: String, _ qualityScore: Double?
  ) async throws -> AnalysisRecord {
    try await proposer.propose(
      SettleReservation(
        workspaceID: workspaceID, id: id, rows: rows, analysisID: analysisID, analysisName: name,
        qualityScore: qualityScore),
      by: actor)
  }

  /// Returns the rows. Where the cluster cannot be reached they return by themselves.
  func release() async {
    // Not cancelled with the request: a client that went away must not lose rows to it.
    let task = Task { [self] in
      _ = try? await proposer.propose(
        ReleaseReservation(workspaceID: workspaceID, id: id), by: actor)
    }
    await task.value
  }
}
