import Foundation
import Testing

extension ProcessTests {
  /// What a person sees who starts a node the wrong way: one line, and the exit code that fits.
  @Suite struct StartUpTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Starts a node that must not start; returns the code and its one line.
    private func refusal(
      _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (code: Int32, line: String) {
      let ended = try Binaries.run("clean-node", arguments, environment: environment)
      let lines = ended.error.split(separator: "\n")
      #expect(lines.count == 1, "one line: \(ended.error)")
      #expect(ended.output.isEmpty)
      return (ended.code, String(lines.first ?? ""))
    }

    @Test(arguments: [
      (["serve", "--prot", "1"], "--prot"),
      (["serve", "--port", "http"], "--port"),
      (["serve", "--port", "70000"], "65535"),
      (["serve", "--cluster", "n1:8101"], "name=host:peer-port"),
      (["serve", "--name", "n9", "--cluster", "n1=127.0.0.1:1,n2=127.0.0.1:2"], "n9"),
      (["serve", "--log-level", "loud"], "loud"),
      (["serve", "--advertise-peer", "nowhere"], "host:port"),
      (["serve", "--advertise-url", "clean.example.com"], "http"),
      (["serve", "--cluster", ""], "--cluster"),
      (["serve", "--admin-token", "clk_0123456789abcdef"], "clk_"),
      (["serve", "--rate-limit", "fast"], "--rate-limit"),
      (["serve", "--rate-burst", "0"], "10000000"),
      (["serve", "--max-connections", "0"], "--max-connections"),
      (["serve", "--max-connections-per-client", "many"], "--max-connections-per-client"),
      (["serve", "--anonymous-rate-limit", "-1"], "--anonymous-rate-limit"),
      (["serve", "--trusted-proxies", "10.0.0.0/8,10.0.0.0/33"], "10.0.0.0/33"),
      (["serve", "--trusted-proxies", ","], "--trusted-proxies"),
      (["serve", "--cors-origins", "https://a.example,b.example/x"], "b.example/x"),
      (["serve", "--config", "/does/not/exist.yaml"], "/does/not/exist.yaml"),
      (["dance"], "dance"),
    ]) func wrongUsageIsNamed(arguments: [String], word: String) throws {
      let (code, line) = try refusal(arguments)
      #expect(code == 64)
      #expect(line.contains(word), "\(line)")
    }

    @Test func wrongEnvironmentIsNamed() throws {
      let (code, line) = try refusal(["serve"], environment: ["CLEAN_PORT": "x"])
      #expect(code == 64)
      #expect(line.contains("CLEAN_PORT"), "\(line)")
    }

    @Test func unknownKeyInTheFileIsNamed() throws {
      let path = folder.path + "/node.yaml"
      try "prot: 9000\n".write(toFile: path, atomically: true, encoding: .utf8)
      let (code, line) = try refusal(["serve", "--config", path])
      #expect(code == 64)
      #expect(line.contains("prot") && line.contains(path), "\(line)")
    }

    @Test func takenPortIsNamed() throws {
      let ports = FreePorts.take(2)
      let holder = try RawSocket(listeningOn: ports[0])
      defer { holder.close() }
      for (option, other) in [("--port", "--peer-port"), ("--peer-port", "--port")] {
        let (code, line) = try refusal([
          "serve", option, "\(ports[0])", other, "\(ports[1])", "--data-dir",
          folder.path + "/taken\(option)", "--log-level", "error",
        ])
        #expect(code == 1)
        #expect(line.contains("\(ports[0])"), "\(line)")
      }
    }

    @Test(arguments: ["--host", "--peer-host"]) func addressOfAnotherMachineIsNamed(
      option: String
    ) throws {
      let ports = FreePorts.node()
      let (code, line) = try refusal([
        "serve", option, "192.0.2.1", "--port", "\(ports.rest)", "--peer-port", "\(ports.peer)",
        "--data-dir", folder.path + "/address", "--log-level", "critical",
      ])
      #expect(code == 1)
      #expect(line.contains("192.0.2.1"), "\(line)")
    }

    @Test func unusableDataDirectoryIsNamed() throws {
      let path = folder.path + "/file"
      try "not a directory".write(toFile: path, atomically: true, encoding: .utf8)
      let ports = FreePorts.node()
      let (code, line) = try refusal([
        "serve", "--data-dir", path, "--port", "\(ports.rest)", "--peer-port", "\(ports.peer)",
      ])
      #expect(code == 1)
      #expect(line.contains(path), "\(line)")
    }

    @Test func commandLineWinsOverEnvironmentAndFile() async throws {
      let ports = FreePorts.take(4)
      let path = folder.path + "/node.yaml"
      try "port: \(ports[0])\npeer-port: \(ports[1])\nlog-level: error\n".write(
        toFile: path, atomically: true, encoding: .utf8)
      let process = Process()
      process.executableURL = Binaries.url(of: "clean-node")
      process.arguments = [
        "serve", "--config", path, "--storage-path", folder.path + "/data", "--port", "\(ports[3])",
      ]
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["CLEAN_PORT": "\(ports[2])", "CLEAN_NAME": "solo"]) { $1 }
      process.standardError = FileHandle.nullDevice
      try process.run()
      defer { kill(process.processIdentifier, SIGKILL) }
      try await eventually("ready on the port of the command line") {
        try await HTTP.get("http://127.0.0.1:\(ports[3])/readyz").status == 200
      }
      let token = try String(contentsOfFile: folder.path + "/data/admin-token", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let cluster = try await HTTP.get("http://127.0.0.1:\(ports[3])/api/v1/cluster", token: token)
      let members = try #require(try cluster.json["members"] as? [[String: Any]])
      #expect(members.first?["name"] as? String == "solo")
      #expect(members.first?["peer_address"] as? String == "127.0.0.1:\(ports[1])")
    }
  }
}
