/// A report as a page of its own: HTML that loads nothing, runs no script, and prints.
///
///     try page.bytes(title: "Wine").withUnsafeBytes { … }
///
/// The same report, title and notes give the same bytes. What stands in cells of the dataset is
/// escaped wherever it is shown.
public struct ReportPage: Sendable {
  /// The text of the page's one `style` element, for a `Content-Security-Policy` with its hash.
  public static var style: String { ReportStyle.css.description }

  private let head: HTMLText
  private let body: HTMLText

  /// Writes all of the page but its title and notes.
  public init(_ report: Report) {
    var head = HTMLText()
    head.heading(of: report)
    self.head = head
    var body = HTMLText()
    body.findings(of: report)
    body.scoreSection(of: report)
    body.datasetSection(of: report)
    for result in report.detectors where result.status == .ok {
      body.detectorSection(result, of: report)
    }
    body.settings(of: report)
    self.body = body
  }

  /// The page in UTF-8.
  ///
  /// - Parameters:
  ///   - title: What the dataset is called.
  ///   - notes: What else is known of the analysis, such as when it was made; it stands at the end.
  public func bytes(title: String, notes: [(name: String, value: String)] = []) -> [UInt8] {
    let title = title.isEmpty ? "Dataset" : title
    var page = HTMLText()
    page.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    page.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    page.markup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
    page.markup("style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n")
    page.markup("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
    page.text(title, limit: 200)
    page.markup(" – data quality</title>\n<style>")
    page.markup(ReportStyle.css)
    page.markup("</style>\n</head>\n<body>\n<header>\n<div><h1>")
    page.value(title, limit: 200)
    page.markup("</h1>")
    page.append(head)
    page.markup("</header>\n<main>\n")
    page.append(body)
    page.markup("</main>\n<footer>")
    if !notes.isEmpty {
      page.markup("<dl>")
      for note in notes {
        page.element("dt", note.name)
        page.markup("<dd>")
        page.value(note.value)
        page.markup("</dd>")
      }
      page.markup("</dl>")
    }
    page.markup("Rows are counted from 0, without the header.</footer>\n</body>\n</html>\n")
    return page.bytes
  }
}

extension Report {
  /// The report as a page of its own; see ``ReportPage``.
  public func html(title: String, notes: [(name: String, value: String)] = []) -> [UInt8] {
    ReportPage(self).bytes(title: title, notes: notes)
  }
}
