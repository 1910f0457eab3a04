import Foundation
import Testing

extension ProcessTests {
  /// What `clean-ctl` does for whoever has an account or shall get one, against a real node.
  @Suite struct AccountCommandTests {
    let folder: TemporaryFolder
    let node: NodeProcess
    let ctl: CleanCtl

    init() async throws {
      folder = try TemporaryFolder()
      node = NodeProcess("n1", ports: FreePorts.node(), directory: folder.path)
      ctl = CleanCtl(endpoint: node.url, home: folder.path)
      try node.start()
      try await node.waitUntilReady()
    }

    @Test func whoHasAnAccountIsInvitedAndAcceptsLoggedIn() async throws {
      let tenant = try await Tenant.make(on: node)
      let place = ["--workspace", tenant.workspaceID]
      let registered = try ctl(
        ["register", "bob@example.com", "--password-stdin"], input: "universal\n")
      #expect(registered.code == 0, "\(registered.error)")
      let added = try ctl(
        ["user", "create", "bob@example.com", "--role", "analyst"] + place,
        token: tenant.accessToken)
      #expect(added.code == 1 && added.error.contains("invite the address"), "\(added.error)")

      let first = try ctl(
        ["invitation", "create", "bob@example.com", "--role", "viewer"] + place,
        token: tenant.accessToken)
      #expect(first.code == 0 && first.output.contains("token"), "\(first)")
      let open: [[String: Any]] = try ctl.json(
        ["invitation", "list"] + place, token: tenant.accessToken)
      #expect(open.map { $0["role"] as? String } == ["viewer"])
      let id = try #require(open.first?["id"] as? String)
      let revoked = try ctl(
        ["invitation", "revoke", id] + place, token: tenant.accessToken)
      #expect(revoked.code == 0, "\(revoked.error)")
      let again = try ctl(["invitation", "revoke", id] + place, token: tenant.accessToken)
      #expect(again.code == 1, "\(again.error)")

      let made: [String: Any] = try ctl.json(
        ["invitation", "create", "bob@example.com", "--role", "analyst"] + place,
        token: tenant.accessToken)
      let token = try #require(made["token"] as? String)
      let stranger = CleanCtl(endpoint: node.url, home: folder.path + "/stranger")
      let taken = try stranger(
        ["invitation", "accept", token, "--password-stdin"], input: "strangers\n")
      #expect(taken.code == 1 && taken.error.contains("[conflict"), "\(taken.error)")
      let accepted = try ctl(["invitation", "accept", token])
      #expect(accepted.code == 0 && accepted.output.contains(tenant.workspaceID), "\(accepted)")
      #expect(try ctl(["workspace", "show", tenant.workspaceID]).code == 0)
    }

    @Test func passwordsAreChangedAndReset() async throws {
      let tenant = try await Tenant.make(on: node)
      let email = tenant.email
      func login(_ password: String) throws -> Int32 {
        try ctl(["login", email, "--password-stdin"], input: password + "\n").code
      }
      #expect(try login("correct horse battery") == 0)
      let wrong = try ctl(
        ["password", "change", "--password-stdin"], input: "not the one\nanother staple\n")
      #expect(wrong.code == 1 && wrong.error.contains("current_password"), "\(wrong.error)")
      let half = try ctl(["password", "change", "--password-stdin"], input: "not the one\n")
      #expect(half.code == 2, "\(half.error)")
      let changed = try ctl(
        ["password", "change", "--password-stdin"],
        input: "correct horse battery\nanother staple\n")
      #expect(changed.code == 0, "\(changed.error)")
      #expect(try ctl(["whoami"]).code == 0, "the login that it was changed in goes on")
      #expect(try ctl(["whoami"], token: tenant.accessToken).code == 1, "others have ended")
      #expect(try login("correct horse battery") == 1)

      let asked = try ctl(["password", "reset", email])
      #expect(asked.code == 0, "\(asked.error)")
      let admin = try node.adminToken
      let nowhere = try ctl(["user", "reset-password", email], token: admin)
      #expect(nowhere.code == 2 && nowhere.error.contains("--workspace"), "\(nowhere.error)")
      #expect(try ctl(["user", "reset-password", "usr_nobody"], token: admin).code == 1)
      let reset: [String: Any] = try ctl.json(
        ["user", "reset-password", email, "--workspace", tenant.workspaceID], token: admin)
      let token = try #require(reset["token"] as? String)
      let hidden = ["password", "confirm-reset", "-", "--password-stdin"]
      #expect(try ctl(hidden, input: "").code == 2)
      let confirmed = try ctl(hidden, input: "\(token)\nthird time lucky\n")
      #expect(confirmed.code == 0, "\(confirmed.error)")
      let confirm = ["password", "confirm-reset", token, "--password-stdin"]
      #expect(try ctl(confirm, input: "fourth time\n").code == 1, "a token is good once")
      #expect(try login("third time lucky") == 0)
    }

