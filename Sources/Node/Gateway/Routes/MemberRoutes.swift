import CloudAPI
import CloudState

/// The people of a workspace.
struct MemberRoutes: Sendable {
  let proposer: Proposer
  let passwords: Passwords

  var routes: [Route] {
    let access = Access.permission(.manageUsers, in: .path)
    return [
      .query("/api/v1/workspaces/{id}/users", access, .listMembers, Self.list),
      .perform(.post, "/api/v1/workspaces/{id}/users", access, .addMember, add),
      .perform(
        .patch, "/api/v1/workspaces/{id}/users/{user_id}", access, .changeRole, changeRole),
      .perform(
        .delete, "/api/v1/workspaces/{id}/users/{user_id}",
        .permission(.manageUsers, in: .path, orAboutOneself: true), .removeMember, remove),
      .query("/api/v1/users/{id}", .credential, .getUser, Self.show),
    ]
  }

  private static func list(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    try .page(
      view.members(
        of: call.requireWorkspace().workspace.id, after: call.request.pageCursor,
        limit: call.request.pageLimit), CloudAPI.Member.init)
  }

  private func add(_ call: Call) async throws -> Answer {
    let workspace = try call.requireWorkspace().workspace
    let request = try AddMemberRequest(call.fields())
    let role = try CloudState.Role(named: request.role)
    var hash: String?
    if let password = request.password {
      try await Self.requireRoom(in: workspace.id, call)
      hash = try await passwords.hash(
        password, by: call.caller.user?.id, for: ClientPresence(call.request.channel))
    }
    let added = try await proposer.propose(
      AddMember(
        workspaceID: workspace.id,
        user: NewUser(
          id: call.seed.identifier(), email: request.email, name: request.name ?? "",
          passwordHash: hash), role: role),
      in: call.commands)
    return try .json(CloudAPI.Member(added.member), status: .created)
  }

  /// The state decides whether there is room. This keeps a password from being hashed, which is dear, where
  /// there is none.
  private static func requireRoom(in workspace: WorkspaceID, _ call: Call) async throws {
    let newcomer: UserID = call.seed.identifier()
    try await call.replica.confirmingRefusals { view in
      guard let usage = try view.userUsage(of: workspace), let limit = usage.limit,
        usage.used >= limit
      else { return }
      // A repetition has found room.
      if try view.user(newcomer) != nil { return }
      throw Failure.quotaExceeded(.users, limit: limit, used: usage.used, resetsAt: nil)
    }
  }

  private func changeRole(_ call: Call) async throws -> Answer {
    let (workspaceID, userID) = (try call.requireWorkspace().workspace.id, call.userInPath)
    var fields = try call.fields()
    let name = fields.role("role")
    try fields.finish()
    let role = try CloudState.Role(named: name)
    _ = try await proposer.propose(
      ChangeRole(workspaceID: workspaceID, userID: userID, role: role), in: call.commands)
    return try await call.replica.readBehindBarrier { view in
      guard let member = try view.member(userID, of: workspaceID) else {
        throw Failure.notFound("membership")
      }
      return try .json(CloudAPI.Member(member))
    }
  }

  /// Members may leave, whatever their role; the state looks again at who leaves.
  private func remove(_ call: Call) async throws -> Answer {
    _ = try await proposer.propose(
      RemoveMember(
        workspaceID: try call.requireWorkspace().workspace.id, userID: call.userInPath),
      in: call.commands)
    return .noContent
  }

  /// A user is visible to those who share a workspace, and to a key in its own.
  private static func show(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let id = UserID(rawValue: call.request.parameters["id"] ?? "")
    guard let user = try view.user(id) else { throw Failure.notFound("user") }
    guard try isVisible(id, to: call.caller, in: view) else { throw Failure.foreign("user") }
    if case .apiKey(let key, _) = call.caller, !key.scopes.allows(.read) {
      throw Failure.forbidden(.read)
    }
    return try .json(CloudAPI.User(user))
  }

  private static func isVisible(
    _ id: UserID, to caller: Caller, in view: borrowing StateView
  ) throws -> Bool {
    switch caller {
    case .nobody: false
    case .operator: true
    case .user(let user, in: _): try user.id == id || view.shareWorkspace(user.id, id)
    case .apiKey(let key, _): try view.membership(key.workspaceID, id) != nil
    }
  }
}

extension Call {
  fileprivate var userInPath: UserID { UserID(rawValue: request.parameters["user_id"] ?? "") }
}

extension CloudState.Role {
  fileprivate static let expectation =
    "must be one of \(allCases.map(\.rawValue).joined(separator: ", "))"

  /// - Throws: ``Failure`` for a word that is no role.
  init(named role: CloudAPI.Role) throws(Failure) {
    guard let known = CloudState.Role(rawValue: role.rawValue) else {
      throw .invalid("role", Self.expectation)
    }
    self = known
  }
}

extension AddMemberRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    let email = fields.email("email")
    let role = fields.role("role")
    self.init(
      email: email, role: role, name: fields.name("name", mayBeEmpty: true),
      password: fields.newPassword("password"))
    try fields.finish()
  }
}

extension JSONFields {
  /// The name of a role.
  mutating func role(_ field: String) -> CloudAPI.Role {
    let before = errors.count
    let role = CloudAPI.Role(rawValue: requiredString(field))
    if errors.count == before, CloudState.Role(rawValue: role.rawValue) == nil {
      reject(field, CloudState.Role.expectation)
    }
    return role
  }

  /// A password that somebody will log in with; nothing if it is not there.
  mutating func newPassword(_ name: String) -> String? {
    guard let password = string(name) else { return nil }
    guard Passwords.length.contains(password.unicodeScalars.count) else {
      return reject(
        name,
        "must have \(Passwords.length.lowerBound) to \(Passwords.length.upperBound) characters")
    }
    return password
  }
}
