extension Transition {
  func noteDenials(_ command: NoteDenials) throws -> Effect {
    guard case .node = actor else { throw Rejection.forbidden(.operateCluster) }
    guard command.denials.count <= StateLimits.denialsAtOnce else {
      throw Rejection.invalid(
        field: "denials", message: "must be at most \(StateLimits.denialsAtOnce)")
    }
    var noted = 0
    for denial in command.denials {
      try Rejection.requireName(denial.action, field: "action")
      try Rejection.requireName(denial.target, field: "target", mayBeEmpty: true)
      try Rejection.requireRange(denial.times, 1...StateLimits.highestLimit, field: "times")
      // Of a workspace that was deleted meanwhile nobody reads the log.
      if let id = denial.workspaceID, try connection.workspace(id) == nil { continue }
      try AuditLog(connection: connection).add(
        AuditRecord(
          id: AuditRecord.id(of: index, number: noted), workspaceID: denial.workspaceID,
          at: min(denial.at, now), actorKind: denial.actor.kind,
          actorID: denial.actor.name(of: denial.userID), userID: denial.userID,
          action: denial.action,
          target: denial.times == 1 ? denial.target : "\(denial.target) times=\(denial.times)",
          outcome: .denied, origin: denial.origin))
      noted += 1
    }
    return .denialsNoted(Int64(noted))
  }
}
