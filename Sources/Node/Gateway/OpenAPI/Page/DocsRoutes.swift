/// `GET /docs`: a page that shows the API's document and lets one try the calls, all of it served from
/// here. It knows the document only, so a new route appears on it by itself.
struct DocsRoutes: Sendable {
  var routes: [Route] {
    [
      .observe("/docs", .getDocs) { Self.answer(DocsPage.html, as: DocsPage.htmlType) },
      .observe("/docs/style.css", .getDocsStyle) {
        Self.answer(DocsPage.style, as: DocsPage.styleType)
      },
      .observe("/docs/script.js", .getDocsScript) {
        Self.answer(DocsPage.script, as: DocsPage.scriptType)
      },
    ]
  }

  private static func answer(_ text: String, as mediaType: String) -> Answer {
    var answer = Answer(status: .ok, mediaType: mediaType, body: Array(text.utf8))
    answer.headers[.contentSecurityPolicy] = DocsPage.policy
    return answer
  }
}

/// The parts of the page; the texts stand in files of their own.
enum DocsPage {
  static let htmlType = "text/html; charset=utf-8"
  static let styleType = "text/css; charset=utf-8"
  static let scriptType = "text/javascript; charset=utf-8"

  /// Nothing inline and nothing from elsewhere: what an answer contains can never run.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

extension Operation {
  fileprivate static let getDocs = Operation(
    "getDocs", .service, "This description as a page",
    answers: .ok(
      [Content(mediaType: DocsPage.htmlType, schema: .text, example: "<!doctype html>")],
      "A page that shows `/openapi.json`."))

  fileprivate static let getDocsStyle = Operation(
    "getDocsStyle", .service, "What the page looks like",
    answers: .ok(
      [Content(mediaType: DocsPage.styleType, schema: .text, example: "body { margin: 0 }")],
      "A style sheet."))

  fileprivate static let getDocsScript = Operation(
    "getDocsScript", .service, "What the page does",
    answers: .ok(
      [Content(mediaType: DocsPage.scriptType, schema: .text, example: "start();")], "A script."))
}
