/// The answer of `GET /api/v1/auth/me`: who the credential stands for and what it may do.
public struct Identity: Codable, Equatable, Sendable {
  /// What kind of credential was sent.
  public struct Kind: RawRepresentable, Hashable, Codable, Sendable {
    /// The word on the wire.
    public var rawValue: String

    /// The kind of this name, known to this version or not.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// An access token, from a login.
    public static let user = Kind(rawValue: "user")
    /// An API key, which acts for its user.
    public static let apiKey = Kind(rawValue: "api_key")
    /// The operator's admin token, which belongs to no user and no workspace.
    public static let admin = Kind(rawValue: "admin")
  }

  /// What kind of credential was sent.
  public var kind: Kind
  /// The user behind the credential; absent for the admin token.
  public var user: User?
  /// The workspace the credential works in; absent for the admin token.
  public var workspace: Workspace?
  /// The user's role in that workspace.
  public var role: Role?
  /// The scopes of the API key; absent for other credentials.
  public var scopes: [Scope]?
  /// The ID of the API key; absent for other credentials.
  public var keyID: String?
  /// What the credential may do, all things considered.
  public var permissions: [Permission]

  /// An identity as the API shows it.
  public init(
    kind: Kind, user: User? = nil, workspace: Workspace? = nil, role: Role? = nil,
    scopes: [Scope]? = nil, keyID: String? = nil, permissions: [Permission]
  ) {
    self.kind = kind
    self.user = user
    self.workspace = workspace
    self.role = role
    self.scopes = scopes
    self.keyID = keyID
    self.permissions = permissions
  }

  enum CodingKeys: String, CodingKey {
    case kind, user, workspace, role, scopes, permissions
    case keyID = "key_id"
  }
}
