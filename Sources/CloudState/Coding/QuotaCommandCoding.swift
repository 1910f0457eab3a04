extension ReserveRows {
  init?(_ wire: PBReserveRows) {
    guard let purpose = Reservation.Purpose(wire.purpose) else { return nil }
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), id: ReservationID(rawValue: wire.id),
      rows: wire.rows, expiresAt: Timestamp(milliseconds: wire.expiresAtMs), purpose: purpose)
  }

  var wire: PBReserveRows {
    var wire = PBReserveRows()
    wire.workspaceID = workspaceID.rawValue
    wire.id = id.rawValue
    wire.rows = rows
    wire.expiresAtMs = expiresAt.milliseconds
    wire.purpose = purpose.wire
    return wire
  }
}

extension SettleReservation {
  init?(_ wire: PBSettleReservation) {
    guard let status = AnalysisRecord.Status(wire.status) else { return nil }
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), id: ReservationID(rawValue: wire.id),
      rows: wire.rows, analysisID: AnalysisID(rawValue: wire.analysisID),
      analysisName: wire.analysisName, status: status,
      qualityScore: wire.hasQualityScore ? wire.qualityScore : nil)
  }

  var wire: PBSettleReservation {
    var wire = PBSettleReservation()
    wire.workspaceID = workspaceID.rawValue
    wire.id = id.rawValue
    wire.rows = rows
    wire.analysisID = analysisID.rawValue
    wire.analysisName = analysisName
    wire.status = status.wire
    if let qualityScore { wire.qualityScore = qualityScore }
    return wire
  }
}

extension ReleaseReservation {
  init(_ wire: PBReleaseReservation) {
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), id: ReservationID(rawValue: wire.id))
  }

  var wire: PBReleaseReservation {
    var wire = PBReleaseReservation()
    wire.workspaceID = workspaceID.rawValue
    wire.id = id.rawValue
    return wire
  }
}
