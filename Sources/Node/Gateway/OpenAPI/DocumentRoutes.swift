/// `GET /openapi.json`: the description of all routes.
struct DocumentRoutes: Sendable {
  /// What is answered.
  let document: [UInt8]

  /// - Parameter others: All other routes.
  init(describing others: [Route], version: String) {
    document = APIDocument.bytes(of: others + Self.routes(answering: []), version: version)
  }

  var routes: [Route] { Self.routes(answering: document) }

  private static func routes(answering document: [UInt8]) -> [Route] {
    [
      .observe("/openapi.json", .getDocument) {
        Answer(status: .ok, mediaType: "application/json", body: document)
      }
    ]
  }
}

extension Operation {
  fileprivate static let getDocument = Operation(
    "getDocument", .service, "This description of the API, in OpenAPI 3.1",
    answers: .ok(
      [
        Content(
          mediaType: "application/json",
          schema: .object([
            .required("openapi", .text, "The version of OpenAPI."),
            .required("info", .object([]), "What the API is called."),
            .required("servers", .list(of: .object([])), "Where it is."),
            .required("tags", .list(of: .object([])), "The chapters of the operations."),
            .required("paths", .object([]), "The operations by path and method."),
            .required("components", .object([]), "What several operations share."),
          ]),
          example: [
            "openapi": "3.1.0", "info": [:], "servers": [], "tags": [], "paths": [:],
            "components": [:],
          ])
      ], "An OpenAPI document."))
}
