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
    _ node: TestGateway, _ token: String, _ more: String = "", key: String? = nil
  ) async throws -> TestAnswer {
    var headers = ["Content-Type": "application/json"]
    headers["Idempotency-Key"] = key
    return try await node.call(
      "POST", "/api/v1/invitations/accept", headers: headers,
      body: Array(#"{"token": "\#(token)"\#(more)}"#.utf8))
  }

  @Test func knownAndNewUsersAccept() async throws {
    let sink = try MailSink()
    try await TestGateway.run({ $0.mailer = MailerOptions(url: sink.url) }) { node in
      let ada = try await node.register("ada")
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
        tokens.append(invitation.token)
        let mail = try #require(await sink.next())
        #expect(try mail.field("kind") == "invitation")
        #expect(try mail.field("to") == "\(name)@example.org")
        #expect(try mail.field("token") == invitation.token)
        #expect(try mail.field("workspace_name") == "Lab")
        #expect(mail.headers["clean-signature"] == nil)
      }
      let list = try await node.call("GET", path, token: ada.tokens.accessToken)
        .decode(CloudAPI.Page<CloudAPI.Invitation>.self)
      #expect(list.items.map(\.email) == ["bob@example.org", "cyd@example.org"])

      let known = try await accept(node, tokens[0], key: "k")
      #expect(known.status == 200, "\(known.text)")
      #expect(try known.decode(AcceptedInvitation.self).user.id == bob.user.id)
      #expect(try await accept(node, tokens[0], key: "k").text == known.text)
      _ = try await accept(node, tokens[0]).problem(400, .invalidRequest)

      let bare = try await accept(node, tokens[1])
      #expect(try bare.problem(400, .invalidRequest).errors?.map(\.field) == ["password"])
      let new = try await accept(node, tokens[1], #", "name": "Cyd", "password": "password-cyd""#)
      #expect(new.status == 200, "\(new.text)")
      let login = try await node.post(
        "/api/v1/auth/login", #"{"email": "cyd@example.org", "password": "password-cyd"}"#)
      #expect(login.status == 200)
    }
    sink.stop()
  }

  @Test func areTakenBack() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
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
      _ = try await accept(node, made.token).problem(400, .invalidRequest)
      let role = try await node.post(
        path, token: ada.tokens.accessToken, #"{"email": "x", "role": "king"}"#)
      #expect(try role.problem(400, .invalidRequest).errors?.map(\.field) == ["email", "role"])
    }
  }
}
