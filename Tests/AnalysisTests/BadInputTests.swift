import Testing

@testable import Analysis

/// Whatever is sent ends in a table that can be analysed or in an error that says what to do.
@Suite struct BadInputTests {
  private func analyse(_ text: String, label: String? = nil) throws -> Report {
    try Analyzer(options: AnalysisOptions(labelColumn: label)).analyze(table(text))
  }

  private func expectSound(_ report: Report) throws {
    #expect(try !report.json().isEmpty)
    if let score = report.qualityScore { #expect((0...100).contains(score)) }
    for result in report.detectors where result.status != .ok {
      #expect(result.reason?.isEmpty == false, "\(result.detector)")
    }
  }

  @Test func oneColumnIsEnough() throws {
    let report = try analyse("a\n" + (0..<40).map { "\($0 * $0)\n" }.joined())
    #expect(report.dataset.columns.map(\.name) == ["a"])
    try expectSound(report)
    try expectSound(try analyse("label\nx\ny\n"))
  }

  @Test(arguments: ["a,b\n", "a,b", "a,b\r\n\r\n"]) func noRowsAreNamed(text: String) {
    #expect(readingError(text)?.kind == .noRows)
  }

  @Test func onlyNullsAreAnalysed() throws {
    for text in ["a,b\n,\nNA,null\n", "a\nNone\nnone\n", "a;label\n?;-\n"] {
      let report = try analyse(text)
      #expect(report.dataset.columns.allSatisfy { $0.type == .empty && $0.distinct == 0 })
      #expect(report.label == nil)
      try expectSound(report)
    }
  }

  @Test func oneClassIsNoFault() throws {
    let rows = (0..<30).map { "\($0 % 7),\($0 % 3),cat\n" }.joined()
    let report = try analyse("a,b,label\n" + rows)
    #expect(report.label?.classes == 1)
    try expectSound(report)
  }

  @Test func twoRowsAreEnough() throws {
    try expectSound(try analyse("a,label\n1,x\n2,y\n"))
    try expectSound(try analyse("a,label\n1,0.5\n1,0.5\n"))
  }

  @Test func moreColumnsThanTheLimitAreRefusedByName() throws {
    let text = (0..<10_000).map { "c\($0)" }.joined(separator: ",") + "\n"
    let error = try #require(readingError(text))
    #expect(error.kind == .tooManyColumns && error.isTooLarge)
    #expect(error.message.contains("\(DatasetLimits().maxColumns.grouped) columns"))
    #expect(error.column == "c\(DatasetLimits().maxColumns)")
    let row = (0..<10_000).map(String.init).joined(separator: ",") + "\n"
    let wide = try table(text + row + row, limits: DatasetLimits(maxColumns: 10_000))
    #expect(wide.columns.count == 10_000 && wide.columns[9_999].number(1) == 9_999)
  }

  /// The error comes with the piece that passes the limit: nothing of the rest is held.
  @Test(arguments: [
    ("a\n1\n", DatasetFormat.csv), ("a\n\"", .csv), ("{\"a\": \"", .ndjson), ("[{\"a\": \"", .json),
  ])
  func anEndlessFieldIsRefusedBeforeItIsHeld(start: String, format: DatasetFormat) throws {
    let limits = DatasetLimits()
    var reader = DatasetReader(format: format, limits: limits)
    try reader.append(Array(start.utf8))
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
    var sent = 0
    var refusal: DatasetError?
    while refusal == nil, sent < 100 << 20 {
      do throws(DatasetError) {
        try reader.append(piece)
        sent += piece.count
      } catch {
        refusal = error
      }
    }
    let error = try #require(refusal)
    let limit = format == .csv ? limits.maxFieldBytes : limits.maxLineBytes
    #expect(error.isTooLarge)
    #expect(error.message.contains("\(limit.grouped) bytes"))
    #expect(sent <= limit)
  }

  /// What a client says of the length makes room, and nothing else.
  @Test(arguments: [-1, 0, 100, 1 << 17, 1 << 20, Int.max])
  func anUntrueLengthChangesNothing(expectedBytes: Int) throws {
    let records = (0..<20_000).map { ("\($0),\($0 % 7)", "{\"a\":\($0),\"b\":\($0 % 7)}") }
    let texts: [(DatasetFormat, String)] = [
      (.csv, "a,b\n" + records.map { $0.0 + "\n" }.joined()),
      (.ndjson, records.map { $0.1 + "\n" }.joined()),
      (.json, "[" + records.map(\.1).joined(separator: ",") + "]"),
    ]
    for (format, text) in texts {
      let read = try table(
        bytes: Array(text.utf8), format, expectedBytes: expectedBytes, cuts: [1, 1 << 16, 1 << 17])
      #expect(read.rowCount == 20_000)
      #expect((0..<20_000).allSatisfy { read.columns[0].number($0) == Double($0) })
      #expect((0..<20_000).allSatisfy { read.columns[1].number($0) == Double($0 % 7) })
    }
  }

  @Test func binaryDataAreNamed() throws {
    #expect(readingError("a,b\n1,\0\n")?.kind == .binaryContent)
    #expect(readingError("a\0,b\n1,2\n")?.kind == .binaryContent)
    #expect(readingError("{\"a\": \0}\n", .ndjson)?.kind == .binaryContent)
    let parquet = try #require(readingError("PAR1\u{15}\u{4}"))
    #expect(parquet.kind == .binaryContent && parquet.message.contains("Parquet"))
    #expect(readingError(bytes: [0xD0, 0xCF, 0x11, 0xE0, 0xA1])?.kind == .binaryContent)
  }

  @Test(arguments: [DatasetFormat.csv, .ndjson, .json])
  func invalidUTF8NamesTheByteAndTheWayOut(format: DatasetFormat) throws {
    let start =
      switch format {
      case .csv: "a\nx"
      case .ndjson: "{\"a\": \"x"
      case .json: "[{\"a\": \"x"
      }
    let error = try #require(
      readingError(bytes: Array(start.utf8) + [0xE9] + Array("\"}]\n".utf8), format))
    #expect(error.kind == .invalidEncoding)
    #expect(error.message.contains("0xE9") && error.message.contains("windows-1252"))
  }

