import CloudState

/// What must be true of API calls once faults have stopped and everybody alive has returned what they held.
extension TenantWorkload {
  /// What the tables say of a workspace's calls is what the model says. Leases that have expired count as
  /// spent there as soon as somebody settles them: the sum is the same.
  func callFinding(of id: WorkspaceID) throws -> Finding? {
    let oldest = CallModel.oldestDay(at: reference.clock)
    for (day, expected) in calls.counts(of: id).sorted(by: { $0.key < $1.key }) where day >= oldest
    {
      let found = try reference.callCount(of: id, on: Day(ordinal: day))
      guard let found, found.taken == expected.spent + expected.outstanding,
        found.spent <= expected.spent
      else {
        return Finding(
          property: .quota,
          details:
            "on day \(day) \(id) has calls \(String(describing: found)), expected are \(expected)")
      }
    }
    return nil
  }

  /// More calls than this are not made in the end.
  private static var patience: Int64 { 200 }

  /// All that the dead don't hold can be used: workspaces are called until nothing is left, at any member.
  ///
  /// - Throws: `Finding` if more or fewer calls are let through than must be.
  func useUp(by offices: [TenantOffice], uptime: Int64) throws {
    guard !offices.isEmpty else { return }
    // By now nobody believes a refusal from before.
    let moment = CallMoment(
      clock: reference.clock, uptime: uptime + CallLeaseHolder.refusalTime)
    var patience = Self.patience
    let rests = workspaces.compactMap { id in
      calls.rest(of: id, at: moment.clock).map { (id: id, calls: $0) }
    }.sorted { ($0.calls, $0.id.rawValue) < ($1.calls, $1.id.rawValue) }
    for (place, rest) in rests.enumerated() {
      guard rest.calls < patience else { return }
      patience -= rest.calls
      // More than there may be is noticed by the model.
      let used = try offices[place % offices.count].useUp(
        rest.id, most: rest.calls + 1, at: moment, commit: outcome)
      guard used == rest.calls else {
        throw Finding(
          property: .quota,
          details: "\(rest.id) has \(rest.calls) calls left, and could make \(used) of them")
      }
      calls.coverage.count(.restsUsedUp)
    }
  }
}
