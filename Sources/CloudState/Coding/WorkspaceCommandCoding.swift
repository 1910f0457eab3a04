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
    case .ownerEmail(let email):
      owner = .email(email, newID: wire.hasNewOwnerID ? UserID(rawValue: wire.newOwnerID) : nil)
    case nil: return nil
    }
    self.init(workspace: NewWorkspace(wire.workspace), owner: owner)
  }

  var wire: PBCreateWorkspace {
    var wire = PBCreateWorkspace()
    wire.workspace = workspace.wire
    switch owner {
    case .user(let id): wire.ownerID = id.rawValue
    case .email(let email, let newID):
      wire.ownerEmail = email
      if let newID { wire.newOwnerID = newID.rawValue }
    }
    return wire
  }
}

extension LimitChange {
  init?(_ wire: PBLimitChange) {
    switch wire.change {
    case .value(let value): self = .set(value)
    case .asInPlan: self = .asInPlan
    case nil: return nil
    }
  }

  var wire: PBLimitChange {
    var wire = PBLimitChange()
    switch self {
    case .set(let value): wire.value = value
    case .asInPlan: wire.asInPlan = true
    }
    return wire
  }
}

extension UpdateWorkspace {
  init(_ wire: PBUpdateWorkspace) {
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), name: wire.hasName ? wire.name : nil,
      planID: wire.hasPlanID ? PlanID(rawValue: wire.planID) : nil,
      settings: WorkspaceSettingsChange(
        maxRows: LimitChange(wire.maxRows), maxAPICalls: LimitChange(wire.maxApiCalls),
        maxUsers: LimitChange(wire.maxUsers), maxDatasets: LimitChange(wire.maxDatasets),
        retentionDays: LimitChange(wire.retentionDays)),
      revision: wire.hasRevision ? wire.revision : nil)
  }

  var wire: PBUpdateWorkspace {
    var wire = PBUpdateWorkspace()
    wire.workspaceID = workspaceID.rawValue
    if let name { wire.name = name }
    if let planID { wire.planID = planID.rawValue }
    if let change = settings.maxRows { wire.maxRows = change.wire }
    if let change = settings.maxAPICalls { wire.maxApiCalls = change.wire }
    if let change = settings.maxUsers { wire.maxUsers = change.wire }
    if let change = settings.maxDatasets { wire.maxDatasets = change.wire }
    if let change = settings.retentionDays { wire.retentionDays = change.wire }
    if let revision { wire.revision = revision }
    return wire
  }
}

extension DeleteWorkspace {
  init(_ wire: PBDeleteWorkspace) {
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID),
      revision: wire.hasRevision ? wire.revision : nil)
  }

  var wire: PBDeleteWorkspace {
    var wire = PBDeleteWorkspace()
    wire.workspaceID = workspaceID.rawValue
    if let revision { wire.revision = revision }
    return wire
  }
}
