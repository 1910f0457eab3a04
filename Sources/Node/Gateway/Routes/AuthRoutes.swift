import CloudAPI
import CloudState

/// Registering, logging in, and asking who one is.
struct AuthRoutes: Sendable {
  let state: StateSource
  let proposer: Proposer
  let passwords: Passwords
  let tokens: SessionTokens
  let attempts: Attempts
  let verification: AddressVerification

  var routes: [Route] {
    [
      .perform(.post, "/api/v1/auth/register", .anyone, .register, register),
      .perform(.post, "/api/v1/auth/login", .anyone, .logIn, logIn),
      .query("/api/v1/auth/me", .credential, .getIdentity, Self.identify),
    ]
  }

  private func register(_ call: Call) async throws -> Answer {
    let request = try RegisterRequest(call.fields())
    // Before it is told whether an address is taken, and before anything is hashed.
    let network = try await attempts.count(.registration, in: call)
    let id: UserID = call.seed.identifier()
    // Users stay, so an address that is taken here is taken; hashing would be for nothing.
    if let known = try await state.read({ view in try view.user(email: request.email) }),
      known.id != id
    {
      attempts.noteFailure(of: Attempt.registration.action, at: known.id, in: call)
      throw Rejection.conflict(.emailTaken)
    }
    let client = ClientPresence(call.request.channel)
    let user = NewUser(
      id: id, email: request.email, name: request.name ?? "",
      passwordHash: try await passwords.hash(request.password, for: client))
    let workspace = NewWorkspace(
      id: call.seed.identifier(), name: request.workspaceName ?? Self.workspaceName(for: request))
    let session = NewSession(from: call.seed)
    let made = try await proposer.propose(
      CreateUser(user: user, workspace: workspace, session: session, network: network),
      in: call.commands)
    guard let madeWorkspace = made.workspace else { throw RouteMismatch() }
    // Who is here without it asks for another.
    if verification.mailer.isThere { try? await verification.send(to: session.id, in: call) }
    return try .json(
      Registration(
        user: CloudAPI.User(made.user), workspace: CloudAPI.Workspace(madeWorkspace, role: .owner),
        tokens: try await tokens.tokens(
          opening: session, of: made.user.id, at: made.user.createdAt)),
      status: .created)
  }

  private static func workspaceName(for request: RegisterRequest) -> String {
    if let name = request.name, !name.isEmpty {
      // Names are bounded in code points; a longer one is cut between characters.
      var title = name
      while title.unicodeScalars.count > StateLimits.nameLength - 12 { title.removeLast() }
      return "\(title)'s workspace"
    }
    return "My workspace"
  }

  private func logIn(_ call: Call) async throws -> Answer {
    let request = try LoginRequest(call.fields())
    try passwords.requireRoom()
    // Behind it, a user who registered elsewhere a moment ago is known here.
    let network = try await attempts.countPassword(of: request.email, in: call)
    let user = try await state.read { view in try view.user(email: request.email) }
    let isRight = try await passwords.check(
      request.password, against: user?.passwordHash, for: ClientPresence(call.request.channel))
    guard isRight, let user, let hash = user.passwordHash else {
      attempts.noteFailure(of: "session.open", at: user?.id, in: call)
      throw Failure.unauthenticated("the email address or the password is wrong")
    }
    let session = NewSession(from: call.seed)
    var commands = call.commands
    commands.actor = .user(user.id)
    let opened = try await proposer.propose(
      OpenSession(userID: user.id, session: session, passwordHash: hash, network: network),
      in: commands)
    if passwords.isOutdated(hash) { await upgrade(hash, of: user.id, request.password, call) }
    return try .json(
      try await tokens.tokens(opening: session, of: user.id, at: opened.createdAt))
  }

  /// Hashes a password anew, with today's parameters. If nothing comes of it, the next login tries again.
  private func upgrade(
    _ current: String, of userID: UserID, _ password: String, _ call: Call
  ) async {
    let client = ClientPresence(call.request.channel)
    guard let new = try? await passwords.hash(password, for: client) else { return }
    _ = try? await proposer.propose(
      UpgradePasswordHash(userID: userID, current: current, new: new), by: .user(userID))
  }

  private static func identify(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let named = call.request.query("workspace_id").map(WorkspaceID.init(rawValue:))
    let id = try named ?? call.caller.defaultWorkspace(in: view)
    let access = try id.flatMap { try call.caller.access(to: $0, in: view) }
    if let named, access == nil { throw try Failure.noWorkspace(named, in: view) }
    return try .json(Identity(call.caller, access))
  }
}

extension Identity {
  init(_ caller: Caller, _ access: WorkspaceAccess?) {
    let kind: Kind
    var key: CloudState.APIKey?
    var permissions = access?.permissions ?? []
    switch caller {
    case .apiKey(let used, _):
      kind = .apiKey
      key = used
    case .operator:
      kind = .admin
      permissions = CloudState.Permission.allCases
    case .user, .nobody:
      kind = .user
    }
    self.init(
      kind: kind, user: caller.user.map(CloudAPI.User.init),
      workspace: access.map { CloudAPI.Workspace($0.workspace, role: $0.role) },
      role: access?.role.map(CloudAPI.Role.init),
      scopes: key.map { $0.scopes.names.map(Scope.init(rawValue:)) }, keyID: key?.id.rawValue,
      permissions: permissions.map(CloudAPI.Permission.init))
  }
}

extension RegisterRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    let email = fields.email("email")
    let password = fields.requiredNewPassword("password")
    self.init(
      email: email, password: password, name: fields.name("name", mayBeEmpty: true),
      workspaceName: fields.name("workspace_name"))
    try fields.finish()
  }
}

extension LoginRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    let email = fields.requiredString("email").trimmingSpaces()
    let password = fields.shownPassword("password")
    self.init(email: email, password: password)
    try fields.finish()
  }
}

extension JSONFields {
  /// An email address in its normal form.
  mutating func email(_ name: String) -> String {
    let text = requiredString(name).trimmingSpaces()
    if errors.contains(where: { $0.field == name }) { return "" }
    if let address = EmailAddress(text) { return address.normalised }
    return reject(name, "must be an address like ann@example.org") ?? ""
  }

  /// A name for people, as the state takes it.
  mutating func name(_ name: String, mayBeEmpty: Bool = false) -> String? {
    guard let text = string(name) else { return nil }
    guard mayBeEmpty || !text.isEmpty else { return reject(name, "must not be empty") }
    guard text.unicodeScalars.count <= StateLimits.nameLength else {
      return reject(name, "must have at most \(StateLimits.nameLength) characters")
    }
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      return reject(name, "must not contain control characters")
    }
    return text
  }

  mutating func requiredName(_ field: String) -> String {
    let before = errors.count
    if let text = name(field) { return text }
    if errors.count == before { reject(field, "is missing") }
    return ""
  }
}
