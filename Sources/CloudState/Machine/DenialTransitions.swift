extension Transition {
  func noteDenials(_ command: NoteDenials) throws -> Effect {
    guard case .node = actor else { throw Rejection.forbidden(.operateCluster) }
    let told = command.denials.count { $0.isToldToWorkspaces }
    guard
      command.denials.count + told * StateLimits.toldWorkspaces <= StateLimits.denialsAtOnce
    else {
      throw Rejection.invalid(
        field: "denials", message: "must be at most \(StateLimits.denialsAtOnce)")
    }
    var (noted, records) = (0, 0)
    for denial in command.denials {
      try Rejection.requireName(denial.action, field: "action")
      try Rejection.requireName(denial.target, field: "target", mayBeEmpty: true)
      try Rejection.requireRange(denial.times, 1...StateLimits.highestLimit, field: "times")
      // Of a workspace that was deleted meanwhile nobody reads the log.
      if let id = denial.workspaceID, try connection.workspace(id) == nil { continue }
      let words = [denial.target] + (denial.times == 1 ? [] : ["times=\(denial.times)"])
      let record = AuditRecord(
        id: AuditRecord.id(of: index, number: records), workspaceID: denial.workspaceID,
        at: min(denial.at, now), actorKind: denial.actor.kind,
        actorID: denial.actor.name(of: denial.userID), userID: denial.userID,
        action: denial.action, target: words.filter { !$0.isEmpty }.joined(separator: " "),
        outcome: .denied, origin: denial.origin)
      try AuditLog(connection: connection).add(record)
      if denial.isToldToWorkspaces { records += try tellWorkspaces(record, after: records) }
      records += 1
      noted += 1
    }
    return .denialsNoted(Int64(noted))
  }
}
