/// One thing a caller may or may not do.
public enum Permission: String, Sendable, CaseIterable {
  /// Read reports, usage and history.
  case read
  /// Run analyses.
  case analyze
  /// Clean datasets.
  case fix
  /// Add, change and remove members.
  case manageUsers = "manage_users"
  /// Create and revoke API keys.
  case manageKeys = "manage_keys"
  /// Change the workspace and its settings.
  case manageWorkspace = "manage_workspace"
  /// Read the audit log.
  case viewAudit = "view_audit"
  /// Pay for the workspace.
  case manageBilling = "manage_billing"
  /// Delete the workspace.
  case deleteWorkspace = "delete_workspace"
  /// Grant, change or take away the owner's role.
  case manageOwners = "manage_owners"
  /// What only an operator of the cluster may do, such as choosing a plan or widening a limit.
  case operateCluster = "operate_cluster"
}

/// A member's standing in a workspace. Each role holds all rights of the one below it.
public enum Role: String, Sendable, CaseIterable {
  /// Everything in the workspace.
  case owner
  /// Users, keys, settings and audit, and what an analyst may do.
  case admin
  /// Analyze and fix, and what a viewer may do.
  case analyst
  /// Read only.
  case viewer

  /// What the role allows.
  public var permissions: Set<Permission> {
    switch self {
    case .viewer: [.read]
    case .analyst: [.read, .analyze, .fix]
    case .admin:
      [.read, .analyze, .fix, .manageUsers, .manageKeys, .manageWorkspace, .viewAudit]
    case .owner:
      [
        .read, .analyze, .fix, .manageUsers, .manageKeys, .manageWorkspace, .viewAudit,
        .manageBilling, .deleteWorkspace, .manageOwners,
      ]
    }
  }

  /// Whether the role allows `permission`.
  public func allows(_ permission: Permission) -> Bool {
    permissions.contains(permission)
  }
}

/// What an API key was made for. A key's rights are what its scopes and its user's role both allow.
public struct Scopes: OptionSet, Hashable, Sendable {
  /// A bit for each scope; the bits are stored and must keep their meaning.
  public let rawValue: Int64

  /// Takes the stored bits.
  public init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  /// Run analyses.
  public static let analyze = Scopes(rawValue: 1)
  /// Clean datasets.
  public static let fix = Scopes(rawValue: 2)
  /// Read reports, usage and history.
  public static let read = Scopes(rawValue: 4)
  /// Everything else that the user may do.
  public static let manage = Scopes(rawValue: 8)
  /// All scopes there are.
  public static let all: Scopes = [.analyze, .fix, .read, .manage]

  /// Reads the names of the API; nothing if one is unknown.
  public init?(names: some Sequence<String>) {
    var scopes: Scopes = []
    for name in names {
      guard let named = Scopes.named.first(where: { $0.name == name }) else { return nil }
      scopes.insert(named.scope)
    }
    self = scopes
  }

  /// The names of the API, always in the same order.
  public var names: [String] {
    Scopes.named.filter { contains($0.scope) }.map(\.name)
  }

  /// Whether the scopes allow `permission`.
  public func allows(_ permission: Permission) -> Bool {
    switch permission {
    case .read: contains(.read)
    case .analyze: contains(.analyze)
    case .fix: contains(.fix)
    case .operateCluster: false
    case .manageUsers, .manageKeys, .manageWorkspace, .viewAudit, .manageBilling,
      .deleteWorkspace, .manageOwners:
      contains(.manage)
    }
  }

  private static let named: [(name: String, scope: Scopes)] = [
    ("analyze", .analyze), ("fix", .fix), ("read", .read), ("manage", .manage),
  ]
}
