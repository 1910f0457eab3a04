#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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
  init?(_ wire: PBCreateUser) {
    let network = AttemptSubject(wire.network)
    guard network != nil || wire.network.isEmpty else { return nil }
    self.init(
      user: NewUser(wire.user), workspace: wire.hasWorkspace ? NewWorkspace(wire.workspace) : nil,
      session: wire.hasSession ? NewSession(wire.session) : nil, network: network)
  }

  var wire: PBCreateUser {
    var wire = PBCreateUser()
    wire.user = user.wire
    if let workspace { wire.workspace = workspace.wire }
    if let session { wire.session = session.wire }
    if let network { wire.network = Data(network.bytes) }
    return wire
  }
}
