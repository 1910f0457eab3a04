import Analysis
import CloudAPI
import Crypto
import Foundation
import Testing

@testable import NodeGateway

@Suite struct ReportFormatTests {
  private static let csv =
    "who,x,label\n" + (0..<60).map { "<b>\($0 % 9)</b>,\($0 % 9),\($0 % 2)\n" }.joined()

  @Test func theQueryOrAcceptDecides() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      func type(_ query: String, _ accept: String?) async throws -> String? {
        let answer = try await node.analyze(
          Self.csv, query: query, token: token, headers: accept.map { ["Accept": $0] } ?? [:])
        #expect(answer.status == 200, "\(answer.text)")
        return answer.headers["content-type"]?.split(separator: ";").first.map(String.init)
      }
      #expect(try await type("", nil) == "application/json")
      #expect(try await type("", "*/*") == "application/json")
      #expect(try await type("", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8") == "text/html")
      #expect(try await type("", "text/csv") == "text/csv")
      #expect(try await type("", "application/pdf, text/*;q=0.1") == "text/html")
      #expect(try await type("?format=csv", "text/html") == "text/csv")
      #expect(try await type("?format=ndjson", nil) == "application/x-ndjson")
    }
  }

  @Test func whatCannotBeHadIsRefusedBeforeTheBodyIsRead() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      for accept in ["application/pdf", "text/html;q=0", "image/*"] {
        let answer = try await node.analyze(Self.csv, token: token, headers: ["Accept": accept])
        let problem = try answer.problem(406, .notAcceptable)
        #expect(problem.detail?.contains("text/csv") == true)
      }
      let usage = try await node.call("GET", "/api/v1/usage", token: token).decode(Usage.self)
      #expect(usage.rows.used == 0)
    }
  }

  @Test func thePageHasAStrictPolicyThatItsStyleFits() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let answer = try await node.analyze(
        Self.csv, query: "?format=html&name=%3Cscript%3E", token: token)
      let page = String(decoding: answer.body, as: UTF8.self)
      #expect(page.contains("<bdi>&lt;script&gt;</bdi>"))
      #expect(!page.contains("<script"))
      #expect(page.contains("<dt>Analysis</dt><dd><bdi>an_"))
      let style = try #require(
        page.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first)
      let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
      let policy = try #require(answer.headers["content-security-policy"])
      #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-\(hash)'; "))
      #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"))
    }
  }

  /// JSON lists rows up to a bound; the other two have no bound.
  @Test func allFlaggedRowsComeAsLines() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      _ = try await node.patch(
        "/api/v1/workspaces/\(ada.workspace.id)", token: TestGateway.adminToken,
        #"{"plan": "professional"}"#)
      let token = ada.tokens.accessToken
      let rows = "a,b\n" + String(repeating: "1,x\n", count: 12_001)
      let query = "?detectors=exact_duplicates"
      let report = try await node.analyze(rows, query: query, token: token).decode(Report.self)
      #expect(report[.exactDuplicates]?.flaggedCount == 12_000)
      #expect(report[.exactDuplicates]?.flagged.count == AnalysisOptions.defaultMaxFlaggedRows)
      let csv = try await node.analyze(rows, query: query + "&format=csv", token: token)
      #expect(csv.headers["content-disposition"]?.hasPrefix("attachment; filename=\"an_") == true)
      #expect(csv.headers["transfer-encoding"] == "chunked")
      #expect(csv.body.count { $0 == UInt8(ascii: "\n") } == 12_001)
      let lines = try await node.analyze(rows, query: query + "&format=ndjson", token: token)
      #expect(lines.body.count { $0 == UInt8(ascii: "\n") } == 12_000)
    }
  }

  @Test func parametersOfDetectorsAreSet() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let query = "?detectors=missing_values&missing_values.min_effect=0.25"
      let report = try await node.analyze(Self.csv, query: query, token: token)
        .decode(Report.self)
      #expect(report[.missingValues]?.parameters["min_effect"] == .number(0.25))
    }
  }

  /// Answers of tests are held to the document, so this holds each detector's details to it.
  @Test func everyDetectorsDetailsAreDescribed() async throws {
    try await TestGateway.run { node in
      let ada = try await node.register("ada")
      _ = try await node.patch(
        "/api/v1/workspaces/\(ada.workspace.id)", token: TestGateway.adminToken,
        #"{"plan": "enterprise"}"#)
      var done: Set<DetectorKind> = []
      for (csv, query) in Self.datasets {
        let answer = try await node.analyze(csv, query: query, token: ada.tokens.accessToken)
        #expect(answer.status == 200, "\(answer.text)")
        let report = try answer.decode(Report.self)
        done.formUnion(report.detectors.filter { $0.details != nil }.map(\.detector))
      }
      #expect(Set(DetectorKind.allCases).subtracting(done) == [])
    }
  }

  private static let datasets: [(csv: String, query: String)] = {
    var people = "when,gender,age,fare,city,answer,outcome\n"
    var numbers = "a,b,c,target\n"
    for row in 0..<240 {
      let gender = row % 3 == 0 ? "female" : "male"
      let good = row % 3 == 0 ? row % 4 != 0 : row % 5 == 0
      let city = ["NY", "ny ", "Boston"][row % 3]
      people +=
        "2024-0\(row / 30 + 1)-1\(row % 9),\(gender),\(20 + row * 7 % 60),"
        + "\(row % 50 == 7 ? "" : "\(row * 31 % 97)"),\(city),"
        + "\"It depends on what you ask, and on number \(row).\",\(good ? "yes" : "no")\n"
      numbers +=
        "\(row * 7 % 83),\(row * 13 % 29),\(row % 11),\(Double(row * 7 % 83) * 1.5 + 0.25)\n"
    }
    people += "2024-09-01,female,999,5,NY,\"I'm sorry, I can't help.\",no\n"
    return [
      (people, "?label_column=outcome&time_column=when"), (numbers, "?label_column=target"),
    ]
  }()
}

@Suite struct MediaRangesTests {
  private static let types = ["application/json", "text/html", "text/csv"]

  @Test(
    arguments: [
      (nil, "application/json"), ("", "application/json"), ("*/*", "application/json"),
      ("text/html", "text/html"), ("TEXT/CSV;q=0.5", "text/csv"), ("text/*", "text/html"),
      ("application/json;q=0.1, text/csv;q=0.2", "text/csv"),
      ("*/*;q=0.1, application/json;q=0", "text/html"), ("text/html;q=x", nil),
      ("image/png", nil), ("*/*;q=0", nil),
    ] as [(String?, String?)])
  func theBestIsTaken(_ accept: String?, _ type: String?) {
    #expect(MediaRanges(accept).preferred(of: Self.types) == type)
  }
}
