import CloudState

// Rows and calls: each is first set aside and then counted, by names that the log remembers.
extension RandomLog {
  mutating func reserveRows() -> ReserveRows {
    reservations += 1
    let number = happens(20) ? 1 : reservations
    let command = ReserveRows(
      workspaceID: workspaceID(), id: ReservationID(rawValue: "rsv_r\(number)"),
      rows: Int64(self.number(below: 1_200)),
      expiresAt: clock.adding(milliseconds: Int64(self.number(below: 6_000_000))),
      purpose: happens(2) ? .analyze : .fix)
    openReservations.add((command.workspaceID, command.id))
    return command
  }

  mutating func settleReservation() -> SettleReservation {
    let (workspace, id) = reservation()
    return SettleReservation(
      workspaceID: workspace, id: id, rows: Int64(number(below: 600)),
      analysisID: AnalysisID(rawValue: "an_\(entries.count / 2)"), analysisName: title(),
      status: happens(4) ? .failed : .completed,
      qualityScore: happens(2) ? nil : Double(number(below: 1_000)) / 7)
  }

  mutating func releaseReservation() -> ReleaseReservation {
    let (workspace, id) = reservation()
    return ReleaseReservation(workspaceID: workspace, id: id)
  }

  private mutating func reservation() -> (WorkspaceID, ReservationID) {
    latest(openReservations) { log in
      let number = log.number(below: log.reservations + 1)
      return (log.workspaceID(), ReservationID(rawValue: "rsv_r\(number)"))
    }
  }

  mutating func leaseCalls() -> LeaseCalls {
    leases += 1
    let number = happens(20) ? 1 : leases
    return LeaseCalls(
      id: CallLeaseID(rawValue: "lse_l\(number)"), workspaceID: workspaceID(), holder: node(),
      wanted: Int64(self.number(below: 30)), milliseconds: Int64(self.number(below: 700_000)))
  }

  mutating func returnCalls() -> ReturnCalls {
    ReturnCalls(
      (0..<number(below: 4)).map { _ in
        CallReturn(
          id: CallLeaseID(rawValue: "lse_l\(max(1, leases - number(below: 6)))"),
          spent: Int64(number(below: 4)))
      })
  }
}
