import CloudAPI
import CloudState
import NodeTelemetry
import Testing

@testable import NodeGateway

@Suite struct InvitationTests {
  private func lab(_ node: TestGateway, of owner: Registration) async throws -> String {
    let made = try await node.post(
      "/api/v1/workspaces", token: TestGateway.adminToken,
      #"{"name": "Lab", "plan": "professional", "owner_email": "\#(owner.user.email)"}"#)
    return try made.decode(CloudAPI.Workspace.self).id
  }

  private func accept(
    _ node: TestGateway, _ token: String, _ more: String = "", as caller: String? = nil,
    key: String? = nil
  ) async throws -> TestAnswer {
    var headers = ["Content-Type": "application/json"]
    headers["Idempotency-Key"] = key
    return try await node.call(
      "POST", "/api/v1/invitations/accept", token: caller, headers: headers,
      body: Array(#"{"token": "\#(token)"\#(more)}"#.utf8))
  }

  @Test func knownAndNewUsersAcceptWhatWasMailed() async throws {
    let sink = try MailSink()
    try await TestGateway.run({ $0.mailer = MailerOptions(url: sink.url) }) { node in
      let ada = try await node.registerProven("ada")
      let bob = try await node.register("bob")
      let path = "/api/v1/workspaces/\(try await lab(node, of: ada))/invitations"
      var tokens: [String] = []
      for name in ["bob", "cyd"] {
        let made = try await node.post(
          path, token: ada.tokens.accessToken,
          #"{"email": "\#(name)@Example.org", "role": "analyst"}"#)
        #expect(made.status == 201, "\(made.text)")
        let invitation = try made.decode(CreatedInvitation.self)
        #expect(invitation.invitation.invitedBy == ada.user.id)
        #expect(invitation.invitation.mailed == true)
        #expect(invitation.token == nil)
        let mail = try #require(try await sink.next("invitation"))
        #expect(try mail.field("to") == "\(name)@example.org")
        #expect(try mail.field("workspace_name") == "Lab")
        #expect(mail.headers["clean-signature"] == nil)
        tokens.append(try #require(try mail.field("token")))
      }
      let list = try await node.call("GET", path, token: ada.tokens.accessToken)
        .decode(CloudAPI.Page<CloudAPI.Invitation>.self)
      #expect(list.items.map(\.email) == ["bob@example.org", "cyd@example.org"])

      let known = try await accept(node, tokens[0], as: bob.tokens.accessToken, key: "k")
      #expect(known.status == 200, "\(known.text)")
      let user = try known.decode(AcceptedInvitation.self).user
      #expect(user.id == bob.user.id)
      #expect(user.emailVerified == true)
      #expect(
        try await accept(node, tokens[0], as: bob.tokens.accessToken, key: "k").text == known.text)
      _ = try await accept(node, tokens[0]).problem(400, .invalidRequest)

      let bare = try await accept(node, tokens[1])
      #expect(try bare.problem(400, .invalidRequest).errors?.map(\.field) == ["password"])
      let new = try await accept(node, tokens[1], #", "name": "Cyd", "password": "password-cyd""#)
      #expect(new.status == 200, "\(new.text)")
      #expect(try new.decode(AcceptedInvitation.self).user.emailVerified == true)
      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "cyd@example.org", "password": "password-cyd"}"#)
      #expect(login.status == 200)
    }
    sink.stop()
  }

  /// A stranger who registered with an address first has lost the account once its owner shows up.
  @Test func aMailedTokenTakesTheAccountFromAStranger() async throws {
    let sink = try MailSink()
    try await TestGateway.run({ $0.mailer = MailerOptions(url: sink.url) }) { node in
      let ada = try await node.registerProven("ada")
      let stranger = try await node.register("bob")
      let key = try await node.key(#""manage""#, token: stranger.tokens.accessToken)
      let workspace = "/api/v1/workspaces/\(try await lab(node, of: ada))"
      let added = try await node.post(
        workspace + "/users", token: ada.tokens.accessToken,
        #"{"email": "bob@example.org", "role": "admin"}"#)
      #expect(try added.problem(409, .conflict).detail?.contains("invite the address") == true)
      let owned = try await node.post(
        "/api/v1/workspaces", token: TestGateway.adminToken,
        #"{"name": "Gift", "plan": "enterprise", "owner_email": "bob@example.org"}"#)
      _ = try owned.problem(409, .conflict)

      _ = try await node.post(
        workspace + "/invitations", token: ada.tokens.accessToken,
        #"{"email": "bob@example.org", "role": "admin"}"#)
      let mail = try #require(try await sink.next("invitation"))
      let token = try #require(try mail.field("token"))
      let bare = try await accept(node, token, as: ada.tokens.accessToken)
      #expect(try bare.problem(400, .invalidRequest).errors?.map(\.field) == ["password"])
      let accepted = try await accept(node, token, #", "password": "of the real bob""#)
      #expect(accepted.status == 200, "\(accepted.text)")
      #expect(try accepted.decode(AcceptedInvitation.self).user.id == stranger.user.id)

      for token in [stranger.tokens.accessToken, key.key] {
        _ = try await node.call("GET", workspace, token: token).problem(401, .unauthenticated)
      }
      _ = try await node.post(
        "/api/v1/auth/refresh", #"{"refresh_token": "\#(stranger.tokens.refreshToken ?? "")"}"#
      ).problem(401, .unauthenticated)
      _ = try await node.post(
        "/api/v1/auth/login", #"{"email": "bob@example.org", "password": "password-bob"}"#
      ).problem(401, .unauthenticated)
      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "bob@example.org", "password": "of the real bob"}"#)
      let seen = try await node.call(
        "GET", workspace, token: try login.decode(Tokens.self).accessToken)
      #expect(seen.status == 200)
    }
    sink.stop()
  }

  /// Without a mailer the inviter sees the token, so it opens nobody's account.
  @Test func aTokenThatWasShownTakesNoAccount() async throws {
    try await TestGateway.run { node in
      let ada = try await node.registerProven("ada")
      let bob = try await node.register("bob")
      let workspace = "/api/v1/workspaces/\(try await lab(node, of: ada))"
      let made = try await node.post(
        workspace + "/invitations", token: ada.tokens.accessToken,
        #"{"email": "bob@example.org", "role": "viewer"}"#
      ).decode(CreatedInvitation.self)
      #expect(made.invitation.mailed == false)
      let token = try #require(made.token)
      let password = #", "password": "of the inviter""#
      for caller in [nil, ada.tokens.accessToken] {
        let refused = try await accept(node, token, password, as: caller)
        #expect(try refused.problem(409, .conflict).detail?.contains("logged in") == true)
      }
      _ = try await accept(node, token, as: "clk_0_0").problem(401, .unauthenticated)
      let accepted = try await accept(node, token, password, as: bob.tokens.accessToken)
      let user = try accepted.decode(AcceptedInvitation.self).user
      #expect(user.emailVerified == false)
      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "bob@example.org", "password": "password-bob"}"#)
      #expect(login.status == 200)
    }
  }

  @Test func areTakenBack() async throws {
    try await TestGateway.run { node in
      let ada = try await node.registerProven("ada")
      let eve = try await node.register("eve")
      let path = "/api/v1/workspaces/\(try await lab(node, of: ada))/invitations"
      let body = #"{"email": "bob@example.org", "role": "viewer"}"#
      let made = try await node.post(path, token: ada.tokens.accessToken, body)
        .decode(CreatedInvitation.self)
      _ = try await node.post(path, token: ada.tokens.accessToken, body).problem(409, .conflict)
      let one = "\(path)/\(made.invitation.id)"
      _ = try await node.call("DELETE", one, token: eve.tokens.accessToken)
        .problem(404, .notFound)
      #expect(
        try await node.call("DELETE", one, token: ada.tokens.accessToken).status == 204)
      _ = try await node.call("DELETE", one, token: ada.tokens.accessToken)
        .problem(404, .notFound)
      _ = try await accept(node, try #require(made.token)).problem(400, .invalidRequest)
      let role = try await node.post(
        path, token: ada.tokens.accessToken, #"{"email": "x", "role": "king"}"#)
      #expect(try role.problem(400, .invalidRequest).errors?.map(\.field) == ["email", "role"])
    }
  }
}
