import Foundation
import Testing

@testable import Analysis

/// Random datasets, written in random ways; what becomes of them is reckoned here by other means than
/// the writer's. A failing seed replays.
@Suite struct FixPropertyTests {
  /// A dataset as text, cell by cell.
  private struct Sample {
    /// A cell as it is written and as it is read; nil if the row has none.
    struct Cell {
      var raw: String
      var value: String
    }

    var format: DatasetFormat
    var mark = ""
    var lineEnd = "\n"
    var endsLastLine = true
    var names: [String]
    var rows: [[Cell?]]

    /// The bytes of the given rows, with some cells written in another way.
    func text(rows kept: [Int], with edits: [Int: [Int: String]] = [:]) -> String {
      var records = kept.map { row in
        var cells = rows[row].map { $0?.raw }
        for (column, raw) in edits[row] ?? [:] { cells[column] = raw }
        return record(cells)
      }
      if format == .csv { records.insert(names.joined(separator: ","), at: 0) }
      if format == .json {
        return mark + "[" + records.map { lineEnd + $0 }.joined(separator: " ,") + " " + lineEnd
          + "]\n"
      }
      return mark + records.joined(separator: lineEnd) + (endsLastLine ? lineEnd : "")
    }

    private func record(_ cells: [String?]) -> String {
      if format == .csv { return cells.map { $0 ?? "" }.joined(separator: ",") }
      let members = zip(names, cells).compactMap { name, raw in raw.map { "\"\(name)\" :  \($0)" } }
      return "{ " + members.joined(separator: ", ") + "}"
    }
  }

  private static func cell(
    _ value: String, _ format: DatasetFormat, isText: Bool, _ generator: inout SeededGenerator
  ) -> Sample.Cell? {
    if format == .csv {
      let mustQuote = value.contains { ",\"\n\r".contains($0) }
      guard mustQuote || generator.next(below: 4) == 0 else {
        return Sample.Cell(raw: value, value: value)
      }
      let doubled = value.replacingOccurrences(of: "\"", with: "\"\"")
      return Sample.Cell(raw: "\"\(doubled)\"", value: value)
    }
    if value.isEmpty {
      return generator.next(below: 2) == 0 ? Sample.Cell(raw: "null", value: "null") : nil
    }
    guard isText else { return Sample.Cell(raw: value, value: value) }
    return Sample.Cell(raw: Self.string(value), value: value)
  }

