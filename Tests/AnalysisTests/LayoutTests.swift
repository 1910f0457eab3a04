import Foundation
import Testing

@testable import Analysis

@Suite struct LayoutTests {
  @Test(arguments: [",", ";", "\t", "|"]) func anyDelimiterIsDetected(delimiter: String) throws {
    for rows in [1, 5, 200] {
      let lines = (0..<rows).map { "\($0)\(delimiter)\"x\(delimiter)y, z; \($0)\"\(delimiter)é\n" }
      let table = try table("a\(delimiter)b\(delimiter)c\n" + lines.joined())
      #expect(table.names == ["a", "b", "c"])
      #expect(table.rowCount == rows)
      #expect(table.columns[1].text(0) == "x\(delimiter)y, z; 0")
      #expect(table.layout.delimiter == delimiter)
    }
  }

  @Test func whatSeparatesMostRowsAlikeIsTheDelimiter() throws {
    func delimiter(_ text: String) throws -> String? { try table(text).layout.delimiter }
    #expect(try delimiter("a,b|c\n1,2\n3,4\n") == ",")
    #expect(try delimiter("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n") == ";")
    #expect(try delimiter("text\nhello; you\nthere\n") == ",")
    #expect(try delimiter("\"a;b\",c\n1,2\n") == ",")
    #expect(try delimiter("\"a \"\",\"\" b\";c\nx,y;2\n") == ";")
    #expect(try delimiter("a|b,c\nx|1\ny|2\nz,|3\n") == "|")
    #expect(readingError("a;b\n")?.kind == .noRows)
  }

  @Test func aHeaderLongerThanTheSampleIsSplit() throws {
    let names = (0..<1_900).map { "a rather long name of column number \($0)" }
    let row = (0..<1_900).map(String.init).joined(separator: "\t")
    let table = try table(names.joined(separator: "\t") + "\n" + row + "\n")
    #expect(table.names == names)
    #expect(table.layout.delimiter == "\t")
  }

  @Test func theFormIsRecordedSoThatItCanBeWrittenAgain() throws {
    func layout(_ text: String) throws -> DatasetLayout { try table(text).layout }
    let plain = try layout("a,b\n1,x\n")
    #expect(plain.format == .csv)
    #expect(plain.lineEnding == .lineFeed && plain.endsWithLineEnding == true)
    #expect(plain.quoting == DatasetLayout.Quoting.none && !plain.hasByteOrderMark)
    #expect(try layout("a,b\r\n1,x").lineEnding == .carriageReturnLineFeed)
    #expect(try layout("a,b\r\n1,x").endsWithLineEnding == false)
    #expect(try layout("a,b\r1,x\r").lineEnding == .carriageReturn)
    #expect(try layout("a,b\n\r\n1,x\r\n").lineEnding == .lineFeed)
    #expect(try layout("\u{FEFF}a,b\n1,x\n").hasByteOrderMark)
    #expect(try layout("a,b\n1,\"x, y\"\n").quoting == .someWords)
    #expect(try layout("\"a\",\"b\"\n1,\"x\"\nNA,\"\"\n2e5,\"y\"").quoting == .words)
    #expect(try layout("\"a\",\"b\"\n\"1\",\"x\"\n").quoting == .all)
    let json = try table("{\"a\": 1}\n", .ndjson).layout
    #expect(json.format == .ndjson && json.delimiter == nil && json.quoting == nil)
    let summary = DatasetSummary(try table("a;b\n1;x\n"))
    let text = String(decoding: try JSONEncoder().encode(summary), as: UTF8.self)
    #expect(text.contains("\"delimiter\":\";\""))
    #expect(text.contains("\"line_ending\":\"lf\""))
  }

