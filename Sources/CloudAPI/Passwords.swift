#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// The body of `POST /api/v1/auth/password`.
public struct ChangePasswordRequest: Codable, Equatable, Sendable {
  /// The password until now, in clear.
  public var currentPassword: String
  /// The password from now on, in clear.
  public var newPassword: String

  /// A request for another password.
  public init(currentPassword: String, newPassword: String) {
    self.currentPassword = currentPassword
    self.newPassword = newPassword
  }

  enum CodingKeys: String, CodingKey {
    case currentPassword = "current_password"
    case newPassword = "new_password"
  }
}

/// The body of `POST /api/v1/auth/password-reset`.
public struct PasswordResetRequest: Codable, Equatable, Sendable {
  /// The address of whoever has forgotten the password.
  public var email: String

  /// A request for a mail to `email`.
  public init(email: String) {
    self.email = email
  }
}

/// The body of `POST /api/v1/auth/password-reset/confirm`.
public struct ConfirmPasswordResetRequest: Codable, Equatable, Sendable {
  /// The token from the mail, or from the operator.
  public var token: String
  /// The password from now on, in clear.
  public var password: String

  /// A request for another password.
  public init(token: String, password: String) {
    self.token = token
    self.password = password
  }
}

/// The body of `POST /api/v1/auth/email-verification/confirm`.
public struct ConfirmEmailVerificationRequest: Codable, Equatable, Sendable {
  /// The token from the mail.
  public var token: String

  /// A request to take the user's address as proven.
  public init(token: String) {
    self.token = token
  }
}

/// The answer to `POST /api/v1/users/{id}/password-reset`, which is the operator's.
public struct CreatedPasswordReset: Codable, Equatable, Sendable {
  /// Whose password the token sets.
  public var userID: String
  /// The token, shown this once.
  public var token: String
  /// When it runs out.
  public var expiresAt: Date

  /// A token that was just made.
  public init(userID: String, token: String, expiresAt: Date) {
    self.userID = userID
    self.token = token
    self.expiresAt = expiresAt
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case token
    case expiresAt = "expires_at"
  }
}
