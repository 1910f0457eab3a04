/// Who may do what, copied from the contract and not from the product: roles, and the scopes of API
/// keys. A key's rights are what both allow.
enum ContractRights {
  static let roles = ["owner", "admin", "analyst", "viewer"]
  static let scopes = ["analyze", "fix", "read", "manage"]

  /// What each operation needs: a permission, or `anyone`, `visitor`, `credential`, `user`,
  /// `operator`.
  static let needs = [
    "register": "anyone", "logIn": "anyone", "refreshTokens": "anyone",
    "logOut": "user", "listSessions": "user", "endSession": "user",
    "changePassword": "user", "requestPasswordReset": "anyone",
    "confirmPasswordReset": "anyone", "requestEmailVerification": "user",
    "confirmEmailVerification": "user", "createPasswordReset": "operator",
    "rotateSigningKey": "operator", "getSigningKeys": "anyone",
    "listInvitations": "manage_users", "createInvitation": "manage_users",
    "revokeInvitation": "manage_users", "acceptInvitation": "visitor",
    "getIdentity": "credential",
    "listWorkspaces": "credential", "createWorkspace": "credential", "getWorkspace": "read",
    "listAPIKeys": "manage_keys", "createAPIKey": "manage_keys", "revokeAPIKey": "manage_keys",
    "rotateAPIKey": "manage_keys", "validateAPIKey": "credential",
    "updateWorkspace": "manage_workspace", "deleteWorkspace": "delete_workspace",
    "listMembers": "manage_users", "addMember": "manage_users", "changeRole": "manage_users",
    "removeMember": "manage_users", "getUser": "credential", "checkPermission": "credential",
    "listAuditEntries": "view_audit", "listClusterAuditEntries": "operator",
    "listOwnAuditEntries": "user",
    "analyze": "analyze", "fix": "fix", "listPlans": "anyone", "getUsage": "read",
    "getLedger": "read", "checkQuota": "read", "definePlan": "operator",
    "getCluster": "operator", "transferLeadership": "operator",
    "getLiveness": "anyone", "getReadiness": "anyone", "getMetrics": "anyone",
    "getService": "anyone", "getDocument": "anyone",
    "getDocs": "anyone", "getDocsStyle": "anyone", "getDocsScript": "anyone",
  ]

  static func role(_ role: String, allows permission: String) -> Bool {
    let viewer: Set = ["read"]
    let analyst = viewer.union(["analyze", "fix"])
    let admin = analyst.union(["manage_users", "manage_keys", "manage_workspace", "view_audit"])
    let owner = admin.union(["manage_billing", "delete_workspace"])
    return switch role {
    case "viewer": viewer.contains(permission)
    case "analyst": analyst.contains(permission)
    case "admin": admin.contains(permission)
    case "owner": owner.contains(permission)
    default: false
    }
  }

  static func scope(_ scope: String, allows permission: String) -> Bool {
    switch scope {
    case "manage": !["read", "analyze", "fix"].contains(permission)
    default: scope == permission
    }
  }
}

/// Somebody who calls, and what they show.
struct ContractCaller: Sendable, CustomStringConvertible {
  enum Standing: Hashable, Sendable {
    case member(role: String)
    /// A user of another workspace.
    case stranger
    case nobody
    case `operator`
  }

  enum Proof: Hashable, Sendable {
    case nothing
    case accessToken
    case key(scopes: [String])
    case expiredKey
    case revokedKey
    case adminToken
  }

  var standing: Standing
  var proof: Proof

  var description: String { "\(standing) with \(proof)" }

  var role: String? {
    if case .member(let role) = standing { role } else { nil }
  }

  static let everybody: [ContractCaller] =
    ContractRights.roles.flatMap { role in
      let keys = ContractRights.scopes.map { Proof.key(scopes: [$0]) }
      let proofs: [Proof] =
        [.accessToken, .key(scopes: ContractRights.scopes), .expiredKey, .revokedKey] + keys
      return proofs.map { ContractCaller(standing: .member(role: role), proof: $0) }
    } + [
      ContractCaller(standing: .stranger, proof: .accessToken),
      ContractCaller(standing: .nobody, proof: .nothing),
      ContractCaller(standing: .operator, proof: .adminToken),
    ]
}

/// What a call must be answered with.
enum ContractAnswer: Equatable {
  case allowed
  case unauthenticated
  /// Lacking a permission; nothing where none would help.
  case forbidden(String?)
  case notFound

  /// - Parameters:
  ///   - permission: What the operation needs.
  ///   - isForeign: Whether the call is about a workspace that is not the caller's.
  init(
    to caller: ContractCaller, of operation: String, needing permission: String, isForeign: Bool
  ) {
    if permission == "anyone" {
      self = .allowed
      return
    }
    switch caller.proof {
    case .nothing where permission == "visitor":
      self = .allowed
      return
    case .nothing, .expiredKey, .revokedKey:
      self = .unauthenticated
      return
    case .adminToken:
      self = permission == "user" ? .forbidden(nil) : .allowed
      return
    case .accessToken, .key: break
    }
    switch permission {
    case "operator": self = .forbidden("operate_cluster")
    case "visitor": self = .allowed
    case "user":
      self = caller.proof != .accessToken ? .forbidden(nil) : isForeign ? .notFound : .allowed
    case "credential": self = Self.holder(caller, of: operation, isForeign: isForeign)
    default: self = Self.member(caller, needing: permission, isForeign: isForeign)
    }
  }

  private static func member(
    _ caller: ContractCaller, needing permission: String, isForeign: Bool
  ) -> ContractAnswer {
    guard let role = caller.role, !isForeign else { return .notFound }
    var isAllowed = ContractRights.role(role, allows: permission)
    if case .key(let scopes) = caller.proof {
      isAllowed =
        isAllowed && scopes.contains { ContractRights.scope($0, allows: permission) }
    }
    return isAllowed ? .allowed : .forbidden(permission)
  }

  /// Operations that any credential may call, and what some of them ask of API keys.
  private static func holder(
    _ caller: ContractCaller, of operation: String, isForeign: Bool
  ) -> ContractAnswer {
    if isForeign { return .notFound }
    guard case .key(let scopes) = caller.proof else {
      return operation == "validateAPIKey" ? .forbidden("operate_cluster") : .allowed
    }
    return switch operation {
    case "listWorkspaces" where !scopes.contains("read"): .forbidden("read")
    case "getUser" where !scopes.contains("read"): .forbidden("read")
    case "createWorkspace": .forbidden("operate_cluster")
    default: .allowed
    }
  }
}
