import CloudAPI
import CloudState
import Crypto
import Foundation
import NodeTelemetry
import Testing

@testable import NodeGateway

@Suite struct PasswordTests {
  private func logIn(
    _ node: TestGateway, _ name: String = "ada", _ password: String = "password-ada"
  ) async throws -> TestAnswer {
    try await node.post(
      "/api/v1/auth/login", #"{"email": "\#(name)@example.org", "password": "\#(password)"}"#)
  }

  private func status(_ node: TestGateway, _ token: String) async throws -> Int {
    try await node.call("GET", "/api/v1/auth/me", token: token).status
  }

  // MARK: Attempts

  @Test func attemptsAreLimitedForKnownAndUnknownAlike() async throws {
    try await TestGateway.run { node in
      _ = try await node.register("ada")
      for name in ["ada", "nobody"] {
        for _ in 0..<AttemptLimit.account.burst {
          _ = try await logIn(node, name, "wrong").problem(401, .unauthenticated)
        }
        let refused = try await logIn(node, name, "wrong")
        _ = try refused.problem(429, .rateLimited)
        let wait = try #require(refused.headers["retry-after"].flatMap(Int64.init))
        #expect((1...AttemptLimit.account.interval / 1_000).contains(wait))
      }
      // The right password does not help either: it may have been guessed.
      _ = try await logIn(node).problem(429, .rateLimited)
    }
  }

  @Test func aLoginForgivesMistakes() async throws {
    try await TestGateway.run { node in
      _ = try await node.register("ada")
      for _ in 0..<2 {
        for _ in 1..<AttemptLimit.account.burst {
          _ = try await logIn(node, "ada", "wrong").problem(401, .unauthenticated)
        }
        #expect(try await logIn(node).status == 200)
      }
    }
  }

  @Test func networksOfIPv6AreOneSite() {
    #expect(
      Attempts.network(of: "2001:db8::1") == Attempts.network(of: "2001:db8::2"))
    #expect(Attempts.network(of: "192.0.2.1") != Attempts.network(of: "192.0.2.2"))
    #expect(Attempts.network(of: "") == nil)
  }

