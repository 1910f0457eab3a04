import Foundation
import Testing

extension ProcessTests {
  /// `clean-ctl` against a real node.
  @Suite struct CommandLineTests {
    let folder: TemporaryFolder
    let node: NodeProcess

    init() async throws {
      folder = try TemporaryFolder()
      node = NodeProcess("n1", ports: FreePorts.node(), directory: folder.path)
      try node.start()
      try await node.waitUntilReady()
    }

    private func ctl(
      _ arguments: [String], token: String
    ) throws -> (code: Int32, output: String, error: String) {
      try Binaries.run(
        "clean-ctl", arguments,
        environment: [
          "CLEAN_ENDPOINTS": node.url, "CLEAN_TOKEN": token, "HOME": folder.path, "NO_COLOR": "1",
        ])
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
          "analyze,read", "--output", "json",
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
