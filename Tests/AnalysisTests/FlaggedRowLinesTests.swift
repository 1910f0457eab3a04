import Foundation
import Testing

@testable import Analysis

@Suite struct FlaggedRowLinesTests {
  /// A report with these rows of one detector.
  private static func report(_ rows: [FlaggedRow]) throws -> Report {
    var report = try Analyzer(options: AnalysisOptions(detectors: [.outliers]))
      .analyze(table("a,b\n1,2\n3,4\n"))
    report.detectors[0].flagged = FlaggedRows(rows)
    return report
  }

  private static func csv(_ rows: [FlaggedRow]) throws -> [String] {
    String(decoding: try report(rows).csv(), as: UTF8.self).components(separatedBy: "\r\n")
  }

  @Test func eachRowIsALine() throws {
    let lines = try Self.csv([
      FlaggedRow(
        row: 3, score: 0.25, reason: "qty is 9", column: "qty", givenLabel: "a",
        suggestedLabel: "b"),
      FlaggedRow(row: 5, score: 1, reason: "repeats", duplicateOf: 2),
      FlaggedRow(row: 6, score: 1, reason: "odd", column: "qty", suggestedValue: "=New, York"),
    ])
    #expect(
      lines == [
        "detector,row,score,reason,column,given_label,suggested_label,duplicate_of,suggested_value",
        "missing_values,3,0.25,qty is 9,qty,a,b,,", "missing_values,5,1.0,repeats,,,,2,",
        "missing_values,6,1.0,odd,qty,,,,\"'=New, York\"", "",
      ])
  }

  @Test(arguments: [
    ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\""),
    ("a;b", "\"a;b\""), ("plain", "plain"), ("ünïcode", "ünïcode"),
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "\"'\tx\""),
    ("\rx", "\"'\rx\""), ("＝1", "'＝1"), ("a=1", "a=1"),
    ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
  ])
  func cellsAreQuotedAndAreNoFormulas(_ text: String, _ cell: String) throws {
    let csv = String(
      decoding: try Self.report([FlaggedRow(row: 0, score: 0, reason: text, column: "c")]).csv(),
      as: UTF8.self)
    #expect(csv.hasSuffix("\r\nmissing_values,0,0.0,\(cell),c,,,,\r\n"))
  }

  @Test func linesOfJSONAreTheRows() throws {
    let rows = [
      FlaggedRow(row: 1, score: 0.5, reason: "a \"b\" \\ \n\u{1} ü", column: "c", duplicateOf: 0),
      FlaggedRow(row: 2, score: 1e-6, reason: "", givenLabel: "x", suggestedLabel: "y"),
      FlaggedRow(row: 3, score: 1, reason: "", column: "c", suggestedValue: "New York"),
    ]
    let text = try Self.report(rows).flaggedRows(as: .ndjson).reduce(into: [UInt8]()) { $0 += $1 }
    let lines = text.split(separator: UInt8(ascii: "\n"))
    #expect(
      try lines.map { try JSONDecoder().decode(FlaggedRow.self, from: Data($0)) } == rows)
    #expect(String(decoding: lines[0], as: UTF8.self).hasPrefix(#"{"detector":"missing_values","#))
  }

  @Test func manyRowsComeInPiecesOfWholeLines() throws {
    let rows = (0..<20_000).map { FlaggedRow(row: $0, score: 0.5, reason: "row \($0) is odd") }
    let report = try Self.report(rows)
    for format in [FlaggedRowLines.Format.csv, .ndjson] {
      let pieces = Array(report.flaggedRows(as: format))
      #expect(pieces.count > 5)
      #expect(pieces.allSatisfy { $0.last == UInt8(ascii: "\n") && $0.count < 66_000 })
      let lines = pieces.reduce(0) { $0 + $1.count { $0 == UInt8(ascii: "\n") } }
      #expect(lines == 20_000 + (format == .csv ? 1 : 0))
    }
  }

  @Test func nothingFlaggedIsTheHeaderAlone() throws {
    let report = try Self.report([])
    #expect(String(decoding: report.csv(), as: UTF8.self).hasSuffix("suggested_value\r\n"))
    #expect(Array(report.flaggedRows(as: .ndjson)).isEmpty)
  }
}
