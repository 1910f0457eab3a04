import CloudAPI
import CloudState
import Foundation
import Logging
import NodeTelemetry
import Testing

@testable import NodeGateway

@Suite struct EmailTests {
  private func confirm(
    _ node: TestGateway, _ token: String, as caller: String?, key: String? = nil
  ) async throws -> TestAnswer {
    var headers = ["Content-Type": "application/json"]
    headers["Idempotency-Key"] = key
    return try await node.call(
      "POST", "/api/v1/auth/email-verification/confirm", token: caller, headers: headers,
      body: Array(#"{"token": "\#(token)"}"#.utf8))
  }

  private func isVerified(_ node: TestGateway, _ token: String) async throws -> Bool? {
    try await node.call("GET", "/api/v1/auth/me", token: token).decode(Identity.self).user?
      .emailVerified
  }

  @Test func whoRegistersIsMailedAProof() async throws {
    let sink = try MailSink()
    try await TestGateway.run({ $0.mailer = MailerOptions(url: sink.url) }) { node in
      let ada = try await node.register("ada").tokens.accessToken
      let eve = try await node.register("eve").tokens.accessToken
      let mail = try #require(try await sink.next("email_verification"))
      #expect(try mail.field("to") == "ada@example.org")
      let token = try #require(try mail.field("token"))

      // The token alone, in whosever hands, confirms nobody's account.
      _ = try await confirm(node, token, as: nil).problem(401, .unauthenticated)
      for wrong in [try await confirm(node, token, as: eve), try await confirm(node, "x", as: ada)]
      {
        #expect(try wrong.problem(400, .invalidRequest).errors?.map(\.field) == ["token"])
      }
      #expect(try await isVerified(node, ada) == false)
      for _ in 1...2 {
        let confirmed = try await confirm(node, token, as: ada, key: "k")
        #expect(confirmed.status == 204, "\(confirmed.text)")
      }
      #expect(try await isVerified(node, ada) == true)
      #expect(try await isVerified(node, eve) == false)
      _ = try await confirm(node, token, as: ada).problem(400, .invalidRequest)
      _ = try await node.call("POST", "/api/v1/auth/email-verification", token: ada)
        .problem(409, .conflict)
    }
    sink.stop()
  }

  @Test func anotherIsSentOnRequestAndNotWithoutEnd() async throws {
    let sink = try MailSink()
    try await TestGateway.run({ $0.mailer = MailerOptions(url: sink.url) }) { node in
      let ada = try await node.register("ada").tokens.accessToken
      let path = "/api/v1/auth/email-verification"
      // Asking again under the same key is asking once.
      for _ in 1...3 {
        let asked = try await node.call(
          "POST", path, token: ada, headers: ["Idempotency-Key": "k"])
        #expect(asked.status == 202, "\(asked.text)")
      }
      #expect(try await node.call("POST", path, token: ada).status == 202)
      let refused = try await node.call(
        "POST", path, token: ada, headers: ["Idempotency-Key": "n"])
      _ = try refused.problem(429, .rateLimited)
      let wait = try #require(refused.headers["retry-after"].flatMap(Int64.init))
      #expect((1...AttemptLimit.mail.interval / 1_000).contains(wait))
      // A reset counts for itself, and it comes after all that was sent before.
      let asked = try await node.post(
        "/api/v1/auth/password-reset", #"{"email": "ada@example.org"}"#)
      #expect(asked.status == 202)
      var tokens: Set<String> = []
      var kinds: [String] = []
      while kinds.count < 4 {
        let mail = try #require(await sink.next())
        kinds.append(try #require(try mail.field("kind")))
        tokens.insert(try #require(try mail.field("token")))
      }
      #expect(kinds.filter { $0 == "email_verification" }.count == 3)
      #expect(kinds.contains("password_reset"))
      #expect(tokens.count == 4)
    }
    sink.stop()
  }

  @Test func withoutAMailerTheCallerIsToldWhatElseProvesIt() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada").tokens.accessToken
      let refused = try await node.call("POST", "/api/v1/auth/email-verification", token: ada)
      #expect(try refused.problem(409, .conflict).detail?.contains("operator") == true)
    }
  }
}

@Suite struct MailerTests {
  private func message(_ kind: MailMessage.Kind, _ number: Int) -> MailMessage {
    MailMessage(
      kind: kind, to: "ada@example.org", token: "\(kind)\(number)",
      expiresAt: Date(timeIntervalSince1970: 0))
  }

  @Test(.timeLimit(.minutes(10))) func invitationsKeepNoResetWaiting() async throws {
    let sink = try MailSink()
    let mailer = Mailer(
      MailerOptions(url: sink.url), metrics: MetricsRegistry(), logger: TestGateway.silence)
    // More than may wait.
    for number in 0..<1_100 { mailer.send(message(.invitation, number)) }
    mailer.send(message(.passwordReset, 0))
    try await mailer.deliver {
      let mail = try #require(try await sink.next("password_reset"))
      #expect(try mail.field("token") == "passwordReset0")
    }
    sink.stop()
  }

  @Test(.timeLimit(.minutes(10))) func aMessageIsSentOnce() async throws {
    let sink = try MailSink()
    let mailer = Mailer(
      MailerOptions(url: sink.url), metrics: MetricsRegistry(), logger: TestGateway.silence)
    for number in [1, 1, 2, 1, 2, 3] { mailer.send(message(.invitation, number)) }
    try await mailer.deliver {
      var names: [String?] = []
      while names.count < 3 { names.append(await sink.next()?.headers["idempotency-key"]) }
      #expect(Set(names) == Set([1, 2, 3].map { message(.invitation, $0).name }))
    }
    sink.stop()
  }

  @Test func onlySoManyNamesAreKept() {
    var sent = RecentMails(limit: 3)
    let added = ["a", "b", "c", "a", "b", "c", "d", "a", "c", "b"].map { sent.add($0) }
    #expect(added == [true, true, true, false, false, false, true, true, false, true])
  }

  @Test(arguments: [
    ("Lab", "Lab"), ("L\u{202e}ab\u{2028}\u{7}", "Lab"),
    (String(repeating: "ä", count: 200), String(repeating: "ä", count: 80)),
  ])
  func namesAreShownAsFarAsTheyCanBe(_ name: String, _ shown: String) {
    let message = MailMessage(
      kind: .invitation, to: "ada@example.org", token: "t",
      expiresAt: Date(timeIntervalSince1970: 0), workspaceName: name)
    #expect(message.workspaceName == shown)
  }
}
