import Foundation
import Testing

@testable import Analysis

/// Random and damaged input: whatever comes, reading ends in a table within the limits or in an
/// error with a message, and the same for any cut.
///
/// `CLEAN_FUZZ_INPUTS=1000000 swift test -c release -Xswiftc -enable-testing --filter FuzzTests` is a
/// longer campaign, and `CLEAN_FUZZ_SEED` begins it elsewhere.
@Suite struct FuzzTests {
  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }

  @Test func damagedFilesAreReadOrRefused() {
    let first = Self.setting("CLEAN_FUZZ_SEED") ?? 0
    let count = Self.setting("CLEAN_FUZZ_INPUTS") ?? 6_000
    var accepted: UInt64 = 0
    for seed in first..<(first + count) {
      var fuzzer = ReaderFuzzer(seed: seed)
      do throws(ReaderFuzzer.Failure) {
        if try fuzzer.run() { accepted += 1 }
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
    // The corpus is damaged, not destroyed: both ways are gone often.
    #expect(accepted > count / 10 && accepted < count * 9 / 10)
  }

  @Test func whateverIsReadCanBeAnalysed() throws {
    for seed in 0..<40 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let words = ["1", "2", "-3.5", "1e300", "inf", "", "NA", "a", "b", "some more words", "true"]
      let width = 2 + generator.next(below: 5)
      var text = (1..<width).map { "c\($0)" }.joined(separator: ",") + ",label\n"
      for _ in 0..<(1 + generator.next(below: 60)) {
        text +=
          (0..<width).map { _ in words[generator.next(below: words.count)] }
          .joined(separator: ",") + "\n"
      }
      let report = try Analyzer().analyze(table(text))
      if let score = report.qualityScore { #expect((0...100).contains(score), "seed \(seed)") }
      #expect(try !report.json().isEmpty, "seed \(seed)")
      for result in report.detectors {
        #expect(result.flagged.allSatisfy { (0...1).contains($0.score) }, "seed \(seed)")
        #expect((result.status == .ok) == (result.details != nil), "seed \(seed)")
      }
    }
  }
}
