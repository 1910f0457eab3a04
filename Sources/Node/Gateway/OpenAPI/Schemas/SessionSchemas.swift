import CloudAPI
import CloudState

extension RefreshRequest: WireType {
  static let schema = Schema.request(
    "RefreshRequest", "A request for new tokens.",
    [.required("refresh_token", .text, "The refresh token that came last.")])

  static var example: RefreshRequest { RefreshRequest(refreshToken: Example.refreshToken) }
}

extension LogoutRequest: WireType {
  static let schema = Schema.request(
    "LogoutRequest", "What ends.",
    [
      .optional(
        "everywhere", .boolean, "Whether all sessions of the user end; otherwise this one alone.")
    ])

  static var example: LogoutRequest { LogoutRequest(everywhere: true) }
}

extension LoginSession: WireType {
  static let schema = Schema.object(
    "LoginSession", "A login of the caller.",
    [
      .required("id", .identifier(SessionKind.self), "The session's ID."),
      .required("created_at", .time, "When the user logged in."),
      .required("refreshed_at", .time, "When its tokens were last renewed."),
      .required("expires_at", .time, "When it ends unless its tokens are renewed before."),
      .required("current", .boolean, "Whether the call itself was made in it."),
    ])

  static var example: LoginSession {
    LoginSession(
      id: Example.session, createdAt: Example.time, refreshedAt: Example.time,
      expiresAt: Example.time.addingTimeInterval(2_592_000), isCurrent: true)
  }
}
