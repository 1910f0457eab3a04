import Foundation
import Testing

/// The README shows a part of a program that is built and run with the tests.
@Suite struct ReadmeExampleTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test func theReadmeShowsTheExampleInFortyLines() throws {
    let readme = try Self.text("README.md")
    let blocks = readme.components(separatedBy: "```swift\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
    let shown = try #require(blocks.first { $0.contains("LogStore.open") })
    let member = shown.replacingOccurrences(of: "import Raft\n\n", with: "")
    #expect(try Self.text("Examples/ReplicatedSum/main.swift").contains(member))
    #expect(shown.split(separator: "\n", omittingEmptySubsequences: false).count <= 40)
  }
}
