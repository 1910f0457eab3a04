// Rows: reserved, then settled or released or expired.
//
// The invariant of each workspace and month: `used + reserved` never exceeds the limit that was in
// force when the last reservation was admitted, and `reserved` is the sum of the open reservations.
extension Transition {
  /// How many expired reservations of other workspaces a command returns at most.
  static let sweep: Int64 = 32

  func reserveRows(_ command: ReserveRows) throws -> Effect {
    let (workspace, authority) = try workspace(
      command.workspaceID, requiring: command.purpose.permission)
    try Rejection.requireWellFormed(command.id, field: "reservation_id")
    try Rejection.requireRange(
      command.rows, 1...StateLimits.rowsPerReservation, field: "rows")
    let latest = now.adding(milliseconds: StateLimits.reservationLength)
    guard now < command.expiresAt, command.expiresAt <= latest else {
      throw Rejection.invalid(
        field: "expires_at", message: "must be in the future and at most 7 days ahead")
    }
    guard try connection.reservation(command.id) == nil, try !isSettled(command.id) else {
      throw Rejection.conflict(.identifierTaken)
    }
    // All of this workspace's, whose number is bounded: what is free must not depend on how far
    // the sweep over all workspaces has come.
    try returnExpiredReservations(of: workspace.id)
    let counted = try connection.run(
      """
      UPDATE workspaces SET open_reservations = open_reservations + 1
      WHERE id = ? AND open_reservations < ?
      """, workspace.id, StateLimits.openReservations)
    guard counted == 1 else { throw Rejection.overloaded(.openReservations) }

    let month = Month(containing: now)
    let taken = try rowsTaken(by: workspace.id, in: month)
    let limit = try connection.limits(of: workspace).maxRows
    // A limit may have been lowered below what is taken, so nothing is subtracted from it. The sum
    // cannot overflow a limit of `.max`: it is checked.
    let (total, overflow) = taken.addingReportingOverflow(command.rows)
    guard !overflow, total <= limit ?? .max else {
      throw Rejection.quotaExceeded(
        QuotaExceeded(metric: .rows, limit: limit ?? .max, used: taken, resetsAt: month.end))
    }
    let reservation = Reservation(
      id: command.id, workspaceID: workspace.id, userID: authority.userID,
      purpose: command.purpose, month: month, rows: command.rows, expiresAt: command.expiresAt)
    try connection.run(
      "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, ?)", reservation.id,
      reservation.workspaceID, reservation.userID, reservation.purpose, reservation.month,
      reservation.rows, reservation.expiresAt)
    try connection.run(
      """
      INSERT INTO usage VALUES (?, ?, 0, ?, 0)
      ON CONFLICT (workspace_id, month) DO UPDATE SET reserved = reserved + excluded.reserved
      """, workspace.id, month, reservation.rows)
    return .rowsReserved(reservation)
  }

  func settleReservation(_ command: SettleReservation) throws -> Effect {
    if actor == .anonymous { throw Rejection.unauthenticated }
    try Rejection.requireWellFormed(command.analysisID, field: "analysis_id")
    try Rejection.requireName(command.analysisName, field: "name", mayBeEmpty: true)
    if let score = command.qualityScore, !score.isFinite {
      throw Rejection.invalid(field: "quality_score", message: "must be a finite number")
    }
    let reservation = try openReservation(command.id, of: command.workspaceID)
    try Rejection.requireRange(command.rows, 0...reservation.rows, field: "rows")
    let known = try connection.first(
      "SELECT 1 FROM ledger WHERE analysis_id = ?", command.analysisID
    ) { _ in true }
    guard known == nil else { throw Rejection.conflict(.analysisRecorded) }

    try close(reservation)
    let analysis = AnalysisRecord(
      id: command.analysisID, workspaceID: reservation.workspaceID, userID: reservation.userID,
      name: command.analysisName, purpose: reservation.purpose, status: command.status,
      rows: command.rows, month: reservation.month, qualityScore: command.qualityScore,
      createdAt: now)
    try connection.run(
      "UPDATE usage SET used = used + ?, analyses = analyses + 1 WHERE workspace_id = ? AND month = ?",
      analysis.rows, analysis.workspaceID, analysis.month)
    try connection.run(
      "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?)", analysis.id, reservation.id,
      analysis.workspaceID, analysis.month, analysis.rows, now)
    try connection.run(
      "INSERT INTO analyses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", analysis.id,
      analysis.workspaceID, analysis.userID, analysis.name, analysis.purpose, analysis.status,
      analysis.rows, analysis.month, analysis.qualityScore, analysis.createdAt)
    return .reservationSettled(analysis)
  }

  func releaseReservation(_ command: ReleaseReservation) throws -> Effect {
    if actor == .anonymous { throw Rejection.unauthenticated }
    let reservation = try openReservation(command.id, of: command.workspaceID)
    try close(reservation)
    return .reservationReleased(reservation)
  }

  /// Returns the rows of the reservations that expired longest ago, a bounded number of them.
  @discardableResult
  func returnExpiredReservations(limit: Int64 = Transition.sweep) throws -> Int {
    let expired = try connection.all(
      "SELECT * FROM reservations WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?", now,
      limit
    ) { try Reservation($0) }
    for reservation in expired { try close(reservation) }
    return expired.count
  }

  private func returnExpiredReservations(of workspaceID: WorkspaceID) throws {
    let expired = try connection.all(
      """
      SELECT * FROM reservations WHERE workspace_id = ? AND expires_at <= ?
      ORDER BY expires_at, id
      """, workspaceID, now
    ) { try Reservation($0) }
    for reservation in expired { try close(reservation) }
  }

  /// Expired is expired, whether or not a sweep has come by, and gone is gone with the workspace.
  private func openReservation(
    _ id: ReservationID, of workspaceID: WorkspaceID
  ) throws -> Reservation {
    guard try connection.workspace(workspaceID) != nil else {
      throw Rejection.notFound(.workspace)
    }
    if let reservation = try connection.reservation(id), reservation.workspaceID == workspaceID,
      now < reservation.expiresAt
    {
      return reservation
    }
    throw Rejection.conflict(
      try isSettled(id) ? .reservationSettled : .reservationNotOpen)
  }

  private func isSettled(_ id: ReservationID) throws -> Bool {
    try connection.first("SELECT 1 FROM ledger WHERE reservation_id = ?", id) { _ in true } ?? false
  }

  private func rowsTaken(by workspaceID: WorkspaceID, in month: Month) throws -> Int64 {
    try connection.first(
      "SELECT used + reserved FROM usage WHERE workspace_id = ? AND month = ?", workspaceID, month
    ) { $0.integer(0) } ?? 0
  }

  private func close(_ reservation: Reservation) throws {
    try connection.run("DELETE FROM reservations WHERE id = ?", reservation.id)
    try connection.run(
      "UPDATE usage SET reserved = reserved - ? WHERE workspace_id = ? AND month = ?",
      reservation.rows, reservation.workspaceID, reservation.month)
    try connection.run(
      "UPDATE workspaces SET open_reservations = open_reservations - 1 WHERE id = ?",
      reservation.workspaceID)
  }
}