  @Test func anOldHashIsMadeAnewAtLogin() async throws {
    try await TestGateway.run { node in
      let proposer = Proposer(member: node.cluster, registry: MetricsRegistry())
      let old = try PasswordHash(
        password: "password-ada", function: Scrypt(logN: 10, r: 8, p: 1)
      ).description
      let id = UserID.random()
      _ = try await proposer.propose(
        CreateUser(
          user: NewUser(id: id, email: "ada@example.org", name: "", passwordHash: old)),
        by: .anonymous)
      #expect(try await logIn(node).status == 200)
      await #expect(throws: Rejection.conflict(.passwordChanged)) {
        _ = try await proposer.propose(
          UpgradePasswordHash(userID: id, current: old, new: "x"), by: .user(id))
      }
      #expect(try await logIn(node).status == 200)
    }
  }

  // MARK: Changes

  @Test func changeEndsOtherSessionsAndKeepsThisOne() async throws {
    try await TestGateway.run { node in
      let mine = try await node.register("ada").tokens.accessToken
      let other = try await logIn(node).decode(Tokens.self)
      let path = "/api/v1/auth/password"
      let wrong = try await node.post(
        path, token: mine, #"{"current_password": "guess", "new_password": "password-new"}"#)
      #expect(
        try wrong.problem(400, .invalidRequest).errors?.map(\.field) == ["current_password"])
      let short = try await node.post(
        path, token: mine, #"{"current_password": "password-ada", "new_password": "short"}"#)
      #expect(try short.problem(400, .invalidRequest).errors?.map(\.field) == ["new_password"])

      let body = #"{"current_password": "password-ada", "new_password": "password-new"}"#
      for _ in 1...2 {
        let changed = try await node.call(
          "POST", path, token: mine,
          headers: ["Content-Type": "application/json", "Idempotency-Key": "k"],
          body: Array(body.utf8))
        #expect(changed.status == 204, "\(changed.text)")
      }
      #expect(try await status(node, mine) == 200)
      #expect(try await status(node, other.accessToken) == 401)
      _ = try await logIn(node).problem(401, .unauthenticated)
      #expect(try await logIn(node, "ada", "password-new").status == 200)
      let key = try await node.key(#""manage""#, token: mine).key
      _ = try await node.post(path, token: key, body).problem(403, .forbidden)
    }
  }

  // MARK: Resets

  @Test func mailResetsThePassword() async throws {
    let sink = try MailSink(answering: [503])
    try await TestGateway.run({ options in
      options.mailer = MailerOptions(url: sink.url, secret: "shared", pauses: [.zero, .zero])
    }) { node in
      let token = try await node.register("ada").tokens.accessToken
      // The first attempt at the first mail was answered 503, and the next carries the same name.
      let first = try #require(await sink.next())
      let again = try #require(await sink.next())
      #expect(first.headers["idempotency-key"] == again.headers["idempotency-key"])
      #expect(first.body == again.body)
      for email in ["nobody@example.org", "ADA@example.org"] {
        let asked = try await node.post(
          "/api/v1/auth/password-reset", #"{"email": "\#(email)"}"#)
        #expect(asked.status == 202)
        #expect(asked.body.isEmpty)
      }
      let mail = try #require(await sink.next())
      #expect(try mail.field("kind") == "password_reset")
      #expect(try mail.field("to") == "ada@example.org")
      #expect(try mail.field("expires_at") != nil)
      try checkSignature(of: mail, secret: "shared")

      let reset = try #require(try mail.field("token"))
      let path = "/api/v1/auth/password-reset/confirm"
      let body = #"{"token": "\#(reset)", "password": "password-new"}"#
      for _ in 1...2 {
        let confirmed = try await node.call(
          "POST", path, headers: ["Content-Type": "application/json", "Idempotency-Key": "k"],
          body: Array(body.utf8))
        #expect(confirmed.status == 204, "\(confirmed.text)")
      }
      #expect(try await status(node, token) == 401)
      #expect(try await logIn(node, "ada", "password-new").status == 200)
      for used in [reset, "clp_", "clp_" + String(repeating: "0", count: 64)] {
        let again = try await node.post(
          path, #"{"token": "\#(used)", "password": "password-2"}"#)
        #expect(try again.problem(400, .invalidRequest).errors?.map(\.field) == ["token"])
      }
    }
    sink.stop()
  }

  private func checkSignature(of mail: MailSink.Mail, secret: String) throws {
    let header = try #require(mail.headers["clean-signature"])
    let parts = header.split(separator: ",").map { $0.split(separator: "=")[1] }
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("\(parts[0]).".utf8) + Data(mail.body),
      using: SymmetricKey(data: Data(secret.utf8)))
    #expect(parts[1] == code.map { String(format: "%02x", $0) }.joined())
  }

  @Test func operatorsMakeResets() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      let path = "/api/v1/users/\(ada.user.id)/password-reset"
      _ = try await node.call("POST", path, token: ada.tokens.accessToken)
        .problem(403, .forbidden)
      _ = try await node.call(
        "POST", "/api/v1/users/usr_0/password-reset", token: TestGateway.adminToken
      ).problem(404, .notFound)
      let made = try await node.call("POST", path, token: TestGateway.adminToken)
      #expect(made.status == 201)
      let token = try made.decode(CreatedPasswordReset.self).token
      let confirmed = try await node.post(
        "/api/v1/auth/password-reset/confirm",
        #"{"token": "\#(token)", "password": "password-new"}"#)
      #expect(confirmed.status == 204, "\(confirmed.text)")
      #expect(try await logIn(node, "ada", "password-new").status == 200)
    }
  }
}
