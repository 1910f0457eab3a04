import Foundation
import Testing

extension ProcessTests {
  /// `clean-ctl` against a real node.
  @Suite struct CommandLineTests {
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

    @Test func showsTheClusterAndWorksForATenant() async throws {
      let admin = try node.adminToken
      let status = try ctl(["cluster", "status"], token: admin)
      #expect(status.code == 0, "\(status.error)")
      #expect(status.output.contains("n1") && status.output.contains("leader"))
      let json = try ctl(["cluster", "status", "--output", "json"], token: admin)
      let cluster = try #require(
        JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(cluster["healthy"] as? Bool == true)
      #expect(cluster["leader"] as? String == "n1")

      let tenant = try await Tenant.make(on: node)
      let created = try ctl(
        [
          "key", "create", "--workspace", tenant.workspaceID, "--name", "laptop", "--scopes",
          "analyze,fix,read", "--output", "json",
        ], token: tenant.accessToken)
      #expect(created.code == 0, "\(created.error)")
      let key = try #require(
        (JSONSerialization.jsonObject(with: Data(created.output.utf8)) as? [String: Any])?["key"]
          as? String)

      let file = folder.path + "/data.csv"
      let rows = (0..<60).map { "\($0),\($0 % 7),\($0 % 2 == 0 ? "even" : "odd")" }
      try (["n,m,label"] + rows).joined(separator: "\n").write(
        toFile: file, atomically: true, encoding: .utf8)
      let report = try ctl(["analyze", file, "--label-column", "label"], token: key)
      #expect(report.code == 0, "\(report.error)")
      #expect(report.output.lowercased().contains("quality"), "\(report.output)")
      let usage = try ctl(
        ["workspace", "usage", tenant.workspaceID, "--output", "json"], token: key)
      let rowsUsed =
        (try JSONSerialization.jsonObject(with: Data(usage.output.utf8)) as? [String: Any])?["rows"]
        as? [String: Any]
      #expect(rowsUsed?["used"] as? Int == 60, "\(usage)")

