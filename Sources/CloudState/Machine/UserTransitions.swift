extension Transition {
  func createUser(_ command: CreateUser) throws -> Effect {
    switch actor {
    case .anonymous, .operator: break
    case .node, .user, .session, .apiKey: throw Rejection.forbidden(.operateCluster)
    }
    let address = try command.user.validated()
    let user = try insert(command.user, address: address, isByAnother: actor != .anonymous)
    let workspace = try command.workspace.map {
      try insert($0, ownedBy: user.id, madeBy: isOperator ? nil : user.id)
    }
    if let session = command.session { try insert(session, of: user.id) }
    if let network = command.network { try makeFamiliar(network, to: user) }
    return .userCreated(user, workspace)
  }

  func createWorkspace(_ command: CreateWorkspace) throws -> Effect {
    switch actor {
    case .operator: break
    case .user, .session:
      guard let userID = try actingUserID(), command.owner == .user(userID) else {
        throw Rejection.forbidden(.operateCluster)
      }
    case .anonymous: throw Rejection.unauthenticated
    case .node, .apiKey: throw Rejection.forbidden(.operateCluster)
    }
    let owner = try owner(named: command.owner)
    let maker = isOperator ? nil : owner.id
    let workspace = try insert(command.workspace, ownedBy: owner.id, madeBy: maker)
    if let maker { try countWorkspace(madeBy: maker) }
    return .workspaceCreated(workspace)
  }

  private func owner(named name: CreateWorkspace.Owner) throws -> User {
    switch name {
    case .user(let id):
      guard let user = try connection.user(id) else { throw Rejection.notFound(.user) }
      return user
    case .email(let text, let newID):
      let address = try EmailAddress(validating: text, field: "owner_email")
      if let user = try connection.user(email: address.normalised) {
        try requireProof(of: user)
        return user
      }
      guard let newID else { throw Rejection.notFound(.user) }
      let new = NewUser(id: newID, email: text, name: "", passwordHash: nil)
      return try insert(new, address: try new.validated(), isByAnother: true)
    }
  }

  /// - Parameters:
  ///   - isVerified: Whether it is proven that the address is the user's.
  ///   - isByAnother: Whether somebody else makes the user.
  func insert(
    _ new: NewUser, address: EmailAddress, isVerified: Bool = false, isByAnother: Bool
  ) throws -> User {
    guard try connection.user(email: address.normalised) == nil else {
      throw Rejection.conflict(.emailTaken)
    }
    guard try connection.user(new.id) == nil else {
      throw Rejection.conflict(.identifierTaken)
    }
    let user = User(
      id: new.id, email: address.normalised, name: new.name, passwordHash: new.passwordHash,
      createdAt: now, emailVerifiedAt: isVerified ? now : nil,
      mustChangePassword: isByAnother && new.passwordHash != nil)
    try connection.run(
      "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)", user.id, user.email, user.name,
      user.passwordHash, user.createdAt, user.emailVerifiedAt, user.mustChangePassword)
    return user
  }

  /// With its first owner, who counts against no limit: a workspace always has an owner.
  ///
  /// - Parameter maker: The user who makes it; nothing for operators.
  private func insert(
    _ new: NewWorkspace, ownedBy ownerID: UserID, madeBy maker: UserID?
  ) throws -> Workspace {
    try Rejection.requireWellFormed(new.id, field: "workspace_id")
    try Rejection.requireName(new.name, field: "name")
    try new.settings.validate()
    guard let plan = try connection.plan(new.planID) else { throw Rejection.notFound(.plan) }
    guard isOperator || (plan.id == .free && new.settings.narrows(plan)) else {
      throw Rejection.forbidden(.operateCluster)
    }
    // One that was deleted may have left rows behind that must not be this one's.
    guard try connection.workspace(new.id) == nil, try !isBeingRemoved(new.id) else {
      throw Rejection.conflict(.identifierTaken)
    }
    let settings = new.settings
    let setByOperator = isOperator ? settings.names : []
    try connection.run(
      "INSERT INTO workspaces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 0, 0, ?, ?, ?)", new.id,
      new.name, plan.id, settings.maxRows, settings.maxAPICalls, settings.maxUsers,
      settings.maxDatasets, settings.retentionDays, now, Int64(bitPattern: index), maker,
      Int64(setByOperator.rawValue))
    try connection.run(
      "INSERT INTO memberships VALUES (?, ?, ?, ?)", new.id, ownerID, Role.owner, now)
    return Workspace(
      id: new.id, name: new.name, planID: plan.id, settings: settings,
      setByOperator: setByOperator, memberCount: 1,
      createdAt: now, revision: index)
  }
}
