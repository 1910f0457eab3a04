import Foundation
import Testing

/// docs/client.md shows a program that is built, and run, with the tests.
@Suite struct ClientPageTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test func thePageShowsTheWholeExample() throws {
    let program = try Self.text("Examples/WineLab/main.swift")
    #expect(try Self.text("docs/client.md").contains("```swift\n\(program)```\n"))
  }
}