  @Test func columnsOfOneNameAreNamed() throws {
    let error = try #require(readingError("a,b,a\n1,2,3\n"))
    #expect(error.kind == .duplicateColumnName && error.message.contains("\"a\""))
    #expect(readingError("a;a \n1;2\n")?.kind == .duplicateColumnName)
  }

  @Test func anUnknownLabelColumnNamesTheNearestFirst() throws {
    let names = (0..<30).map { "feature_\($0)" } + ["Label", "table"]
    let text = names.joined(separator: ",") + "\n" + names.map { _ in "1" }.joined(separator: ",")
    let error = #expect(throws: DatasetError.self) { try analyse(text, label: "lable") }
    #expect(error?.kind == .unknownLabelColumn)
    #expect(error?.message.contains("The columns are: table, Label, feature_") == true)
    #expect(error?.message.contains("and 12 more") == true)
  }
}

@Suite struct LabelKindTests {
  private func label(_ values: [String], _ name: String = "label") throws -> LabelColumn? {
    let text = "\(name),z\n" + values.map { "\($0),a\n" }.joined()
    return try LabelColumn(table: table(text), options: AnalysisOptions())
  }

  @Test func labelsOfAnyTypeAreClasses() throws {
    #expect(try label(["cat", "dog", "cat"])?.classes == ["cat", "dog"])
    #expect(try label(["0", "1", "1"])?.classes == ["0", "1"])
    #expect(try label(["True", "False"])?.classes == ["False", "True"])
    #expect(try label(["1.0", "2.0", "2"])?.classes == ["1.0", "2.0"])
    #expect(try label(["2024-01-01", "2024-02-01", "2024-01-01"])?.classes.count == 2)
    #expect(try label(["3", "NA", "5"])?.classOfRow == [0, -1, 1])
    #expect(try label((0..<60).map { "\($0 % 12)" })?.task == .classification)
  }

  @Test func manyNumbersArePredictedAsSuch() throws {
    #expect(try label((0..<59).map { "\($0 * 7 % 59)" })?.task == .regression)
    #expect(try label(["0.5", "1.5"])?.task == .regression)
    #expect(try label((0..<40).map { "2024-01-01 00:\($0 + 10)" })?.task == .regression)
    #expect(try label((0..<30).map { "user\($0)" }) == nil)
  }

  @Test func noneIsAClassAmongWords() throws {
    #expect(
      try label(["None", "Mild", "Severe", "None", "NA"])?.classes == ["Mild", "None", "Severe"])
    #expect(try label(["None", "1", "2"])?.classes == ["1", "2"])
    let column = try table(columnText(["None", "Mild", "", "none"])).columns[0]
    #expect(column.missingCount == 1 && column.distinctCount == 3)
    #expect(column.note?.contains("None") == true)
  }

  @Test func namesOfRowsAreNoFeatures() throws {
    func column(_ name: String, _ values: [String]) throws -> Column {
      try table("\(name),z\n" + values.map { "\($0),a\n" }.joined()).columns[0]
    }
    let scattered = (0..<40).map { "\($0 * 7919 % 1_009)" }
    for name in ["id", "ID", "user_id", "orderId", "Customer ID", "uuid", "Unnamed: 0", "index"] {
      #expect(try column(name, scattered).type == .identifier, "\(name)")
    }
    for name in ["paid", "idle", "humid", "price", "width", "identity"] {
      #expect(try column(name, scattered).type == .integer, "\(name)")
    }
    #expect(try column("user_id", (0..<40).map { "\($0 % 5)" }).type == .integer)
    #expect(try column("n", (5..<45).map(String.init)).type == .identifier)
    #expect(try column("n", (5..<45).reversed().map(String.init)).type == .identifier)
    let uuid = (0..<40).map { "123e4567-e89b-12d3-a456-4266141740\($0 % 30 + 10)" }
    let uuids = try column("key", uuid)
    #expect(uuids.type == .identifier)
    #expect(uuids.note?.contains("UUID") == true)
    #expect(uuids.note?.contains("never used as a feature") == true)
    let subject = AnalysisSubject(
      table: try table("id,x\n1,5\n2,7\n"), label: nil, options: AnalysisOptions())
    #expect(subject.learnableColumns == [1])
  }
}
