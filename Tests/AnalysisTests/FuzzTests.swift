import Testing

@testable import Analysis

/// Random and damaged input: whatever comes, reading ends in a table within the limits or in an
/// error with a message, and the same for any cut. A failing seed replays.
@Suite struct FuzzTests {
  static let limits = DatasetLimits(
    maxBytes: 1 << 20, maxRows: 500, maxColumns: 40, maxFieldBytes: 200, maxLineBytes: 2_000,
    maxCells: 5_000)

  static let seeds: [(DatasetFormat, [UInt8])] = [
    (.csv, Array(Wine.bytes.prefix(3_000))),
    (.csv, Array("a,\"b\"\"c\",d\r\n1,\"x\ny\",\"\"\r\né,NA,3\n\"🍷\",2".utf8)),
    (.ndjson, Array("{\"a\": 1, \"b\": \"x\\u00e9\\n\"}\n{\"b\": [1, {\"c\": null}]}\n".utf8)),
    (.json, Array("[{\"a\": -1.5e3, \"b\": \"🍷\"}, {\"b\": {\"c\": [true]}}]".utf8)),
  ]

  private static let alphabet = Array("\",\n\r{}[]:\\u0e1-. ntf\u{0}".utf8) + [0xC3, 0xFF, 0xEF]

  private func mutate(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...generator.next(below: 6) {
      let place = generator.next(below: bytes.count + 1)
      let byte = Self.alphabet[generator.next(below: Self.alphabet.count)]
      switch generator.next(below: 5) {
      case 0: bytes.insert(byte, at: place)
      case 1: if place < bytes.count { bytes[place] = byte }
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + generator.next(below: 20)))
      case 3:
        let end = min(bytes.count, place + generator.next(below: 40))
        bytes.insert(contentsOf: bytes[place..<end], at: generator.next(below: bytes.count + 1))
      default: bytes = Array(bytes.prefix(place))
      }
    }
    return bytes
  }

  private func outcome(
    _ bytes: [UInt8], _ format: DatasetFormat, cuts: [Int] = []
  ) -> Result<Table, DatasetError> {
    Result { () throws(DatasetError) in
      try table(bytes: bytes, format, limits: Self.limits, cuts: cuts)
    }
  }

  private func check(
    _ bytes: [UInt8], _ format: DatasetFormat, _ generator: inout SeededGenerator, seed: UInt64
  ) {
    let cuts = (0..<3).map { _ in generator.next(below: bytes.count + 1) }.sorted()
    switch (outcome(bytes, format), outcome(bytes, format, cuts: cuts)) {
    case (.success(let whole), .success(let parts)):
      #expect(whole.rowCount <= Self.limits.maxRows, "seed \(seed)")
      #expect(whole.columns.count <= Self.limits.maxColumns, "seed \(seed)")
      #expect(whole.columns.allSatisfy { $0.count == whole.rowCount }, "seed \(seed)")
      #expect(whole.names == parts.names && whole.cells == parts.cells, "seed \(seed)")
      #expect(whole.formatProblems == parts.formatProblems, "seed \(seed)")
    case (.failure(let whole), .failure(let parts)):
      #expect(!whole.message.isEmpty, "seed \(seed)")
      #expect(whole.kind == parts.kind, "seed \(seed)")
    default:
      Issue.record("seed \(seed): a cut changes whether the input is accepted")
    }
  }

  @Test(arguments: seeds.indices) func damagedFilesAreReadOrRefused(index: Int) {
    let (format, bytes) = Self.seeds[index]
    for seed in 0..<1_500 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      check(mutate(bytes, &generator), format, &generator, seed: seed)
    }
  }

  @Test(arguments: DatasetFormat.allCases) func randomBytesAreReadOrRefused(format: DatasetFormat) {
    for seed in 0..<1_500 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let bytes = (0..<generator.next(below: 300)).map { _ in
        seed % 2 == 0
          ? Self.alphabet[generator.next(below: Self.alphabet.count)]
          : UInt8(truncatingIfNeeded: generator.next())
      }
      check(bytes, format, &generator, seed: seed)
    }
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
