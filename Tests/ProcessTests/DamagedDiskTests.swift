import Foundation
import Testing

extension ProcessTests {
  /// Three real nodes, one of which has lost in the middle of its log what it had acknowledged.
  @Suite struct DamagedDiskTests {
    let folder: TemporaryFolder
    let nodes: [NodeProcess]

    init() throws {
      folder = try TemporaryFolder()
      nodes = NodeProcess.cluster(of: 3, in: folder)
    }

    @Test func aDamagedLogIsToldHealedWithoutAnOperatorAndVotedWithAgain() async throws {
      for node in nodes { try node.start() }
      for node in nodes { try await node.waitUntilReady() }
      let tenant = try await Tenant.make(on: nodes[0])
      var names: Set<String> = []
      for i in 0..<30 {
        #expect(try await tenant.createKey("key \(i)", on: nodes[i % 3]).status == 201)
        names.insert("key \(i)")
      }
      let damaged = nodes[2]
      #expect(try await tenant.keyNames(on: damaged) == names)
      #expect(damaged.terminate() == 0)
      let place = try damaged.damageLog()

      // With one other node there is no leader to heal from: its vote does not count.
      nodes[1].crash()
      try damaged.start()
      try await eventually("it says what it has lost") { try await problem(on: damaged) != nil }
      let detail = try #require(try await problem(on: damaged))
      #expect(detail.contains("\(place.file) is damaged at byte"), "\(detail)")
      let metrics = try await HTTP.get(damaged.url + "/metrics")
      #expect(
        String(decoding: metrics.body, as: UTF8.self)
          .contains(#"clean_storage_problem{kind="quarantined",member="n3"} 1"#))
      try await checkThatTheOthersTell(of: place)
      #expect(try await HTTP.get(nodes[0].url + "/readyz").status == 503)

      try nodes[1].start()
      for node in nodes { try await node.waitUntilReady() }
      #expect(damaged.log.contains("The quarantine is over"), "\(damaged.log.suffix(500))")
      try await eventually("all know that it has healed") {
        try await member("n3", on: nodes[0])["state"] as? String == "healthy"
      }
      for node in nodes { #expect(try await tenant.keyNames(on: node) == names) }

      // The leader goes, and whoever is to lead now needs its vote.
      let leader = try await leader(on: nodes[0])
      let (gone, left) = leader == "n2" ? (nodes[1], nodes[0]) : (nodes[0], nodes[1])
      gone.crash()
      try await damaged.waitUntilReady()
      #expect(try await tenant.createKey("after", on: left).status == 201)
      #expect(try await tenant.keyNames(on: damaged) == names.union(["after"]))
    }

    /// What the node says when it is asked whether it is ready, if its disk is at fault.
    private func problem(on node: NodeProcess) async throws -> String? {
      let answer = try await HTTP.get(node.url + "/readyz")
      let detail = try answer.json["detail"] as? String
      return answer.status == 503 && detail?.contains("damaged") == true ? detail : nil
    }

    private func cluster(on node: NodeProcess) async throws -> [String: Any] {
      try await HTTP.get(node.url + "/api/v1/cluster", token: try node.adminToken).json
    }

    private func leader(on node: NodeProcess) async throws -> String {
      try #require(try await cluster(on: node)["leader"] as? String)
    }

    private func member(_ name: String, on node: NodeProcess) async throws -> [String: Any] {
      let members = try #require(try await cluster(on: node)["members"] as? [[String: Any]])
      return try #require(members.first { $0["name"] as? String == name })
    }

    private func checkThatTheOthersTell(of place: DamagedPlace) async throws {
      try await eventually("another node says so too") {
        try await member("n3", on: nodes[0])["state"] as? String == "quarantined"
      }
      let problem = try #require(
        try await member("n3", on: nodes[0])["problem"] as? [String: Any])
      #expect(problem["file"] as? String == place.file)
      #expect((1...place.offset).contains(try #require(problem["offset"] as? Int)))
      #expect((problem["reason"] as? String)?.isEmpty == false)
      let ctl = try Binaries.run(
        "clean-ctl", ["cluster", "status"],
        environment: [
          "CLEAN_ENDPOINTS": nodes[0].url, "CLEAN_TOKEN": try nodes[0].adminToken,
          "HOME": folder.path, "NO_COLOR": "1",
        ])
      #expect(ctl.code == 4, "\(ctl.error)")
      #expect(ctl.output.contains("n3 is quarantined"), "\(ctl.output)")
      #expect(ctl.output.contains("n3: \(place.file), byte "), "\(ctl.output)")
    }
  }
}

/// Where bytes were changed.
struct DamagedPlace {
  var file: String
  var offset: Int
}

extension NodeProcess {
  /// Changes some bytes in the middle of what the log holds; the node must be down.
  fileprivate func damageLog() throws -> DamagedPlace {
    let directory = dataDirectory + "/wal"
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    let file = directory + "/" + (try #require(names.sorted().first { $0.hasSuffix(".log") }))
    let content = try Data(contentsOf: URL(filePath: file))
    // What was never written is zeros.
    let offset = try #require(content.lastIndex { $0 != 0 }) / 2
    let handle = try #require(FileHandle(forUpdatingAtPath: file))
    try handle.seek(toOffset: UInt64(offset))
    try handle.write(contentsOf: Data(content[offset..<offset + 4].map { $0 ^ 0x5A }))
    try handle.close()
    return DamagedPlace(file: file, offset: offset)
  }
}
