#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// An open invitation into a workspace.
public struct Invitation: Codable, Equatable, Sendable {
  /// The invitation's ID (`inv_…`).
  public var id: String
  /// The workspace.
  public var workspaceID: String
  /// Who is invited.
  public var email: String
  /// As what.
  public var role: Role
  /// The user who invites; absent if an operator does.
  public var invitedBy: String?
  /// Whether its token was mailed to the address, and is known to nobody else.
  public var mailed: Bool?
  /// When it was made.
  public var createdAt: Date
  /// When it runs out.
  public var expiresAt: Date

  /// An invitation as the API shows it.
  public init(
    id: String, workspaceID: String, email: String, role: Role, invitedBy: String? = nil,
    mailed: Bool? = nil, createdAt: Date, expiresAt: Date
  ) {
    self.id = id
    self.workspaceID = workspaceID
    self.email = email
    self.role = role
    self.invitedBy = invitedBy
    self.mailed = mailed
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  enum CodingKeys: String, CodingKey {
    case id, email, role, mailed
    case workspaceID = "workspace_id"
    case invitedBy = "invited_by"
    case createdAt = "created_at"
    case expiresAt = "expires_at"
  }
}

/// The body of `POST /api/v1/workspaces/{id}/invitations`.
public struct InviteRequest: Codable, Equatable, Sendable {
  /// Whom to invite.
  public var email: String
  /// As what.
  public var role: Role

  /// A request to invite `email`.
  public init(email: String, role: Role) {
    self.email = email
    self.role = role
  }
}

/// The answer to it: the fields of ``Invitation`` and, this once, the token if it was not mailed.
public struct CreatedInvitation: Codable, Equatable, Sendable {
  /// What lists will show of the invitation.
  public var invitation: Invitation
  /// What accepts it, for whom it was made; nothing if it was mailed to them. The service keeps only a
  /// hash of it.
  public var token: String?

  /// An invitation that was just made.
  public init(invitation: Invitation, token: String?) {
    self.invitation = invitation
    self.token = token
  }

  /// Reads the invitation's fields and the token from one object.
  public init(from decoder: any Decoder) throws {
    invitation = try Invitation(from: decoder)
    token = try decoder.container(keyedBy: CodingKeys.self)
      .decodeIfPresent(String.self, forKey: .token)
  }

  /// Writes the invitation's fields and the token into one object.
  public func encode(to encoder: any Encoder) throws {
    try invitation.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(token, forKey: .token)
  }

  enum CodingKeys: String, CodingKey {
    case token
  }
}

/// The body of `POST /api/v1/invitations/accept`.
public struct AcceptInvitationRequest: Codable, Equatable, Sendable {
  /// The invitation's token.
  public var token: String
  /// The name of a user who is new.
  public var name: String?
  /// The password of a user who is new, or who takes over an account with their address by a token that
  /// was mailed; others keep theirs.
  public var password: String?

  /// A request to become a member.
  public init(token: String, name: String? = nil, password: String? = nil) {
    self.token = token
    self.name = name
    self.password = password
  }
}

/// The answer to it.
public struct AcceptedInvitation: Codable, Equatable, Sendable {
  /// Who is a member now, and logs in as ever, or for the first time.
  public var user: User
  /// Where.
  public var workspaceID: String
  /// As what.
  public var role: Role

  /// A membership that came of an invitation.
  public init(user: User, workspaceID: String, role: Role) {
    self.user = user
    self.workspaceID = workspaceID
    self.role = role
  }

  enum CodingKeys: String, CodingKey {
    case user, role
    case workspaceID = "workspace_id"
  }
}
