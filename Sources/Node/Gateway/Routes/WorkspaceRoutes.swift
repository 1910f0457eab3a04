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
      owner = .email(email)
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

extension CreateWorkspaceRequest {
  fileprivate init(_ fields: consuming JSONFields) throws(Failure) {
    let most = CloudAPI.WorkspaceSettings.largest
    self.init(
      name: fields.requiredName("name"), plan: fields.string("plan"),
      ownerEmail: fields.string("owner_email").map { $0.trimmingSpaces() },
      settings: fields.object("settings") { settings in
        CloudAPI.WorkspaceSettings(
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
        maxUsers: request.settings?.maxUsers.map(Int64.init),
        maxDatasets: request.settings?.maxDatasets.map(Int64.init),
        retentionDays: request.settings?.retentionDays.map(Int64.init)))
  }
}
