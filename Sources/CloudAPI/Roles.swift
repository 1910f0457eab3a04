// Roles, scopes and permissions are open sets of words: a client that meets a word newer than
// itself must still be able to read the rest of the answer, so none of them is an enum.

/// What a user may do in a workspace.
public struct Role: RawRepresentable, Hashable, Codable, Sendable {
  /// The word on the wire.
  public var rawValue: String

  /// The role of this name, known to this version or not.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// May do everything, billing and deletion included. A workspace always has one.
  public static let owner = Role(rawValue: "owner")
  /// Manages users, keys and the workspace.
  public static let admin = Role(rawValue: "admin")
  /// Analyzes and fixes datasets.
  public static let analyst = Role(rawValue: "analyst")
  /// Reads reports, usage and history.
  public static let viewer = Role(rawValue: "viewer")
}

/// What an API key was made for; its rights are what both its scopes and its user's role allow.
public struct Scope: RawRepresentable, Hashable, Codable, Sendable {
  /// The word on the wire.
  public var rawValue: String

  /// The scope of this name, known to this version or not.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Sends datasets to be analyzed.
  public static let analyze = Scope(rawValue: "analyze")
  /// Sends datasets to be fixed.
  public static let fix = Scope(rawValue: "fix")
  /// Reads reports, usage and history.
  public static let read = Scope(rawValue: "read")
  /// Manages the workspace, as far as the key's user may.
  public static let manage = Scope(rawValue: "manage")
}

/// One right that a call asks for, such as `analyze` or `manage_keys`.
public struct Permission: RawRepresentable, Hashable, Codable, Sendable {
  /// The word on the wire.
  public var rawValue: String

  /// The permission of this name, known to this version or not.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Reads reports, usage and history.
  public static let read = Permission(rawValue: "read")
  /// Sends datasets to be analyzed.
  public static let analyze = Permission(rawValue: "analyze")
  /// Sends datasets to be fixed.
  public static let fix = Permission(rawValue: "fix")
  /// Reads who did what.
  public static let viewAudit = Permission(rawValue: "view_audit")
  /// Changes the workspace's name and settings.
  public static let manageWorkspace = Permission(rawValue: "manage_workspace")
  /// Makes and revokes API keys.
  public static let manageKeys = Permission(rawValue: "manage_keys")
  /// Adds and removes members.
  public static let manageUsers = Permission(rawValue: "manage_users")
  /// Deletes the workspace.
  public static let deleteWorkspace = Permission(rawValue: "delete_workspace")
  /// Changes the plan and sees invoices.
  public static let manageBilling = Permission(rawValue: "manage_billing")
}

/// The answer of `GET /api/v1/permissions/check`.
public struct PermissionCheck: Codable, Equatable, Sendable {
  /// Whether the caller may.
  public var allowed: Bool

  /// An answer.
  public init(allowed: Bool) { self.allowed = allowed }
}
