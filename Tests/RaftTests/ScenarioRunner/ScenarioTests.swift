import Foundation
import Testing

/// The stories in `Tests/RaftTests/Scenarios`. With `REWRITE_SCENARIOS=1` in the environment the
/// expectations are replaced by what happens; read the difference as critically as code.
@Suite struct ScenarioTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Scenarios")

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).sorted()
  }()

  @Test(arguments: names) func storyIsTrue(name: String) throws {
    let file = Self.folder.appending(path: name)
    let scenario: Scenario
    do throws(Finding) {
      scenario = try Scenario(parsing: try Self.text(of: file))
    } catch {
      return record(error, in: file)
    }
    let run = ScenarioRun(scenario)
    if ProcessInfo.processInfo.environment["REWRITE_SCENARIOS"] == "1" {
      try Data(scenario.rewritten(with: run.outcomes).utf8).write(to: file)
      if let failure = run.failure { record(failure, in: file) }
      return
    }
    run.findings.forEach { record($0, in: file) }
  }

  @Test func eachStoryIsListedInTheDocuments() throws {
    let documents = Self.folder.appending(path: "../../../docs/consensus.md").standardized
    let text = try String(contentsOf: documents, encoding: .utf8)
    let listed = Set(text.matches(of: #/`([a-z0-9-]+\.scenario)`/#).map { String($0.1) })
    #expect(listed == Set(Self.names))
  }

  private static func text(of file: URL) throws(Finding) -> String {
    do {
      return try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw Finding(line: 1, text: "\(error)")
    }
  }

  private func record(_ finding: Finding, in file: URL) {
    let name = file.lastPathComponent
    Issue.record(
      "\(name):\(finding.line): \(finding.text)",
      sourceLocation: SourceLocation(
        fileID: "RaftTests/\(name)", filePath: file.path, line: finding.line, column: 1))
  }
}
