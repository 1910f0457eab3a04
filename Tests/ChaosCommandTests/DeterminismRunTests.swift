import CloudState
import Foundation
import TenantLog
import Testing

@testable import chaos

/// Members in processes of their own. A short run; `make states` is the long one.
@Suite final class DeterminismRunTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "chaos-determinism-tests-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func makeRun(seed: UInt64, commands: Int) throws -> DeterminismRun {
    // The folder that the test bundle was built into holds the program, too.
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let tests = bundle ?? URL(filePath: CommandLine.arguments[0])
    return try DeterminismRun(
      executable: tests.deletingLastPathComponent().appending(path: "chaos"), folder: folder,
      seed: seed, commands: commands)
  }

  @Test func surroundingsBatchesSnapshotsAndEndsOfProcessesLeaveNoTrace() throws {
    let run = try makeRun(seed: 1, commands: 4_000)
    let result = try run.run(run.plans(try run.logOnDisk(), members: 5))
    #expect(result.differences.isEmpty, "\(result.differences)")
    #expect(result.tally.neverAccepted == [])
    #expect(result.tally.repeated > 200)
    #expect(result.hasVariety)
    let beginnings = result.runs.flatMap(\.plan.lives).map(\.life.beginning)
    let endings = result.runs.flatMap(\.plan.lives).map(\.life.ending)
    #expect(beginnings.contains(.restored) && endings.contains(.killed))
    #expect(result.runs.allSatisfy { $0.marks.count == 20 })
  }

  /// A member that applies another entry at some place, as the others see it by mistake.
  private func difference(
    at place: (DeterminismRun) throws -> Int
  ) throws -> (Difference, expected: Int) {
    let run = try makeRun(seed: 2, commands: 1_000)
    let log = try run.logOnDisk()
    let offset = try place(run)
    var entries = run.log.entries
    entries[offset] = [0xff, 0xff]
    var plans = run.plans(log, members: 2)
    let other = try LogOnDisk(entries, path: folder + "/other-log", points: 20)
    for i in plans[1].lives.indices { plans[1].lives[i].life.log = other.path }
    let result = try run.run(plans)
    return (try #require(result.differences.first), offset + 1)
  }

  @Test func commandOfAnotherOutcomeIsNamed() throws {
    let (difference, expected) = try difference { run in
      try #require(
        run.log.entries.indices.dropFirst(700).first { place in
          guard case .countAttempt? = CommandEnvelope(decoding: run.log.entries[place])?.command
          else { return false }
          return true
        })
    }
    #expect(difference.entry == expected)
    #expect(difference.kind == .outcome)
    #expect(difference.description.contains("countAttempt"))
  }

  @Test func entryThatLeavesOtherRowsBehindIsFoundAmongThoseOfTheSameOutcome() throws {
    let (difference, expected) = try difference { run in
      try #require(
        run.log.entries.indices.dropFirst(500).first { place in
          let entry = run.log.entries[place]
          return !entry.isEmpty && CommandEnvelope(decoding: entry) == nil
        })
    }
    #expect(difference.entry == expected)
    #expect(difference.kind == .rows(equalAfter: expected - 1))
  }
}
