import Foundation
import Testing

@testable import Analysis

@Suite struct ReportPageTests {
  private static func report(_ text: String, label: String? = nil) throws -> Report {
    try Analyzer(options: AnalysisOptions(labelColumn: label)).analyze(table(text))
  }

  private static func page(_ report: Report, title: String = "Data") -> String {
    String(decoding: report.html(title: title, notes: [("Analysis", "an_1")]), as: UTF8.self)
  }

  /// Names of the elements that are opened and closed, in their order; those that are empty are both.
  private static func tags(_ page: String) -> [String] {
    page.matches(of: /<(\/?[a-z0-9]+)[^>]*?(\/?)>/).flatMap { match in
      [String(match.output.1)] + (match.output.2.isEmpty ? [] : ["/" + match.output.1])
    }
  }

  private static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='alert(1)",
    "a & b", "\u{202E}evil\u{2066}", "\u{1B}[31mred\u{7}", "</style><b>", "]]>", "&lt;", "\u{FEFF}",
  ]

  /// Classes of similar sizes cost a point, but there is nothing to mend.
  @Test func whatIsInOrderIsNoFinding() throws {
    let text = "x,label\n" + (0..<90).map { "\($0 * $0).5,\($0 < 50 ? "a" : "b")\n" }.joined()
    let report = try Analyzer(options: AnalysisOptions(detectors: [.classImbalance])).analyze(
      table(text))
    #expect(report.qualityScore ?? 100 < 100)
    let page = Self.page(report)
    #expect(page.contains("nothing was found"))
    #expect(!page.contains("Collect more of the rare classes"))
  }

  @Test func howColumnsWereReadIsTold() throws {
    let page = Self.page(try Self.report("<b>;y\n1.234,50;x\n2,5;z\n", label: "y"))
    #expect(page.contains("How columns were read"))
    #expect(page.contains("A comma stands before the fraction, and points set thousands off."))
    #expect(!Self.page(try Self.report("a,b\n1,x\n2,z\n")).contains("How columns were read"))
  }

  /// What is counted and not there is left to the JSON; what is told is explained.
  @Test func detailsAreExplainedAndNoListsOfZeros() throws {
    let page = Self.page(try Analyzer().analyze(table(bytes: Wine.bytes)))
    #expect(!page.contains("<dt>group count</dt>"))
    #expect(page.contains("<dt>radius</dt>"))
    #expect(page.contains("The distance within which rows are nearly equal."))
  }

  @Test func newClassesAreNoDriftOfColumns() throws {
    let rows = (0..<300).map {
      "\($0 % 3 == 0 ? "a" : $0 > 296 ? "c" : "b"),\($0 < 200 ? "train" : "test")\n"
    }
    let options = AnalysisOptions(detectors: [.drift], splitColumn: "part")
    let report = try Analyzer(options: options).analyze(table("x,part\n" + rows.joined()))
    #expect(report[.drift]?.flaggedCount == 2)
    let page = Self.page(report)
    #expect(page.contains("Look at the flagged rows"))
    #expect(!page.contains("Learn from recent data"))
  }

  @Test func whatCellsHoldIsNeverMarkup() throws {
    var lines = ["\"<b>x</b>\",\"name\"\"onclick=\",label"]
    for round in 0..<12 {
      for (index, value) in Self.hostile.enumerated() {
        let quoted = value.replacingOccurrences(of: "\"", with: "\"\"")
        lines.append("\"\(quoted)\",\(index * round % 7),\"\(quoted)\"")
      }
    }
    let report = try Self.report(lines.joined(separator: "\n") + "\n", label: "label")
    let page = Self.page(report, title: "</title><script>alert(1)</script>")
    let known: Set<String> = [
      "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section",
      "div",
      "h1", "h2", "h3", "p", "a", "span", "strong", "bdi", "ol", "ul", "li", "dl", "dt", "dd",
      "table",
      "caption", "thead", "tbody", "tr", "th", "td", "svg", "circle", "rect", "line", "text",
    ]
    let used = Set(Self.tags(page).map { $0.replacingOccurrences(of: "/", with: "") })
    #expect(used.subtracting(known).isEmpty)
    #expect(!page.contains("onerror=alert(1)>"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    for scalar in page.unicodeScalars {
      #expect(scalar == "\n" || scalar.properties.generalCategory != .control)
      #expect(scalar.properties.generalCategory != .format, "\(scalar.value)")
    }
  }

  @Test func whatIsOpenedIsClosed() throws {
    let report = try Self.report(Wine.noisy(share: 0.1, seed: 4).text, label: "cultivar")
    var open: [String] = []
    for tag in Self.tags(Self.page(report)) where tag != "meta" {
      if tag.hasPrefix("/") {
        #expect(open.popLast() == String(tag.dropFirst()))
      } else {
        open.append(tag)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func thePageLoadsAndRunsNothing() throws {
    let page = try Self.page(
      Self.report(Wine.noisy(share: 0.1, seed: 4).text, label: "cultivar"))
    #expect(!page.contains("<script"))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("url("))
    #expect(!page.contains(" style=") && !page.contains(" src="))
    let styles = page.components(separatedBy: "<style>")
    #expect(styles.count == 2 && styles[1].hasPrefix(ReportPage.style + "</style>"))
  }

  @Test func theSameReportIsTheSamePage() throws {
    let text = Wine.noisy(share: 0.1, seed: 4).text
    let first = try Self.page(Self.report(text, label: "cultivar"))
    #expect(try Self.page(Self.report(text, label: "cultivar")) == first)
  }

  @Test func chartsAreThereAndSayWhatTheyShow() throws {
    let page = try Self.page(
      Self.report(Wine.noisy(share: 0.15, seed: 4).text, label: "cultivar"))
    #expect(page.contains("aria-label=\"Quality score "))
    #expect(page.contains("aria-label=\"Noise matrix: "))
    #expect(page.contains("labels in doubt, by row and score\""))
    #expect(page.contains("<caption>Rows of each class</caption>"))
    #expect(page.contains("<bdi>cultivar_1</bdi>"))
    #expect(page.contains("<dd><bdi>an_1</bdi></dd>"))
  }

  @Test func flawsOfTextsAreCountedByKindAndColumn() throws {
    var lines = ["instruction,response"]
    for row in 0..<40 {
      let answer =
        row % 8 == 0
        ? "I'm sorry, but I can't help with that."
        : "The answer to question \(row) is that leaves turn light into sugar \(row * 7) times."
      lines.append("What do leaves of plant number \(row) do with light?,\"\(answer)\"")
    }
    let page = try Self.page(Self.report(lines.joined(separator: "\n") + "\n"))
    #expect(page.contains("<caption>Rows with each flaw</caption>"))
    #expect(page.contains("<td><bdi>refusal 5</bdi></td>"))
    #expect(
      page.contains("&quot;instruction&quot; asks and &quot;response&quot; answers in 40 rows; "))
  }

  @Test func changesAlongTimeAreChartedByPeriod() throws {
    var generator = SeededGenerator(seed: 3)
    let lines = (0..<400).map { "\($0),\(normal(&generator) + ($0 < 200 ? 0 : 3)),\($0 % 5).5\n" }
    let options = AnalysisOptions(detectors: [.drift], timeColumn: "<when>")
    let report = try Analyzer(options: options).analyze(
      table("<when>,<b>price</b>,same\n" + lines.joined()))
    let page = Self.page(report)
    #expect(page.contains("Columns along &lt;when&gt;"))
    #expect(page.contains("from 200 on"))
    #expect(page.contains("Index of each period, against the rows outside of the change"))
    #expect(page.contains("<bdi>0 to 39</bdi>"))
    #expect(!page.contains("<b>price"))
    #expect(page.contains("no shift to speak of"))
    let tags = Self.tags(page)
    #expect(tags.count { $0 == "table" } == tags.count { $0 == "/table" })
  }

  @Test func tablesOfDetailsHaveTheOrderOfTheirTypes() throws {
    let text =
      "a,b,text\n"
      + (0..<30).map { row in
        let kept = row == 29 ? 7 : row
        return
          "\(kept),\(kept * 31 % 17),the river number \(kept * kept) ran high\(row == 29 ? "s" : "") today\n"
      }.joined()
    let page = try Self.page(Self.report(text))
    let titles = ["keep", "duplicates", "similarities"].map { "<th scope=\"col\">\($0)</th>" }
    #expect(page.contains(titles.joined()))
  }

  @Test func whatCostsMostComesFirst() throws {
    var lines = Wine.noisy(share: 0.3, seed: 4).text.split(separator: "\n").map(String.init)
    lines.append(lines[40])
    let report = try Self.report(lines.joined(separator: "\n") + "\n", label: "cultivar")
    let ranked = RankedFinding.ranked(report)
    #expect(ranked.first?.result.detector == .labelErrors)
    #expect(ranked.map(\.cost) == ranked.map(\.cost).sorted(by: >))
    let lost = ranked.map(\.cost).reduce(0, +)
    #expect(abs(100 - lost - (report.qualityScore ?? 0)) < 0.2)
    #expect(ranked.contains { $0.result.detector == .exactDuplicates })
  }

  @Test func longListsAndValuesAreCutAndCounted() throws {
    let long = String(repeating: "x", count: 5_000)
    let rows = (0..<60).map { "\(long),\($0 % 2)\n" }.joined()
    let page = try Self.page(Self.report("\(long)y,b\n" + rows))
    #expect(page.utf8.count < 100_000)
    #expect(page.contains("The first 10 of 58 flagged rows"))
    #expect(page.contains("… (4,921 more)"))
  }

  @Test func whatCouldNotRunIsNamed() throws {
    let page = try Self.page(Self.report("a,b\n1,2\n3,4\n"))
    #expect(page.contains("<h3>Not looked at</h3>"))
    #expect(page.contains("no label column"))
  }

  @Test func numbersAreGroupedAndCounted() {
    #expect(
      [0, 7, 999, 1_000, -1_234_567].map(\.grouped) == ["0", "7", "999", "1,000", "-1,234,567"])
    #expect(1.counted("row") == "1 row")
    #expect(2_000.counted("row") == "2,000 rows")
  }
}
