extension NewWorkspace {
  init(_ wire: PBNewWorkspace) {
    self.init(
      id: WorkspaceID(rawValue: wire.id), name: wire.name,
      planID: PlanID(rawValue: wire.planID), settings: WorkspaceSettings(wire.settings))
  }

  var wire: PBNewWorkspace {
    var wire = PBNewWorkspace()
    wire.id = id.rawValue
    wire.name = name
    wire.planID = planID.rawValue
    wire.settings = settings.wire
    return wire
  }
}

extension CreateWorkspace {
  init?(_ wire: PBCreateWorkspace) {
    let owner: Owner
    switch wire.owner {
    case .ownerID(let id): owner = .user(UserID(rawValue: id))
    case .ownerEmail(let email): owner = .email(email)
    case nil: return nil
    }
    self.init(workspace: NewWorkspace(wire.workspace), owner: owner)
  }

  var wire: PBCreateWorkspace {
    var wire = PBCreateWorkspace()
    wire.workspace = workspace.wire
    switch owner {
    case .user(let id): wire.ownerID = id.rawValue
    case .email(let email): wire.ownerEmail = email
    }
    return wire
  }
}