      try "x;y\r\n1.0;\"a\"\r\n2;b\r\n1.0;\"a\"".write(
        toFile: file, atomically: true, encoding: .utf8)
      let (mended, log) = (folder.path + "/mended.csv", folder.path + "/log.json")
      let dry = try ctl(["fix", file, "--dry-run", "--log", log], token: key)
      #expect(dry.code == 0, "\(dry.error)")
      #expect(dry.output.contains("  2  deduplicate"), "\(dry.output)")
      #expect(dry.output.contains("\nWould be done: deduplicate 1 (2 of 3 rows stay)\nQuality "))
      #expect(!FileManager.default.fileExists(atPath: mended))
      let done = try ctl(["fix", file, "-o", mended, "--strategy", "moderate"], token: key)
      #expect(done.output.hasPrefix("Done: deduplicate 1 (2 of 3 rows stay)\n"), "\(done.error)")
      #expect(try String(contentsOfFile: mended, encoding: .utf8) == "x;y\r\n1.0;\"a\"\r\n2;b")
      let again = folder.path + "/again.csv"
      let replayed = try ctl(["fix", file, "-o", again, "--replay", log], token: key)
      #expect(replayed.output == "Done: deduplicate 1 (2 of 3 rows stay)\n", "\(replayed.error)")
      #expect(FileManager.default.contentsEqual(atPath: again, andPath: mended))
      let other = try ctl(["fix", mended, "-o", again, "--replay", log], token: key)
      #expect(other.code == 1 && other.error.contains("SHA-256"), "\(other.error)")
      let actions = try #require(
        (JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: log)))
          as? [String: Any])?["actions"] as? [[String: Any]])
      #expect(actions.map { $0["row"] as? Int } == [2])
      #expect(try ctl(["fix", file], token: key).code == 2)
      #expect(try ctl(["analyze", file, "-o", "/dev/null"], token: key).code == 0)
      let null = try FileManager.default.attributesOfItem(atPath: "/dev/null")
      #expect(null[.type] as? FileAttributeType == .typeCharacterSpecial)

      let (now, before) = (folder.path + "/now.csv", folder.path + "/before.ndjson")
      try ("price\n" + (0..<50).map { "\($0 + 90).5\n" }.joined()).write(
        toFile: now, atomically: true, encoding: .utf8)
      try (0..<40).map { "{\"price\": \($0).5}\n" }.joined().write(
        toFile: before, atomically: true, encoding: .utf8)
      let compared = try ctl(["analyze", now, "--reference", before], token: key)
      #expect(compared.code == 0, "\(compared.error)")
      #expect(compared.output.contains("reference of 40 rows and 1 column"), "\(compared.output)")
      #expect(compared.output.contains("\"price\""), "\(compared.output)")
      let nowhere = try ctl(["analyze", now, "--reference", folder.path + "/x.csv"], token: key)
      #expect(nowhere.code == 2 && nowhere.error.contains("x.csv"), "\(nowhere.error)")
      #expect(try ctl(["analyze", now, "--reference", "a.pdf"], token: key).code == 2)
    }

    @Test func runsATeam() async throws {
      let admin = try node.adminToken
      let registered: [String: Any] = try ctl.json(
        ["register", "ada@example.com", "--password-stdin"], input: "analytical\n")
      let adaID = try #require((registered["user"] as? [String: Any])?["id"] as? String)
      // Anybody can register with her address: she owns nothing of others before it is proven.
      let early = try ctl(
        ["workspace", "create", "Lab", "--owner-email", "ada@example.com"], token: admin)
      #expect(early.code == 1 && early.error.contains("[conflict"), "\(early.error)")
      let reset: [String: Any] = try ctl.json(["user", "reset-password", adaID], token: admin)
      let resetToken = try #require(reset["token"] as? String)
      let proven = try ctl(
        ["password", "confirm-reset", resetToken, "--password-stdin"], input: "difference\n")
      #expect(proven.code == 0, "\(proven.error)")
      #expect(try ctl(["whoami"]).code == 1, "a reset ends all logins")
      let login = try ctl(
        ["login", "ada@example.com", "--password-stdin"], input: "difference\n")
      #expect(login.code == 0, "\(login.error)")
      let workspace: [String: Any] = try ctl.json(
        ["workspace", "create", "Lab", "--plan", "free", "--owner-email", "ada@example.com"],
        token: admin)
      let id = try #require(workspace["id"] as? String)
      let changed: [String: Any] = try ctl.json(
        ["workspace", "set-plan", id, "professional"], token: admin)
      #expect(changed["plan"] as? String == "professional")

      // From here on as Ada, who has logged in.
      let place = ["--workspace", id]
      let bob: [String: Any] = try ctl.json(
        ["user", "create", "bob@example.com", "--role", "analyst", "--password-stdin"] + place,
        input: "universal\n")
      let bobID = try #require(bob["user_id"] as? String)
      let members: [[String: Any]] = try ctl.json(["user", "list"] + place)
      let addresses = members.compactMap { $0["email"] as? String }
      #expect(addresses.sorted() == ["ada@example.com", "bob@example.com"])
      let promoted: [String: Any] = try ctl.json(
        ["user", "set-role", "bob@example.com", "admin"] + place)
      #expect(promoted["role"] as? String == "admin" && promoted["user_id"] as? String == bobID)
      let demoted: [String: Any] = try ctl.json(
        ["user", "set-role", bobID, "--role", "analyst"] + place)
      #expect(demoted["role"] as? String == "analyst")

      let invitation: [String: Any] = try ctl.json(
        ["invitation", "create", "carol@example.com", "--role", "viewer"] + place)
      let invited = try #require(invitation["token"] as? String)
      let carol = CleanCtl(endpoint: node.url, home: folder.path + "/carol")
      let accepted: [String: Any] = try carol.json(
        ["invitation", "accept", invited, "--name", "Carol", "--password-stdin"],
        input: "carols-own\n")
      #expect(accepted["workspace_id"] as? String == id && accepted["role"] as? String == "viewer")
      #expect(
        try carol(["login", "carol@example.com", "--password-stdin"], input: "carols-own\n").code
          == 0)
      #expect(try carol(["workspace", "show", id]).output.contains("Lab"))

      let made: [String: Any] = try ctl.json(
        ["key", "create", "--name", "ci", "--scopes", "analyze,read", "--user", bobID] + place)
      let old = try #require(made["id"] as? String)
      let new: [String: Any] = try ctl.json(["key", "rotate", old, "--overlap-hours", "0"])
      let secret = try #require(new["key"] as? String)
      #expect(try ctl(["whoami"], token: secret).output.contains("bob@example.com"))
      let replaced = try #require(made["key"] as? String)
      #expect(try ctl(["whoami"], token: replaced).code == 1)
      let newID = try #require(new["id"] as? String)
      #expect(try ctl(["key", "revoke", newID]).code == 0)
      #expect(try ctl(["whoami"], token: secret).code == 1)

      let leaving = try ctl(
        ["user", "create", "eve@example.com", "--role", "viewer", "--password-stdin"] + place,
        input: "viewing-eve\n")
      #expect(leaving.code == 0, "\(leaving.error)")
      let eve = try await HTTP.post(
        node.url + "/api/v1/auth/login", ["email": "eve@example.com", "password": "viewing-eve"])
      let left = try ctl(
        ["user", "remove", "eve@example.com"] + place, token: eve.text("access_token"))
      #expect(left.code == 0, "\(left.error)")

      #expect(try ctl(["user", "remove", "bob@example.com"] + place).code == 0)
      let again = try ctl(["user", "remove", "bob@example.com"] + place)
      #expect(again.code == 1 && again.error.contains("nobody in \(id)"), "\(again.error)")
      let last = try ctl(["user", "set-role", "ada@example.com", "viewer"] + place)
      #expect(last.code == 1 && last.error.contains("[conflict"), "\(last.error)")

      #expect(try ctl(["login", "bob@example.com", "--password-stdin"], input: "wrong").code == 1)
      #expect(try ctl(["logout"]).code == 0)
      #expect(try ctl(["whoami"]).code == 1)
    }

    @Test func endsWithTheCodeThatFits() async throws {
      #expect(try ctl(["cluster", "status"], token: "wrong").code == 1)
      #expect(try ctl(["cluster", "dance"], token: "x").code == 2)
      let unreachable = try Binaries.run(
        "clean-ctl",
        ["cluster", "status", "--endpoints", "http://127.0.0.1:\(FreePorts.take(1)[0])"],
        environment: ["CLEAN_TOKEN": "x", "HOME": folder.path])
      #expect(unreachable.code == 3)
      #expect(unreachable.error.split(separator: "\n").count == 1, "\(unreachable.error)")
    }
  }
}
