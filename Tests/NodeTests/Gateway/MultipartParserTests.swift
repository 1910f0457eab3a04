import CloudAPI
import Testing

@testable import NodeGateway

@Suite struct MultipartParserTests {
  private struct Part: Hashable {
    var fields: [String: String]
    var content: [UInt8] = []

    var text: String { String(decoding: content, as: UTF8.self) }
  }

  /// Reads `body` in pieces, each as long as `next` says.
  private static func parts(
    of body: [UInt8], boundary: String = "b", next: () -> Int = { .max }
  ) throws -> [Part] {
    var parser = try MultipartParser(boundary: boundary)
    var parts: [Part] = []
    var rest = body[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(next()))
      rest = rest.dropFirst(piece.count)
      try piece.withUnsafeBytes { bytes in
        try parser.parse(bytes) { event in
          switch event {
          case .part(let headers): parts.append(Part(fields: headers.fields))
          case .content(let bytes): parts[parts.count - 1].content += bytes
          }
        }
      }
    }
    try parser.finish()
    return parts
  }

  private static func parts(of text: String) throws -> [Part] { try parts(of: Array(text.utf8)) }

  @Test func partsAreWhatStandsBetweenDelimiters() throws {
    let parts = try Self.parts(
      of: "before\r\n--b \t\r\nContent-Type: text/csv\r\nX: 1\r\n\r\na,b\r\n1,2\r\n--b\r\n\r\n"
        + "no headers\r\n--b\r\nA: b\r\n\r\n\r\n--b--\r\nafter\r\n--b\r\n")
    #expect(parts.map(\.text) == ["a,b\r\n1,2", "no headers", ""])
    #expect(
      parts.map(\.fields) == [["content-type": "text/csv", "x": "1"], [:], ["a": "b"]])
  }

  @Test func whatOnlyLooksLikeADelimiterIsContent() throws {
    let content = "\r\r\n\r\n-\r\n--\r\n--a\n--b\r--b--b --b\r\n-\r\n--\r"
    let parts = try Self.parts(of: "--b\r\n\r\n\(content)\r\n--b--")
    #expect(parts.map(\.text) == [content])
  }

  /// Bytes that are made to be taken for delimiters, cut anywhere.
  @Test(arguments: 1...300) func howTheBytesAreCutDoesNotMatter(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let boundary = "--b"
    let pieces = ["\r", "\n", "-", "--", "b", "\r\n", "\r\n--", "\r\n----", "\r\n----", "x", "\0"]
    let sent = (0..<Int.random(in: 1...4, using: &random)).map { number in
      var content: [UInt8] = []
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        content += pieces.randomElement(using: &random)!.utf8
      }
      return Part(fields: ["n": "\(number)"], content: content)
    }
    .filter { !String(decoding: $0.content, as: UTF8.self).contains("\r\n----b") }
    let body = sent.flatMap { part in
      Array("--\(boundary)\r\nN: \(part.fields["n"]!)\r\n\r\n".utf8) + part.content
        + Array("\r\n".utf8)
    }
    let end = Array("--\(boundary)--\r\n".utf8)
    for longest in [1, 2, 3, 7, 64] {
      let parts = try Self.parts(of: body + end, boundary: boundary) {
        Int.random(in: 1...longest, using: &random)
      }
      #expect(parts == sent)
    }
    // Whatever the bytes are, they are parts or an error, and the same however they are cut.
    var noise = body + end
    for _ in 0..<5 {
      noise[Int.random(in: 0..<noise.count, using: &random)] = "\r\n-b: ".utf8.randomElement(
        using: &random)!
    }
    let whole = try? Self.parts(of: noise, boundary: boundary)
    let cut = try? Self.parts(of: noise, boundary: boundary) {
      Int.random(in: 1...5, using: &random)
    }
    #expect(whole == cut, "\(noise)")
  }

  @Test(arguments: [
    "", "--b", "--b\r\n", "--b\r\nA: b\r\n\r\nx", "--b\r\n\r\nx\r\n--b", "--bc\r\n\r\n\r\n--b--",
    "--b\r\nno header\r\n\r\nx\r\n--b--", "--b\r\nA: b\r\n c\r\n\r\nx\r\n--b--",
    "--b" + String(repeating: " ", count: 200) + "\r\n\r\n\r\n--b--",
  ])
  func whatIsNoFormIsRefused(_ body: String) throws {
    let failure = try #require(throws: Failure.self) { try Self.parts(of: body) }
    #expect(failure.problem.status == 400)
  }

  @Test func headersAreBounded() throws {
    let long = "--b\r\nA: " + String(repeating: "x", count: 10_000) + "\r\n\r\n\r\n--b--"
    let failure = try #require(throws: Failure.self) { try Self.parts(of: long) }
    #expect(failure.problem.status == 413)
  }

  @Test(arguments: ["", "a b ", "ü", "a\"b", String(repeating: "x", count: 71)])
  func boundariesAreChecked(_ boundary: String) throws {
    #expect(throws: Failure.self) { try MultipartParser(boundary: boundary) }
  }

  @Test func parametersAreRead() {
    let disposition = HeaderParameters(
      #"Form-Data; name="file" ; filename="C:\da\"ta;.csv"; x=1;y; NAME=other"#)
    #expect(disposition.value == "form-data")
    #expect(
      disposition.parameters == ["name": "file", "filename": #"C:\da"ta;.csv"#, "x": "1"])
    #expect(HeaderParameters("").value == "")
    #expect(HeaderParameters("a; b=\"unended").parameters == ["b": "unended"])
  }
}
