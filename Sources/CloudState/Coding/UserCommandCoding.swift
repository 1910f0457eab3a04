extension NewUser {
  init(_ wire: PBNewUser) {
    self.init(
      id: UserID(rawValue: wire.id), email: wire.email, name: wire.name,
      passwordHash: wire.hasPasswordHash ? wire.passwordHash : nil)
  }

  var wire: PBNewUser {
    var wire = PBNewUser()
    wire.id = id.rawValue
    wire.email = email
    wire.name = name
    if let passwordHash { wire.passwordHash = passwordHash }
    return wire
  }
}

extension CreateUser {
  init(_ wire: PBCreateUser) {
    self.init(
      user: NewUser(wire.user), workspace: wire.hasWorkspace ? NewWorkspace(wire.workspace) : nil,
      session: wire.hasSession ? NewSession(wire.session) : nil)
  }

  var wire: PBCreateUser {
    var wire = PBCreateUser()
    wire.user = user.wire
    if let workspace { wire.workspace = workspace.wire }
    if let session { wire.session = session.wire }
    return wire
  }
}
