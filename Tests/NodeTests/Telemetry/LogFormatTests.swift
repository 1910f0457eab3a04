import Foundation
import Logging
import Testing

@testable import NodeTelemetry

@Suite struct LogFormatTests {
  static let metadata: Logger.Metadata = [
    "status": .stringConvertible(200), "path": "/a b", "list": .array(["x", "y"]),
  ]

  @Test func textIsOneLineWithQuotedValues() {
    let line = LogFormat.text.line(
      time: "2026-01-31T09:30:00.000Z", level: .info, label: "gateway", message: "request",
      metadata: Self.metadata)
    #expect(
      line == """
        2026-01-31T09:30:00.000Z info gateway: request list="[\\"x\\", \\"y\\"]" path="/a b" status=200

        """)
  }

  @Test func jsonKeepsNumbersAndLists() throws {
    let line = LogFormat.json.line(
      time: "t", level: .warning, label: "gateway", message: "request", metadata: Self.metadata)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["level"] as? String == "warning")
    let metadata = try #require(object["metadata"] as? [String: Any])
    #expect(metadata["status"] as? Int == 200)
    #expect(metadata["list"] as? [String] == ["x", "y"])
  }

  @Test(arguments: LogFormat.allCases)
  func whatIsLoggedCannotForgeALine(_ format: LogFormat) throws {
    let line = format.line(
      time: "t", level: .info, label: "l", message: "a\nb\u{0}\u{1b}[31m\r",
      metadata: ["k\n": "v\nt error l: forged"])
    #expect(line.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(line.utf8.dropLast().allSatisfy { $0 >= 0x20 })
  }
}
