/// Sets rows of the current month aside, if the quota has them: `used + reserved + asked` never
/// exceeds the limit. Needs the permission of the purpose.
public struct ReserveRows: Hashable, Sendable {
  /// Whose rows.
  public var workspaceID: WorkspaceID
  /// Made by the proposer.
  public var id: ReservationID
  /// How many, at least one.
  public var rows: Int64
  /// When they go back unless settled; at most 7 days ahead.
  public var expiresAt: Timestamp
  /// For what.
  public var purpose: Reservation.Purpose

  /// Proposes a reservation.
  public init(
    workspaceID: WorkspaceID, id: ReservationID, rows: Int64, expiresAt: Timestamp,
    purpose: Reservation.Purpose = .analyze
  ) {
    self.workspaceID = workspaceID
    self.id = id
    self.rows = rows
    self.expiresAt = expiresAt
    self.purpose = purpose
  }
}

extension ReserveRows: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .reserveRows(self) }
  /// The reservation.
  public static func success(of effect: Effect) -> Reservation? {
    if case .rowsReserved(let reservation) = effect { reservation } else { nil }
  }
}

/// Bills the rows of an analysis and records it; what was reserved beyond them goes back.
///
/// The rows count in the month they were reserved in. An analysis is billed at most once, whatever
/// reservations were made for it. A reservation that has expired cannot be settled: its rows may
/// belong to somebody else by now. Whoever still has a result reserves anew and settles that.
///
/// Needs no right of its own: it was given with the reservation, and a member who is removed while
/// an analysis runs has still used the rows.
public struct SettleReservation: Hashable, Sendable {
  /// Whose rows.
  public var workspaceID: WorkspaceID
  /// Which reservation.
  public var id: ReservationID
  /// The rows to bill, at most those reserved.
  public var rows: Int64
  /// The analysis to record.
  public var analysisID: AnalysisID
  /// The name to show; may be empty.
  public var analysisName: String
  /// How it ended.
  public var status: AnalysisRecord.Status
  /// The quality of the dataset, if it was found; finite.
  public var qualityScore: Double?

  /// Proposes a settlement.
  public init(
    workspaceID: WorkspaceID, id: ReservationID, rows: Int64, analysisID: AnalysisID,
    analysisName: String = "", status: AnalysisRecord.Status = .completed,
    qualityScore: Double? = nil
  ) {
    self.workspaceID = workspaceID
    self.id = id
    self.rows = rows
    self.analysisID = analysisID
    self.analysisName = analysisName
    self.status = status
    self.qualityScore = qualityScore
  }
}

extension SettleReservation: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .settleReservation(self) }
  /// The analysis as recorded.
  public static func success(of effect: Effect) -> AnalysisRecord? {
    if case .reservationSettled(let analysis) = effect { analysis } else { nil }
  }
}

/// Gives all rows of a reservation back. Needs no right, like ``SettleReservation``.
public struct ReleaseReservation: Hashable, Sendable {
  /// Whose rows.
  public var workspaceID: WorkspaceID
  /// Which reservation.
  public var id: ReservationID

  /// Proposes a release.
  public init(workspaceID: WorkspaceID, id: ReservationID) {
    self.workspaceID = workspaceID
    self.id = id
  }
}

extension ReleaseReservation: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .releaseReservation(self) }
  /// The reservation as it was.
  public static func success(of effect: Effect) -> Reservation? {
    if case .reservationReleased(let reservation) = effect { reservation } else { nil }
  }
}
