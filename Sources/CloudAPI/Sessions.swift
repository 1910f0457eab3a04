#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// The body of `POST /api/v1/auth/refresh`.
public struct RefreshRequest: Codable, Equatable, Sendable {
  /// The refresh token that came last; it is good once.
  public var refreshToken: String

  /// A request for new tokens.
  public init(refreshToken: String) {
    self.refreshToken = refreshToken
  }

  enum CodingKeys: String, CodingKey {
    case refreshToken = "refresh_token"
  }
}

/// The body of `POST /api/v1/auth/logout`; there need not be one.
public struct LogoutRequest: Codable, Equatable, Sendable {
  /// Whether all sessions of the user end, or this one alone.
  public var everywhere: Bool?

  /// A request to end the caller's session.
  public init(everywhere: Bool? = nil) {
    self.everywhere = everywhere
  }
}

/// One login of the caller: an item of `GET /api/v1/auth/sessions`.
public struct LoginSession: Codable, Equatable, Sendable {
  /// The session's ID (`ses_…`).
  public var id: String
  /// When the user logged in.
  public var createdAt: Date
  /// When its tokens were last renewed.
  public var refreshedAt: Date
  /// When it ends unless its tokens are renewed before.
  public var expiresAt: Date
  /// Whether the call itself was made in it.
  public var isCurrent: Bool

  /// A session as the API shows it.
  public init(id: String, createdAt: Date, refreshedAt: Date, expiresAt: Date, isCurrent: Bool) {
    self.id = id
    self.createdAt = createdAt
    self.refreshedAt = refreshedAt
    self.expiresAt = expiresAt
    self.isCurrent = isCurrent
  }

  enum CodingKeys: String, CodingKey {
    case id
    case createdAt = "created_at"
    case refreshedAt = "refreshed_at"
    case expiresAt = "expires_at"
    case isCurrent = "current"
  }
}
