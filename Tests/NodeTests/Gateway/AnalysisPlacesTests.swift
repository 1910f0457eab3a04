import CloudAPI
import CloudState
import Testing

@testable import NodeGateway

@Suite struct AnalysisPlacesTests {
  private struct Interrupted: Error {}

  @Test func aWorkspaceHasAQuarterOfThePlaces() async throws {
    let places = AnalysisPlaces(8)
    let (ada, eve) = (WorkspaceID(rawValue: "ws_a"), WorkspaceID(rawValue: "ws_e"))
    try await places.withPlace(for: ada) {
      try await places.withPlace(for: ada) {
        await #expect(throws: AnalysisPlaces.Full.caller(limit: 2)) {
          try await places.withPlace(for: ada) {}
        }
        try await places.withPlace(for: eve) { #expect(places.inUse == 3) }
      }
    }
    #expect(places.inUse == 0)
  }

  @Test func aUserHasAQuarterOfThePlacesInWhateverWorkspaces() async throws {
    let places = AnalysisPlaces(8)
    let (ada, eve) = (UserID(rawValue: "usr_a"), UserID(rawValue: "usr_e"))
    func workspace(_ number: Int) -> WorkspaceID { WorkspaceID(rawValue: "ws_\(number)") }
    try await places.withPlace(for: workspace(1), by: ada) {
      try await places.withPlace(for: workspace(2), by: ada) {
        await #expect(throws: AnalysisPlaces.Full.caller(limit: 2)) {
          try await places.withPlace(for: workspace(3), by: ada) {}
        }
        try await places.withPlace(for: workspace(3), by: eve) { #expect(places.inUse == 3) }
        try await places.withPlace(for: workspace(3)) { #expect(places.inUse == 3) }
      }
      try await places.withPlace(for: workspace(3), by: ada) { #expect(places.inUse == 2) }
    }
    #expect(places.inUse == 0)
  }

  @Test func aPlaceIsLeftHoweverItsWorkEnds() async throws {
    let places = AnalysisPlaces(1)
    let id = WorkspaceID(rawValue: "ws_a")
    for _ in 0..<3 {
      await #expect(throws: Interrupted.self) {
        try await places.withPlace(for: id) { throw Interrupted() }
      }
    }
    _ = try await places.withPlace(for: id) {
      await #expect(throws: AnalysisPlaces.Full.node) {
        try await places.withPlace(for: WorkspaceID(rawValue: "ws_e")) {}
      }
    }
  }

  /// One sends a head and then nothing. Its workspace is refused another place, and beyond the node's
  /// places everybody is.
  @Test(arguments: [(places: 4, others: 200), (places: 1, others: 503)])
  func slowUploadsOfOneStopNobodyElse(_ places: Int, _ others: Int) async throws {
    try await TestGateway.run({ $0.maxConcurrentAnalyses = places }) { node in
      let slow = try await node.register("slow").tokens.accessToken
      let other = try await node.register("other").tokens.accessToken
      let csv = AnalyzeTests.csv
      func head(_ token: String) -> [UInt8] {
        Array(
          ("POST /api/v1/analyze HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\n"
            + "Authorization: Bearer \(token)\r\nExpect: 100-continue\r\n"
            + "Content-Length: \(csv.utf8.count)\r\nConnection: close\r\n\r\n").utf8)
      }
      let (port, first) = (node.port, head(slow))
      let socket = try await TestGateway.sockets.run {
        let socket = try TestSocket(port: port)
        try socket.send(first)
        _ = try socket.read(until: "\r\n\r\n")
        return Held(socket)
      }
      let refusal = try TestAnswer(reading: await node.exchange(first))
      let problem = try refusal.problem(503, .overloaded)
      #expect(problem.detail?.contains("at most 1 analyses of one workspace") == true)
      #expect(refusal.headers["retry-after"] == "1")
      #expect(try await node.analyze(csv, token: other).status == others)
      let answer = try await TestGateway.sockets.run {
        try socket.value.send(Array(csv.utf8))
        return try socket.value.readToEnd()
      }
      #expect(try TestAnswer(reading: answer).status == 200)
    }
  }
}

/// A socket that is used by one thread after another.
///
/// Sendable because each use is awaited before the next.
private final class Held: @unchecked Sendable {
  let value: TestSocket
  init(_ value: TestSocket) { self.value = value }
}
