import Foundation
import Simulator
import Testing

@testable import chaos

@Suite struct TraceFileTests {
  private struct Line: Decodable {
    var level: String
    var ts: Double
    var tag: String
    var event: ProtocolEvent
  }

  private static func withTrace(_ body: (String, Int) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "trace-\(UUID().uuidString).ndjson").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try TraceFile(path: path)
    var options = SimulationOptions(duration: .stretched(100_000))
    options.protocolTrace = { file.write($1, at: $0) }
    #expect(Simulation(seed: 3, options: options).run().violation == nil)
    try body(path, try file.finish())
  }

  @Test func everyLineIsAnEvent() throws {
    try Self.withTrace { path, count in
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == count)
      let events = try lines.map { line in
        let decoded = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        return decoded.tag == "trace" ? decoded.event : nil
      }
      let malformed = events.first { event in
        guard let event else { return true }
        let name = event.name.rawValue
        let isMessage = name.hasSuffix("Request") || name.hasSuffix("Response")
        return event.conf.count != 2 || (event.msg != nil) != isMessage
      }
      #expect(malformed == nil)
    }
  }

  /// As `validate.sh` of etcd-io/raft does: `sort -t: -k3`.
  @Test func orderingByTheThirdFieldKeepsTheOrder() throws {
    try Self.withTrace { path, _ in
      let keys = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: ":", maxSplits: 2)[2]
      }
      #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func fieldsAreNamedAsTheSpecificationReadsThem() throws {
    try Self.withTrace { path, _ in
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      let line = try #require(lines.first { $0.contains("SendRequestVoteRequest") })
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let event = try #require(object?["event"] as? [String: Any])
      #expect(Set(event.keys) == ["name", "nid", "state", "role", "log", "conf", "msg"])
      let state = try #require(event["state"] as? [String: Any])
      #expect(Set(state.keys) == ["term", "vote", "commit"])
      let message = try #require(event["msg"] as? [String: Any])
      #expect(
        Set(message.keys) == [
          "type", "term", "from", "to", "entries", "logTerm", "index", "commit", "vote", "reject",
          "rejectHint",
        ])
      #expect(message["type"] as? String == "MsgVote")
    }
  }

  @Test func placeThatCannotBeWrittenIsNamed() {
    #expect {
      try TraceFile(path: "/nowhere/trace.ndjson")
    } throws: {
      "\($0)" == "can't write /nowhere/trace.ndjson: No such file or directory"
    }
  }
}
