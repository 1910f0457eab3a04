import CloudAPI
import CloudState

/// Workspaces: the caller's, new ones, and one.
struct WorkspaceRoutes: Sendable {
  let proposer: Proposer

  var routes: [Route] {
    [
      .query("/api/v1/workspaces", .credential, .listWorkspaces, Self.list),
      .perform(.post, "/api/v1/workspaces", .credential, .createWorkspace, create),
      .query("/api/v1/workspaces/{id}", .permission(.read, in: .path), .getWorkspace, Self.show),
      .perform(
        .patch, "/api/v1/workspaces/{id}", .permission(.manageWorkspace, in: .path),
        .updateWorkspace, change),
      .perform(
        .delete, "/api/v1/workspaces/{id}", .permission(.deleteWorkspace, in: .path),
        .deleteWorkspace, delete),
    ]
  }

  private static func list(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let (cursor, limit) = (try call.request.pageCursor, try call.request.pageLimit)
    switch call.caller {
    case .operator:
      return try .page(view.workspaces(after: cursor, limit: limit)) {
        CloudAPI.Workspace($0, role: nil)
      }
    case .user(let user, _):
      return try .page(view.workspaces(of: user.id, after: cursor, limit: limit)) {
        CloudAPI.Workspace($0.workspace, role: $0.role)
      }
    case .apiKey(let key, _):
      guard let access = try call.caller.access(to: key.workspaceID, in: view) else {
        throw Failure.notFound("workspace")
      }
      guard access.allows(.read) else { throw Failure.forbidden(.read) }
      return try .json(
        CloudAPI.Page(items: [CloudAPI.Workspace(access.workspace, role: access.role)]))
    case .nobody:
      throw RouteMismatch()
    }
  }

  private static func show(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    let access = try call.requireWorkspace()
    return try .json(CloudAPI.Workspace(access.workspace, role: access.role))
  }

  private func create(_ call: Call) async throws -> Answer {
    let request = try CreateWorkspaceRequest(call.fields())
    let owner: CreateWorkspace.Owner
    if let email = request.ownerEmail {
      owner = .email(email, newID: call.seed.identifier(for: "owner"))
    } else if let user = call.caller.user {
      owner = .user(user.id)
    } else {
      throw Failure.invalid("owner_email", "is missing; the admin token owns no workspace")
    }
    let made = try await proposer.propose(
      CreateWorkspace(workspace: NewWorkspace(request, from: call.seed), owner: owner),
      in: call.commands)
    return try .json(
      CloudAPI.Workspace(made, role: call.caller.user == nil ? nil : .owner), status: .created)
  }
}

extension WorkspaceRoutes {
  private func change(_ call: Call) async throws -> Answer {
    var command = UpdateWorkspace(workspaceID: try call.requireWorkspace().workspace.id)
    try command.read(call.fields())
    return try await changing(call) { access in
      command.revision = call.request.isConditional ? access.workspace.revision : nil
      let changed = try await proposer.propose(command, in: call.commands)
      return try .json(CloudAPI.Workspace(changed, role: access.role))
    }
  }

  private func delete(_ call: Call) async throws -> Answer {
    try await changing(call) { access in
      let command = DeleteWorkspace(
        workspaceID: access.workspace.id,
        revision: call.request.isConditional ? access.workspace.revision : nil)
      _ = try await proposer.propose(command, in: call.commands)
      return .noContent
    }
  }

  /// With `If-Match`, only what is still as the caller has seen it is changed (RFC 9110 §13.1.1).
  private func changing(
    _ call: Call, _ change: (WorkspaceAccess) async throws -> Answer
  ) async throws -> Answer {
    guard let condition = EntityTagCondition(call.request.headers, .ifMatch) else {
      return try await change(call.requireWorkspace())
    }
    let (caller, id) = (call.caller, try call.requireWorkspace().workspace.id)
    let access = try await call.replica.readBehindBarrier { try caller.access(to: id, in: $0) }
    guard let access else { throw Failure.notFound("workspace") }
    let shown = try Answer.json(CloudAPI.Workspace(access.workspace, role: access.role))
    guard condition.matchesStrongly(EntityTag(of: shown.body)) else {
      throw Failure.preconditionFailed()
    }
    do {
      return try await change(access)
    } catch Rejection.conflict(.changedMeanwhile) {
      throw Failure.preconditionFailed()
    }
  }
}

extension APIRequest {
  fileprivate var isConditional: Bool { headers[.ifMatch] != nil }
}

extension UpdateWorkspace {
  fileprivate mutating func read(_ fields: consuming JSONFields) throws(Failure) {
    name = fields.name("name")
    planID = fields.string("plan").map(PlanID.init(rawValue:))
    let most = CloudAPI.WorkspaceSettings.largest
    settings =
      fields.object("settings") { settings in
        WorkspaceSettingsChange(
          maxRows: settings.change("max_rows", in: 0...most),
          maxAPICalls: settings.change("max_api_calls", in: 0...most),
          maxUsers: settings.change("max_users", in: 1...most),
          maxDatasets: settings.change("max_datasets", in: 0...most),
          retentionDays: settings.change("retention_days", in: 1...most))
      } ?? WorkspaceSettingsChange()
    try fields.finish()
  }
}

extension JSONFields {
  fileprivate mutating func change(_ name: String, in range: ClosedRange<Int>) -> LimitChange? {
    isNull(name) ? .asInPlan : integer(name, in: range).map { .set(Int64($0)) }
  }
}

extension CreateWorkspaceRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    let most = CloudAPI.WorkspaceSettings.largest
    self.init(
      name: fields.requiredName("name"), plan: fields.string("plan"),
      ownerEmail: fields.string("owner_email").map { $0.trimmingSpaces() },
      settings: fields.object("settings") { settings in
        CloudAPI.WorkspaceSettings(
          maxRows: settings.integer("max_rows", in: 0...most),
          maxAPICalls: settings.integer("max_api_calls", in: 0...most),
          maxUsers: settings.integer("max_users", in: 1...most),
          maxDatasets: settings.integer("max_datasets", in: 0...most),
          retentionDays: settings.integer("retention_days", in: 1...most))
      })
    try fields.finish()
  }
}

extension NewWorkspace {
  fileprivate init(_ request: CreateWorkspaceRequest, from seed: RequestSeed) {
    self.init(
      id: seed.identifier(), name: request.name,
      planID: request.plan.map(PlanID.init(rawValue:)) ?? .free,
      settings: CloudState.WorkspaceSettings(
        maxRows: request.settings?.maxRows.map(Int64.init),
        maxAPICalls: request.settings?.maxAPICalls.map(Int64.init),
        maxUsers: request.settings?.maxUsers.map(Int64.init),
        maxDatasets: request.settings?.maxDatasets.map(Int64.init),
        retentionDays: request.settings?.retentionDays.map(Int64.init)))
  }
}
