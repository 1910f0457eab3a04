@testable import Analysis

/// Damages a corpus of datasets and reads what comes out, whole and in pieces; everything follows
/// from a seed, so a failing one replays.
struct ReaderFuzzer {
  /// What is wrong with how an input was read.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  static let limits = DatasetLimits(
    maxBytes: 1 << 20, maxRows: 500, maxColumns: 40, maxFieldBytes: 200, maxLineBytes: 2_000,
    maxCells: 5_000)

  private static let texts: [(DatasetFormat, String)] = [
    (.csv, "a,\"b\"\"c\",d\r\n1,\"x\ny\",\"\"\r\né,NA,3\n\"🍷\",2"),
    (.csv, "id;price;when;note\n1;3,50;01.03.2024;\"a;b\"\n2;-0,25;31.12.2023;\n3;4;1.1.2024;x\n"),
    (
      .csv, "\u{FEFF}x\ty z\tdone\r\n-1.50\t2024-03-01T14:05:09.25+01:00\ttrue\r\n007\tsoon\tno\r\n"
    ),
    (.csv, "a|b\r12345678901234567890|1e-400\r0.30000000000000004|INF\r-0|+.5\r"),
    (.csv, "\"key\",\"label\"\n\"123e4567-e89b-12d3-a456-426614174000\",\"None\"\n\"x\",\"yes\"\n"),
    (.ndjson, "{\"a\": 1, \"b\": \"x\\u00e9\\n\"}\n{\"b\": [1, {\"c\": null}]}\n"),
    (.ndjson, "{\"d\": \"03/01/2024\", \"n\": -12.50}\r\n\r\n{\"n\": 1e22, \"d\": \"31/01/2024\"}"),
    (
      .csv,
      "x;y;z\n1.234,50;1\u{A0}234,5;1'234.50\n12,5;999;3.25\n1.234.567;12\u{202F}345;0.5\n-7;1 000;\n"
    ),
    (
      .csv,
      "t,u\n2024-03-01 14:05:09,2024-03-01\n2024-03-01T14:05:09.250Z,1999-12-31\n2024-02-29 00:00,x\n"
    ),
    (.csv, "n,m\n998,\"1,234.50\"\n999,\"3.25\"\n1'000,\"12,345.00\"\n1'001,7\n"),
    (.csv, "a,b,,\n1,yes,,\n2,true\n3,0,,see above\n4,no,,\n"),
    (.csv, "when,n\n13/02/2024,\"1.234,5\"\n02/13/2024,\"1,234\"\n05/04/2024,3\n"),
    (
      .ndjson,
      "{\"o\": {\"b\": [1, \"\\u0078\"], \"a\": {}}}\n{\"o\": {\"a\":{},\"b\":[1,\"x\"]}}\n"
    ),
    (.json, "[{\"a\": -1.5e3, \"b\": \"🍷\"}, {\"b\": {\"c\": [true]}}]"),
  ]

  static let corpus: [(DatasetFormat, [UInt8])] =
    texts.map { ($0.0, Array($0.1.utf8)) } + [(.csv, Array(Wine.bytes.prefix(3_000)))]

  /// Bytes and words that matter to some reader.
  private static let alphabet: [UInt8] =
    Array("\",\n\r{}[]:\\u0e1-. ntf;\t|9/TZ+\u{0}".utf8) + [0xC3, 0xFF, 0xEF]
  private static let spellings = [
    "NA", "None", "null", "-0.0", "1e5", "\"\"", "\r\n", "\n\n", "2024-02-29", "29/02/2024", "inf",
    "2024-03-01 14:05:09", "1'234",
    "123456789012345678", "0.1", "1.234", "1,234", "1.234,5", "1 234", "\u{A0}", "\u{202F}",
    "13/02/2024",
    "{\"b\":1, \"a\":[]}", "true", "\"x\"y", ",,", ";;", "\\ud83c\\udf77", "\u{FEFF}",
  ]
  private static let words: [[UInt8]] =
    spellings.map { Array($0.utf8) } + [[0xE9], [0x80], [0xF0, 0x9F]]

  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  /// Makes an input and reads it.
  ///
  /// - Returns: Whether it was accepted.
  mutating func run() throws(Failure) -> Bool {
    let (format, bytes) = input()
    let encoding = DatasetEncoding.allCases[generator.next(below: DatasetEncoding.allCases.count)]
    let cuts = (0..<generator.next(below: 6)).map { _ in
      generator.next(below: bytes.count + 1)
    }.sorted()
    let whole = Self.read(bytes, format, encoding, cuts: [])
    let parts = Self.read(bytes, format, encoding, cuts: cuts)
    switch (whole, parts) {
    case (.success(let whole), .success(let parts)):
      try Self.check(whole)
      try Self.compare(whole, parts)
      return true
    case (.failure(let whole), .failure(let parts)):
      guard !whole.message.isEmpty else { throw Failure(description: "an error says nothing") }
      guard whole.kind == parts.kind, whole.isTooLarge == parts.isTooLarge else {
        throw Failure(description: "cuts make \(whole.kind) into \(parts.kind)")
      }
      return false
    default: throw Failure(description: "cuts change whether the input is accepted")
    }
  }

  // MARK: Inputs

  mutating func input() -> (DatasetFormat, [UInt8]) {
    let (format, seed) = Self.corpus[generator.next(below: Self.corpus.count)]
    switch generator.next(below: 10) {
    case 0:
      let bytes = (0..<generator.next(below: 300)).map { _ in
        UInt8(truncatingIfNeeded: generator.next())
      }
      return (DatasetFormat.allCases[generator.next(below: 3)], bytes)
    case 1:
      let bytes = (0..<generator.next(below: 300)).map { _ in
        Self.alphabet[generator.next(below: Self.alphabet.count)]
      }
      return (format, bytes)
    default: return (format, mutate(seed))
    }
  }

  private mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
    var bytes = seed
    for _ in 0...generator.next(below: 6) {
      let place = generator.next(below: bytes.count + 1)
      switch generator.next(below: 8) {
      case 0: bytes.insert(Self.alphabet[generator.next(below: Self.alphabet.count)], at: place)
      case 1:
        let byte = Self.alphabet[generator.next(below: Self.alphabet.count)]
        if place < bytes.count { bytes[place] = byte }
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + generator.next(below: 20)))
      case 3, 4:
        let end = min(bytes.count, place + generator.next(below: 40))
        bytes.insert(contentsOf: bytes[place..<end], at: generator.next(below: bytes.count + 1))
      case 5:
        bytes.insert(
          contentsOf: Self.words[generator.next(below: Self.words.count)], at: place)
      case 6:
        let other = Self.corpus[generator.next(below: Self.corpus.count)].1
        let start = generator.next(below: other.count)
        let end = min(other.count, start + generator.next(below: 80))
        bytes.insert(contentsOf: other[start..<end], at: place)
      default: bytes = Array(bytes.prefix(place))
      }
    }
    return bytes
  }

  // MARK: Checks

  private static func read(
    _ bytes: [UInt8], _ format: DatasetFormat, _ encoding: DatasetEncoding, cuts: [Int]
  ) -> Result<Table, DatasetError> {
    Result { () throws(DatasetError) in
      try table(bytes: bytes, format, encoding: encoding, limits: limits, cuts: cuts)
    }
  }

  /// What is true of every table.
  private static func check(_ table: Table) throws(Failure) {
    func require(_ condition: Bool, _ text: String) throws(Failure) {
      guard condition else { throw Failure(description: text) }
    }
    try require((1...limits.maxRows).contains(table.rowCount), "rows")
    try require((1...limits.maxColumns).contains(table.columns.count), "columns")
    try require(Set(table.names).count == table.columns.count, "names")
    for column in table.columns {
      let levels = column.levels()
      let numbers = column.numericValues()
      let missing = (0..<table.rowCount).filter(column.isMissing)
      try require(column.count == table.rowCount && numbers.count == table.rowCount, "length")
      try require(missing.count == column.missingCount, "missing")
      try require(missing.allSatisfy { levels.levelOfRow[$0] == 0 }, "levels of missing cells")
      try require(levels.counts[0] == missing.count, "count of missing cells")
      try require(levels.counts.reduce(0, +) == table.rowCount, "counts")
      try require(levels.valueCount == column.distinctCount, "distinct")
      try require((column.type == .empty) == (missing.count == table.rowCount), "empty")
      for row in 0..<table.rowCount {
        let number = column.number(row)
        try require(number.bitPattern == numbers[row].bitPattern, "numbers")
        if column.type.isNumeric, column.note == nil, number.isFinite {
          let text = column.text(row).trimmed
          try require(Double(text)?.bitPattern == number.bitPattern, "the number of \(text)")
        }
      }
    }
  }

  private static func compare(_ whole: Table, _ parts: Table) throws(Failure) {
    guard whole.names == parts.names, whole.cells == parts.cells, whole.layout == parts.layout,
      whole.formatProblems == parts.formatProblems,
      whole.formatProblemCount == parts.formatProblemCount,
      whole.columns.map(\.type) == parts.columns.map(\.type),
      whole.columns.map(\.note) == parts.columns.map(\.note),
      whole.columns.map(\.distinctCount) == parts.columns.map(\.distinctCount)
    else { throw Failure(description: "cuts change the table") }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(decoding: Array(utf8)[...].trimmingSpaces(), as: UTF8.self)
  }
}
