#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A user's place in a workspace.
public struct Member: Codable, Equatable, Sendable {
  /// The user's ID (`usr_…`).
  public var userID: String
  /// The address that the user logs in with.
  public var email: String
  /// The user's name for people.
  public var name: String?
  /// What the user may do there.
  public var role: Role
  /// Since when.
  public var createdAt: Date

  /// A member as the API shows it.
  public init(userID: String, email: String, name: String? = nil, role: Role, createdAt: Date) {
    self.userID = userID
    self.email = email
    self.name = name
    self.role = role
    self.createdAt = createdAt
  }

  enum CodingKeys: String, CodingKey {
    case email, name, role
    case userID = "user_id"
    case createdAt = "created_at"
  }
}

/// The body of `POST /api/v1/workspaces/{id}/users`.
public struct AddMemberRequest: Codable, Equatable, Sendable {
  /// Whom to add. A user with this address who has proven that it is theirs is added as is.
  public var email: String
  /// As what.
  public var role: Role
  /// The name of a new user.
  public var name: String?
  /// The password of a new user, who is asked to change it; without one they set it by a password reset.
  public var password: String?

  /// A request to add a member.
  public init(email: String, role: Role, name: String? = nil, password: String? = nil) {
    self.email = email
    self.role = role
    self.name = name
    self.password = password
  }
}

/// The body of `PATCH /api/v1/workspaces/{id}/users/{user_id}`.
public struct ChangeRoleRequest: Codable, Equatable, Sendable {
  /// As what from now on.
  public var role: Role

  /// A request to change a role.
  public init(role: Role) { self.role = role }
}
