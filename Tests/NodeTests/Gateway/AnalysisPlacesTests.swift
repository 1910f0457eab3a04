import CloudAPI
import CloudState
import Testing

@testable import NodeGateway

@Suite struct AnalysisPlacesTests {
  private struct Interrupted: Error {}

  @Test func aWorkspaceHasAQuarterOfThePlaces() throws {
    let places = AnalysisPlaces(8)
    let (ada, eve) = (WorkspaceID(rawValue: "ws_a"), WorkspaceID(rawValue: "ws_e"))
    let taken = [try places.take(for: ada), try places.take(for: ada)]
    #expect(throws: AnalysisPlaces.Full.caller(limit: 2)) { try places.take(for: ada) }
    let other = try places.take(for: eve)
    #expect(places.inUse == 3)
    for place in taken + [other] { place.leave() }
    #expect(places.inUse == 0)
  }

  @Test func aUserHasAQuarterOfThePlacesInWhateverWorkspaces() throws {
    let places = AnalysisPlaces(8)
    let (ada, eve) = (UserID(rawValue: "usr_a"), UserID(rawValue: "usr_e"))
    func take(_ number: Int, _ user: UserID?) throws -> AnalysisPlaces.Place {
      try places.take(for: WorkspaceID(rawValue: "ws_\(number)"), by: user)
    }
    let (first, second) = (try take(1, ada), try take(2, ada))
    #expect(throws: AnalysisPlaces.Full.caller(limit: 2)) { try take(3, ada) }
    let others = [try take(3, eve), try take(3, nil)]
    #expect(places.inUse == 4)
    second.leave()
    let third = try take(4, ada)
    for place in [first, third] + others { place.leave() }
    #expect(places.inUse == 0)
  }

  @Test func aPlaceIsLeftOnceAndWhenNobodyHoldsIt() throws {
    let places = AnalysisPlaces(1)
    let (ada, eve) = (WorkspaceID(rawValue: "ws_a"), WorkspaceID(rawValue: "ws_e"))
    let first = try places.take(for: ada)
    #expect(throws: AnalysisPlaces.Full.node) { try places.take(for: eve) }
    first.leave()
    let second = try places.take(for: eve)
    first.leave()
    #expect(places.inUse == 1)
    second.leave()
    do { _ = try places.take(for: ada) }
    #expect(places.inUse == 0)
  }

  /// What is made while it is sent stands on the dataset.
  @Test func anAnswerInPiecesKeepsThePlaceUntilItsEnd() async throws {
    let workers = AnalysisWorkers(workers: 1, maxConcurrent: 1)
    let id = WorkspaceID(rawValue: "ws_a")
    let answer = try await workers.withPlace(for: id, by: nil) {
      var answer = Answer(status: .ok)
      answer.pieces = BodyPieces([[1], [2]])
      return answer
    }
    let next = try #require(answer.pieces).begin()
    #expect(try next() == [1])
    #expect(try next() == [2])
    #expect(workers.underWay == 1)
    #expect(try next() == nil)
    #expect(workers.underWay == 0)

    _ = try await workers.withPlace(for: id, by: nil) { Answer(status: .ok) }
    #expect(workers.underWay == 0)
    await #expect(throws: Interrupted.self) {
      try await workers.withPlace(for: id, by: nil) { throw Interrupted() }
    }
    #expect(workers.underWay == 0)
    // The client went away.
    var lost: Answer? = try await workers.withPlace(for: id, by: nil) {
      var answer = Answer(status: .ok)
      answer.pieces = BodyPieces([[1]])
      return answer
    }
    #expect(lost != nil && workers.underWay == 1)
    lost = nil
    #expect(workers.underWay == 0)
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
