import CloudAPI
import CloudState

/// What the caller may do.
struct PermissionRoutes: Sendable {
  var routes: [Route] {
    [.query("/api/v1/permissions/check", .credential, .checkPermission, Self.check)]
  }

  private static func check(_ view: borrowing StateView, _ call: Call) throws -> Answer {
    guard let name = call.request.query("permission") else {
      throw Failure.invalid("permission", "is missing")
    }
    guard let permission = CloudState.Permission(rawValue: name) else {
      let known = CloudState.Permission.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure.invalid("permission", "must be one of \(known)")
    }
    if case .operator = call.caller { return try .json(PermissionCheck(allowed: true)) }
    let named = call.request.query("workspace_id").map(WorkspaceID.init(rawValue:))
    guard let id = try named ?? call.caller.defaultWorkspace(in: view),
      let access = try call.caller.access(to: id, in: view)
    else {
      if let named { throw try Failure.noWorkspace(named, in: view) }
      return try .json(PermissionCheck(allowed: false))
    }
    return try .json(PermissionCheck(allowed: access.allows(permission)))
  }
}
