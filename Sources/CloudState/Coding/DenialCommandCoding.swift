extension NoteDenials {
  init?(_ wire: PBNoteDenials) {
    var denials: [Denial] = []
    for wire in wire.denials {
      guard let denial = Denial(wire) else { return nil }
      denials.append(denial)
    }
    self.init(denials: denials)
  }

  var wire: PBNoteDenials {
    var wire = PBNoteDenials()
    wire.denials = denials.map(\.wire)
    return wire
  }
}

extension Denial {
  fileprivate init?(_ wire: PBNoteDenials.Denial) {
    guard let actor = Actor(wire.actor) else { return nil }
    self.init(
      actor: actor, userID: wire.hasUserID ? UserID(rawValue: wire.userID) : nil,
      workspaceID: wire.hasWorkspaceID ? WorkspaceID(rawValue: wire.workspaceID) : nil,
      action: wire.action, target: wire.target, times: wire.times,
      at: Timestamp(milliseconds: wire.atMs), origin: Origin(wire.origin),
      isToldToWorkspaces: wire.isToldToWorkspaces)
  }

  fileprivate var wire: PBNoteDenials.Denial {
    var wire = PBNoteDenials.Denial()
    wire.actor = actor.wire
    if let userID { wire.userID = userID.rawValue }
    if let workspaceID { wire.workspaceID = workspaceID.rawValue }
    wire.action = action
    wire.target = target
    wire.times = times
    wire.atMs = at.milliseconds
    wire.origin = origin.wire
    wire.isToldToWorkspaces = isToldToWorkspaces
    return wire
  }
}