  @Test func decimalCommasAreReadWhereTheWholeColumnHasThem() throws {
    let table = try table("x;y;z\n3,5;1;1,5\n-0,25;2,5;1.5\n7;3;2,5\n")
    #expect(table.columns[0].type == .real)
    #expect(table.columns[0].numericValues() == [3.5, -0.25, 7])
    #expect(table.columns[0].text(1) == "-0,25")
    #expect(table.columns[0].note?.contains("comma") == true)
    #expect(table.columns[1].numericValues() == [1, 2.5, 3])
    #expect(table.columns[2].type == .category)
    let quoted = try AnalysisTests.table("x,y\n\"3,5\",1\n\"4,5\",2\n")
    #expect(quoted.columns[0].type == .category)
    let levels = try AnalysisTests.table("x;y\n1,0;a\n1;b\n1,00;c\n2,5;d\n").columns[0].levels()
    #expect(levels.levelOfRow == [1, 1, 1, 2])
  }
}

@Suite struct EncodingTests {
  @Test func declaredEncodingsAreRead() throws {
    let bytes = Array("näme,b\ncafé,€".utf8)
    let latin: [UInt8] =
      Array("n".utf8) + [0xE4] + Array("me,b\ncaf".utf8) + [0xE9, 0x2C, 0x80, 0x0A]
    #expect(readingError(bytes: latin)?.kind == .invalidEncoding)
    let windows = try table(bytes: latin, encoding: .windows1252)
    #expect(windows.names == ["näme", "b"])
    #expect(windows.cells == [["café", "€"]])
    #expect(windows.layout.encoding == .windows1252)
    let latin1 = try table(bytes: latin, encoding: .latin1)
    #expect(latin1.cells == [["café", "\u{80}"]])
    #expect(try table(bytes: bytes).cells == [["café", "€"]])
    let marked = try table(bytes: [0xEF, 0xBB, 0xBF] + bytes, encoding: .latin1)
    #expect(marked.cells == [["café", "€"]])
    #expect(marked.layout.encoding == .utf8 && marked.layout.hasByteOrderMark)
  }

  @Test func everyByteOfWindows1252IsTheCharacterThatFoundationReads() throws {
    for byte in 0x20...0xFF as ClosedRange<UInt8> where byte != 0x2C && byte != 0x22 {
      let text = try table(bytes: [0x61, 0x0A, 0x78, byte], encoding: .windows1252).cells[0][0]
      guard let expected = String(bytes: [byte], encoding: .windowsCP1252) else { continue }
      #expect(text == "x" + expected)
    }
  }

  @Test func cutsChangeNothing() throws {
    let bytes: [UInt8] = [
      0x61, 0x3B, 0x62, 0x0A, 0xE9, 0x3B, 0x93, 0x22, 0x0A, 0x22, 0xFC, 0x22, 0x3B,
    ]
    let whole = try table(bytes: bytes, encoding: .windows1252)
    for cut in 0...bytes.count {
      let parts = try table(bytes: bytes, encoding: .windows1252, cuts: [cut])
      #expect(parts.cells == whole.cells && parts.layout == whole.layout)
    }
  }

  @Test func encodingsHaveTheirUsualNames() {
    #expect(DatasetEncoding(name: "UTF-8") == .utf8)
    #expect(DatasetEncoding(name: "Latin1") == .latin1)
    #expect(DatasetEncoding(name: "ISO-8859-1") == .latin1)
    #expect(DatasetEncoding(name: "cp1252") == .windows1252)
    #expect(DatasetEncoding(name: "utf-16") == nil)
    for encoding in DatasetEncoding.allCases {
      #expect(DatasetEncoding(name: encoding.rawValue) == encoding)
    }
  }

  @Test func utf16IsRefusedWithWhatToDo() throws {
    let marked = try #require(readingError(bytes: [0xFF, 0xFE, 0x61, 0, 0x0A, 0]))
    #expect(marked.kind == .binaryContent && marked.message.contains("UTF-8"))
    let bare = try #require(readingError(bytes: [0x61, 0, 0x0A, 0, 0x31, 0]))
    #expect(bare.kind == .binaryContent && bare.message.contains("UTF-16"))
  }
}
