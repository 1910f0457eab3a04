import Testing

extension ProcessTests {
  /// The examples, as their readers run them.
  @Suite struct ExampleTests {
    @Test func allMembersAddUpTheSame() throws {
      let run = try Binaries.run("replicated-sum", [], environment: [:])
      #expect(run.code == 0, "\(run.error)")
      let sums = run.output.split(separator: "\n").map { $0.split(separator: " ").last }
      #expect(sums == ["55", "55", "55"])
    }

    /// Of three nodes the first in the list is dead; the program must not notice.
    @Test func firstTeamWorksOnAClusterThatHasLostANode() async throws {
      let folder = try TemporaryFolder()
      let nodes = NodeProcess.cluster(of: 3, in: folder)
      for node in nodes { try node.start() }
      for node in nodes { try await node.waitUntilReady() }
      let token = try nodes[0].adminToken
      nodes[0].crash()

      let file = folder.path + "/wine.csv"
      let rows = (0..<178).map { "\($0),\($0 % 7),\($0 % 2 == 0 ? "left" : "right")" }
      try (["a,b,cultivar"] + rows).joined(separator: "\n").write(
        toFile: file, atomically: true, encoding: .utf8)
      let run = try Binaries.run(
        "wine-lab", [file],
        environment: [
          "CLEAN_ENDPOINTS": nodes.map(\.url).joined(separator: ","), "CLEAN_TOKEN": token,
        ])
      #expect(run.code == 0, "\(run.error)")
      let lines = run.output.split(separator: "\n").map(String.init)
      #expect(lines.first == "workspace Wine lab is on the plan professional")
      #expect(lines.contains("grace@example.com is its analyst"))
      #expect(lines.contains("the key is valid"))
      #expect(lines.contains("it may read, analyze"))
      #expect(lines.contains("it may analyze: true"))
      #expect(lines.contains("it may manage users: false"))
      #expect(lines.contains("178 rows fit: true, 1000000 are left"))
      #expect(lines.contains { $0.hasPrefix("its quality is ") })
      #expect(lines.last?.hasPrefix("178 rows of 1000000 are used in ") == true)
    }
  }
}