  private static func string(_ value: String) -> String {
    let escaped = value.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "\n", with: "\\n")
    return "\"\(escaped)\""
  }

  private static func sample(
    _ format: DatasetFormat, _ generator: inout SeededGenerator
  ) -> Sample {
    var sample = Sample(format: format, names: ["x", "city", "note", "label"], rows: [])
    sample.mark = generator.next(below: 3) == 0 ? "\u{FEFF}" : ""
    sample.lineEnd = ["\n", "\r\n"][generator.next(below: 2)]
    sample.endsLastLine = generator.next(below: 2) == 0
    let numbers = ["1", "2", "3.50", "-4e1", "", "7"]
    let cities = ["NY", "ny", "L.A.", "Köln", "", "Rio \"R\", BR"]
    let notes = ["", "one\nline", "a,b", "plain", "q\"q"]
    for row in 0..<(3 + generator.next(below: 40)) {
      if row > 0, generator.next(below: 5) == 0 {
        sample.rows.append(sample.rows[generator.next(below: row)])
        continue
      }
      sample.rows.append([
        cell(numbers[generator.next(below: numbers.count)], format, isText: false, &generator),
        cell(cities[generator.next(below: cities.count)], format, isText: true, &generator),
        cell(notes[generator.next(below: notes.count)], format, isText: true, &generator),
        cell(["a", "b"][generator.next(below: 2)], format, isText: true, &generator)
          ?? Sample.Cell(raw: "\"a\"", value: "a"),
      ])
    }
    return sample
  }

  /// Findings of the detectors that learn, made up.
  private static func findings(
    _ table: Table, _ generator: inout SeededGenerator
  ) -> [DetectorKind: [FlaggedRow]] {
    var findings: [DetectorKind: [FlaggedRow]] = [:]
    for row in 0..<table.rowCount where generator.next(below: 6) == 0 {
      let other = table.columns[3].text(row) == "a" ? "b" : "a"
      findings[.labelErrors, default: []].append(
        FlaggedRow(
          row: row, score: Double(generator.next(below: 101)) / 100, reason: "test",
          suggestedLabel: generator.next(below: 5) == 0 ? nil : other))
    }
    for row in 0..<table.rowCount where table.columns[1].text(row) == "ny" {
      findings[.outliers, default: []].append(
        FlaggedRow(row: row, score: 1, reason: "test", column: "city", suggestedValue: "NY"))
    }
    return findings
  }

  private static func replacement(_ action: FixAction, _ old: Sample.Cell?, _ sample: Sample)
    -> String
  {
    let value = action.to ?? ""
    if sample.format == .csv {
      let isQuoted = old?.raw.hasPrefix("\"") == true
      let mustQuote = isQuoted || value.contains { ",\"\n\r".contains($0) }
      return mustQuote ? "\"\(value.replacingOccurrences(of: "\"", with: "\"\""))\"" : value
    }
    return action.column == "x" ? value : string(value)
  }

  @Test(arguments: DatasetFormat.allCases, FixStrategy.allCases)
  func onlyWhatIsNamedChanges(format: DatasetFormat, strategy: FixStrategy) throws {
    for seed in 0..<60 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sample = Self.sample(format, &generator)
      let text = sample.text(rows: Array(sample.rows.indices))
      let bytes = Array(text.utf8)
      let original = try table(bytes: bytes, format)
      let plan = try plan(
        for: original, FixOptions(strategy: strategy), findings: Self.findings(original, &generator)
      )

      // The log survives being written and read, and whatever way the bytes come.
      let replayed = try JSONDecoder().decode(FixPlan.self, from: Data(try plan.json()))
      #expect(replayed == plan, "seed \(seed)")
      let cuts = (0..<4).map { _ in generator.next(below: bytes.count + 1) }.sorted()
      let output = try replayed.apply(to: bytes, cuts: cuts)

      let gone = Set(plan.actions.filter(\.kind.removesRow).map(\.row))
      let kept = sample.rows.indices.filter { !gone.contains($0) }
      #expect(plan.rowsOut == kept.count, "seed \(seed)")
      var edits: [Int: [Int: String]] = [:]
      for action in plan.actions where action.kind.changesCell {
        let column = try #require(sample.names.firstIndex(of: action.column ?? ""))
        let old = sample.rows[action.row][column]
        #expect(action.from == (old?.value ?? ""), "seed \(seed)")
        edits[action.row, default: [:]][column] = Self.replacement(action, old, sample)
      }
      // A key that is added comes last, so only its object as a whole can be compared.
      let adds = edits.contains { row, cells in
        cells.keys.contains { sample.rows[row][$0] == nil }
      }
      if format == .csv || !adds {
        let expected = sample.text(rows: kept, with: edits)
        #expect(String(decoding: output, as: UTF8.self) == expected, "seed \(seed)")
      }
      let fixed = try table(bytes: output, format)
      #expect(fixed.rowCount == kept.count, "seed \(seed)")
      for (place, row) in kept.enumerated() {
        for (column, name) in sample.names.enumerated() {
          guard let index = fixed.columnIndex(named: name) else { continue }
          let action = plan.actions.last { $0.row == row && $0.column == name && $0.to != nil }
          let value = action?.to ?? sample.rows[row][column]?.value ?? ""
          #expect(fixed.columns[index].text(place) == value, "seed \(seed), row \(row), \(name)")
        }
      }
    }
  }

  @Test(arguments: DatasetFormat.allCases, FixStrategy.allCases)
  func whatIsFixedNeedsNoFix(format: DatasetFormat, strategy: FixStrategy) throws {
    for seed in 100..<160 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sample = Self.sample(format, &generator)
      let bytes = Array(sample.text(rows: Array(sample.rows.indices)).utf8)
      let original = try table(bytes: bytes, format)
      let first = try plan(
        for: original, FixOptions(strategy: strategy), findings: Self.findings(original, &generator)
      )
      let fixed = try table(bytes: try first.apply(to: bytes), format)
      var findings = Self.findings(fixed, &generator)
      findings[.labelErrors] = nil
      let second = try plan(
        for: fixed, FixOptions(strategy: strategy, kinds: [.deduplicate, .replace]),
        findings: findings)
      // Repeats that were kept as they may be by chance may be no chance among the rows that are left.
      let keepsRepeats = first.actions.contains {
        $0.kind == .flag && $0.detector == .exactDuplicates
      }
      #expect(
        second.actions.allSatisfy { keepsRepeats && $0.kind == .deduplicate }, "seed \(seed)")
    }
  }

  @Test func whatIsLeftOutAsRepeatedIsStillThere() throws {
    for seed in 200..<300 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let sample = Self.sample(.csv, &generator)
      let original = try table(sample.text(rows: Array(sample.rows.indices)))
      var findings = Self.findings(original, &generator)
      // Near duplicates of near duplicates, and outliers among them.
      findings[.classImbalance] = (1..<original.rowCount).filter { _ in
        generator.next(below: 3) == 0
      }
      .map {
        FlaggedRow(
          row: $0, score: 0.99, reason: "test", duplicateOf: generator.next(below: $0))
      }
      findings[.outliers] = (0..<original.rowCount).filter { _ in generator.next(below: 9) == 0 }
        .map { FlaggedRow(row: $0, score: 1, reason: "test") }
      let plan = try plan(
        for: original, FixOptions(strategy: .aggressive), findings: findings)
      let gone = Dictionary(
        uniqueKeysWithValues: plan.actions.filter(\.kind.removesRow).map { ($0.row, $0) })
      for action in plan.actions where action.kind == .deduplicate {
        var row = action.row
        while let next = gone[row]?.duplicateOf {
          #expect(next < row, "seed \(seed)")
          row = next
        }
        #expect(gone[row] == nil, "seed \(seed): row \(action.row) is lost")
      }
    }
  }

  /// Whatever is read, in whatever encoding, the writer finds the same cells in it.
  @Test func damagedFilesAreWrittenAsTheyAreRead() throws {
    let limits = ReaderFuzzer.limits
    var checked = 0
    for seed in 0..<4_000 as Range<UInt64> {
      var fuzzer = ReaderFuzzer(seed: seed)
      let (format, damaged) = fuzzer.input()
      var generator = SeededGenerator(seed: seed)
      let encoding = DatasetEncoding.allCases[generator.next(below: 3)]
      guard let read = try? table(bytes: damaged, format, encoding: encoding, limits: limits)
      else { continue }
      let row = generator.next(below: read.rowCount)
      let column = generator.next(below: read.columns.count)
      // A key that is added is the column's name, which may differ from damaged keys by spaces.
      if format != .csv, read.columns[column].text(row).isEmpty { continue }
      let action = FixAction(
        .replace, row: row, column: read.names[column], from: read.columns[column].text(row),
        to: "new", reason: "test")
      let plan = FixPlan(
        strategy: .moderate,
        dataset: FixPlan.Dataset(
          sha256: nil, layout: read.layout, rows: read.rowCount, columns: read.names),
        actions: [action])
      let output = try plan.apply(to: damaged, cuts: [generator.next(below: damaged.count + 1)])
      // Two delimiters may suit a damaged file, and the one cell may decide.
      if format == .csv {
        let delimiter = DelimiterDetection(output, isWhole: true).delimiter
        if read.layout.delimiter != String(UnicodeScalar(delimiter)) { continue }
      }
      let written = try table(bytes: output, format, encoding: encoding, limits: limits)
      var expected = read.cells
      expected[row][column] = "new"
      let order = read.names.map { written.columnIndex(named: $0) ?? 0 }
      #expect(written.cells.map { cells in order.map { cells[$0] } } == expected, "seed \(seed)")
      checked += 1
    }
    #expect(checked > 500)
  }
}
