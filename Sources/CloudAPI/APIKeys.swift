#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// An API key as lists show it: everything but the secret.
public struct APIKey: Codable, Equatable, Sendable {
  /// The key's ID (`key_…`), which is no secret.
  public var id: String
  /// The key's name for people.
  public var name: String
  /// The workspace the key works in.
  public var workspaceID: String
  /// The user the key acts for.
  public var userID: String
  /// What the key was made for.
  public var scopes: [Scope]
  /// The first characters of the secret (`clk_…`), by which a person recognizes the key.
  public var prefix: String?
  /// When the key was made.
  public var createdAt: Date
  /// When the key runs out; absent when it does not.
  public var expiresAt: Date?
  /// When the key was last used, to the minute or so; absent when it never was.
  public var lastUsedAt: Date?
  /// The key that took its place; absent when it was not rotated.
  public var replacedBy: String?

  /// A key as the API shows it.
  public init(
    id: String, name: String, workspaceID: String, userID: String, scopes: [Scope],
    prefix: String? = nil, createdAt: Date, expiresAt: Date? = nil, lastUsedAt: Date? = nil,
    replacedBy: String? = nil
  ) {
    self.id = id
    self.name = name
    self.workspaceID = workspaceID
    self.userID = userID
    self.scopes = scopes
    self.prefix = prefix
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.lastUsedAt = lastUsedAt
    self.replacedBy = replacedBy
  }

  enum CodingKeys: String, CodingKey {
    case id, name, scopes, prefix
    case lastUsedAt = "last_used_at"
    case replacedBy = "replaced_by"
    case workspaceID = "workspace_id"
    case userID = "user_id"
    case createdAt = "created_at"
    case expiresAt = "expires_at"
  }
}

/// The answer to making a key: the fields of ``APIKey`` and, this once, the secret as `key`.
public struct CreatedAPIKey: Codable, Equatable, Sendable {
  /// What lists will show of the key.
  public var apiKey: APIKey
  /// The secret (`clk_…`). The service keeps only a hash of it.
  public var key: String

  /// A key that was just made.
  public init(apiKey: APIKey, key: String) {
    self.apiKey = apiKey
    self.key = key
  }

  /// Reads the key's fields and the secret from one object.
  public init(from decoder: any Decoder) throws {
    apiKey = try APIKey(from: decoder)
    key = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .key)
  }

  /// Writes the key's fields and the secret into one object.
  public func encode(to encoder: any Encoder) throws {
    try apiKey.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(key, forKey: .key)
  }

  enum CodingKeys: String, CodingKey {
    case key
  }
}

/// The body of `POST /api/v1/api-keys`.
public struct CreateAPIKeyRequest: Codable, Equatable, Sendable {
  /// The workspace the key shall work in. Without it: the one the caller's credential works in;
  /// the admin token has none and must name it. Lists take the same as query `workspace_id`.
  public var workspaceID: String?
  /// The user the key shall act for. Without it: the caller; for the admin token, the owner.
  public var userID: String?
  /// The key's name for people.
  public var name: String
  /// What the key is made for.
  public var scopes: [Scope]
  /// After how many days the key runs out; without it, never.
  public var expiresInDays: Int?

  /// A request to make a key.
  public init(
    workspaceID: String? = nil, userID: String? = nil, name: String, scopes: [Scope],
    expiresInDays: Int? = nil
  ) {
    self.workspaceID = workspaceID
    self.userID = userID
    self.name = name
    self.scopes = scopes
    self.expiresInDays = expiresInDays
  }

  enum CodingKeys: String, CodingKey {
    case name, scopes
    case workspaceID = "workspace_id"
    case userID = "user_id"
    case expiresInDays = "expires_in_days"
  }
}

/// The body of `POST /api/v1/api-keys/{id}/rotate`.
public struct RotateAPIKeyRequest: Codable, Equatable, Sendable {
  /// For how many hours the old key goes on; without it, 24.
  public var overlapHours: Int?

  /// A request to rotate a key.
  public init(overlapHours: Int? = nil) { self.overlapHours = overlapHours }

  enum CodingKeys: String, CodingKey {
    case overlapHours = "overlap_hours"
  }
}

/// The body of `POST /api/v1/api-keys/validate`.
public struct ValidateAPIKeyRequest: Codable, Equatable, Sendable {
  /// The whole key.
  public var key: String

  /// A request to validate a key.
  public init(key: String) { self.key = key }
}

/// What a key is worth.
public struct APIKeyValidation: Codable, Equatable, Sendable {
  /// Whether it can be used now. If not, nothing else is said.
  public var valid: Bool
  /// The workspace the key works in.
  public var workspaceID: String?
  /// The user the key acts for.
  public var userID: String?
  /// What the key was made for.
  public var scopes: [Scope]?
  /// The user's role in the workspace.
  public var role: Role?
  /// When the key runs out; absent when it does not.
  public var expiresAt: Date?

  /// The worth of a key.
  public init(
    valid: Bool, workspaceID: String? = nil, userID: String? = nil, scopes: [Scope]? = nil,
    role: Role? = nil, expiresAt: Date? = nil
  ) {
    self.valid = valid
    self.workspaceID = workspaceID
    self.userID = userID
    self.scopes = scopes
    self.role = role
    self.expiresAt = expiresAt
  }

  enum CodingKeys: String, CodingKey {
    case valid, scopes, role
    case workspaceID = "workspace_id"
    case userID = "user_id"
    case expiresAt = "expires_at"
  }
}
