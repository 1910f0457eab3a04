#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// The body of `POST /api/v1/auth/register`.
public struct RegisterRequest: Codable, Equatable, Sendable {
  /// The address that the user will log in with.
  public var email: String
  /// The password, in clear; it travels in this request only.
  public var password: String
  /// The user's name for people.
  public var name: String?
  /// The name of the workspace that is made with the user.
  public var workspaceName: String?

  /// A request to register `email`.
  public init(
    email: String, password: String, name: String? = nil, workspaceName: String? = nil
  ) {
    self.email = email
    self.password = password
    self.name = name
    self.workspaceName = workspaceName
  }

  enum CodingKeys: String, CodingKey {
    case email, password, name
    case workspaceName = "workspace_name"
  }
}

/// The body of `POST /api/v1/auth/login`.
public struct LoginRequest: Codable, Equatable, Sendable {
  /// The address that the user registered with.
  public var email: String
  /// The password, in clear; it travels in this request only.
  public var password: String

  /// A request to log `email` in.
  public init(email: String, password: String) {
    self.email = email
    self.password = password
  }
}

/// The answer to a login: what to send as `Authorization: Bearer` from now on.
public struct Tokens: Codable, Equatable, Sendable {
  /// The token that calls are made with.
  public var accessToken: String
  /// A token that buys new tokens, once; absent where the service does not renew tokens.
  public var refreshToken: String?
  /// How the access token is sent; always `bearer`.
  public var tokenType: String
  /// Seconds until the access token runs out.
  public var expiresIn: Int

  /// Tokens for a caller who has proven who they are.
  public init(
    accessToken: String, refreshToken: String? = nil, tokenType: String = "bearer", expiresIn: Int
  ) {
    self.accessToken = accessToken
    self.refreshToken = refreshToken
    self.tokenType = tokenType
    self.expiresIn = expiresIn
  }

  enum CodingKeys: String, CodingKey {
    case accessToken = "access_token"
    case refreshToken = "refresh_token"
    case tokenType = "token_type"
    case expiresIn = "expires_in"
  }
}

/// The answer to a registration: `{user, workspace}` and, beside them, the fields of ``Tokens``.
public struct Registration: Codable, Equatable, Sendable {
  /// The user that was made.
  public var user: User
  /// The workspace that was made, with the user as its owner.
  public var workspace: Workspace
  /// Tokens for the new user.
  public var tokens: Tokens

  /// The outcome of a registration.
  public init(user: User, workspace: Workspace, tokens: Tokens) {
    self.user = user
    self.workspace = workspace
    self.tokens = tokens
  }

  /// Reads the user, the workspace and the token fields from one object.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    user = try container.decode(User.self, forKey: .user)
    workspace = try container.decode(Workspace.self, forKey: .workspace)
    tokens = try Tokens(from: decoder)
  }

  /// Writes the user, the workspace and the token fields into one object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(user, forKey: .user)
    try container.encode(workspace, forKey: .workspace)
    try tokens.encode(to: encoder)
  }

  enum CodingKeys: String, CodingKey {
    case user, workspace
  }
}

/// A person who can log in.
public struct User: Codable, Equatable, Sendable {
  /// The user's ID (`usr_…`).
  public var id: String
  /// The address that the user logs in with.
  public var email: String
  /// The user's name for people.
  public var name: String?
  /// When the user was made.
  public var createdAt: Date?
  /// Whether it is proven that the address is the user's. Until then nobody else can make the user a
  /// member of a workspace.
  public var emailVerified: Bool?
  /// Whether somebody else has chosen the user's password. Until the user has changed it, they become
  /// a member of no further workspace.
  public var mustChangePassword: Bool?

  /// A user as the API shows it.
  public init(
    id: String, email: String, name: String? = nil, createdAt: Date? = nil,
    emailVerified: Bool? = nil, mustChangePassword: Bool? = nil
  ) {
    self.id = id
    self.email = email
    self.name = name
    self.createdAt = createdAt
    self.emailVerified = emailVerified
    self.mustChangePassword = mustChangePassword
  }

  enum CodingKeys: String, CodingKey {
    case id, email, name
    case createdAt = "created_at"
    case emailVerified = "email_verified"
    case mustChangePassword = "must_change_password"
  }
}