    @Test func loginsAreListedAndEnded() async throws {
      let tenant = try await Tenant.make(on: node)
      let login = try ctl(
        ["login", tenant.email, "--password-stdin"], input: "correct horse battery\n")
      #expect(login.code == 0, "\(login.error)")
      let sessions: [[String: Any]] = try ctl.json(["session", "list"])
      #expect(sessions.count == 2)
      let other = try #require(sessions.first { $0["current"] as? Bool == false }?["id"] as? String)
      #expect(try ctl(["session", "list"]).output.contains(other))
      let ended = try ctl(["session", "end", other])
      #expect(ended.code == 0, "\(ended.error)")
      #expect(try ctl(["whoami"], token: tenant.accessToken).code == 1)
      #expect(try ctl(["session", "end", other]).code == 1)
      let left: [[String: Any]] = try ctl.json(["session", "list"])
      #expect(left.map { $0["current"] as? Bool } == [true])
    }

    /// Without a mailer; with one the client's tests do it.
    @Test func whatProvesAnAddressIsSaid() async throws {
      let tenant = try await Tenant.make(on: node)
      let asked = try ctl(["email", "request"], token: tenant.accessToken)
      #expect(asked.code == 1 && asked.error.contains("sends no mail"), "\(asked)")
      let made = try ctl(["email", "verify", "-"], token: tenant.accessToken, input: "evt_none\n")
      #expect(made.code == 1 && made.error.contains("token"), "\(made)")
    }

    @Test func theAuditLogIsShownNewestFirst() async throws {
      let tenant = try await Tenant.make(on: node)
      let place = ["--workspace", tenant.workspaceID]
      for name in ["first", "second"] {
        let created = try ctl(
          ["key", "create", "--name", name, "--scopes", "read"] + place,
          token: tenant.accessToken)
        #expect(created.code == 0, "\(created.error)")
      }
      let entries: [[String: Any]] = try ctl.json(["audit"] + place, token: tenant.accessToken)
      let numbers = entries.compactMap { $0["id"] as? Int }
      #expect(numbers.count >= 2 && numbers == numbers.sorted(by: >))
      let newest: [[String: Any]] = try ctl.json(
        ["audit", "--limit", "1"] + place, token: tenant.accessToken)
      #expect(newest.map { $0["id"] as? Int } == [numbers.first])
      let table = try ctl(["audit", "--limit", "1"] + place, token: tenant.accessToken)
      let lines = table.output.split(separator: "\n")
      #expect(lines.count == 2 && table.output.contains("done"), "\(table)")
      #expect(try ctl(["audit", "--limit", "0"] + place, token: tenant.accessToken).code == 2)

      let login = try ctl(
        ["login", tenant.email, "--password-stdin"], input: "correct horse battery\n")
      #expect(login.code == 0, "\(login.error)")
      let own: [[String: Any]] = try ctl.json(["audit", "--own"], token: tenant.accessToken)
      #expect(own.contains { $0["action"] as? String == "session.open" }, "\(own)")
      let cluster: [[String: Any]] = try ctl.json(
        ["audit", "--cluster"], token: try node.adminToken)
      #expect(!cluster.isEmpty)
      #expect(try ctl(["audit", "--cluster"], token: tenant.accessToken).code == 1)
      #expect(try ctl(["audit", "--own"] + place, token: tenant.accessToken).code == 2)
      #expect(try ctl(["audit", "--own", "--cluster"], token: tenant.accessToken).code == 2)
    }
  }
}
