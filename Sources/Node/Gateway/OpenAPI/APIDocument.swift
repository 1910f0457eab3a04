import HTTPTypes

/// The description of the REST API in OpenAPI 3.1, made from the routes.
///
/// The same routes and version give the same bytes. Declarations that contradict each other are
/// found when it is made, at the node's start.
struct APIDocument {
  private let routes: [Route]
  private let version: String
  private var schemas = SchemaRegistry()

  /// - Parameter routes: All of them; they appear in this order within their tags.
  init(_ routes: [Route], version: String) {
    self.routes = routes
    self.version = version
  }

  /// The document as JSON.
  static func bytes(of routes: [Route], version: String) -> [UInt8] {
    var document = APIDocument(routes, version: version)
    return document.rendered().bytes
  }

  private mutating func rendered() -> OrderedJSON {
    let ids = routes.map(\.operation.id)
    precondition(Set(ids).count == ids.count, "two operations have the same ID")
    let paths = paths()
    let wrongMethod = render([ErrorAnswer(.wrongMethod)], commonHeaders: [])
    let parameters = Parameter.common.map {
      (name: $0.name, value: render($0.parameter))
    }
    let headers = ResponseHeader.allCases.map {
      (name: $0.rawValue, value: render($0))
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Clean Cloud", "version": .string(version),
        "summary": "Finds what makes machine-learning data bad, for many tenants.",
        "description": .string(Self.introduction),
        "license": ["name": "Apache License 2.0", "identifier": "Apache-2.0"],
      ],
      "servers": [["url": "/", "description": "The node that answered this document."]],
      "tags": .array(
        Operation.Tag.allCases.map {
          ["name": .string($0.rawValue), "description": .string($0.description)]
        }),
      "paths": paths,
      "components": [
        "schemas": schemas.components, "responses": ["MethodNotAllowed": wrongMethod],
        "parameters": .object(parameters),
        "headers": .object(headers), "securitySchemes": Self.securitySchemes,
      ],
    ]
  }

  private static let introduction = """
    Every node of a cluster answers every call. Fields are in snake_case, times in RFC 3339 and UTC, \
    identifiers opaque strings with a prefix, lengths of names and passwords in code points. \
    A field or a part of the query that a call does not have is refused. \
    Bodies may be packed (`Content-Encoding: gzip` or `zstd`). `HEAD` is answered wherever `GET` is, \
    and a method that a path does not have with `MethodNotAllowed`. \
    `x-permission` says what a caller needs: a permission in the workspace that the call is about, \
    or `anyone`, `visitor` (the same, but one that is shown must hold), `credential` (any that holds), `user` (an access token), `operator` (the admin token). What belongs to \
    another tenant is answered with 404, as if it did not exist. Errors are problem details \
    (RFC 9457).
    """

  private static let securitySchemes: OrderedJSON = [
    "bearer": [
      "type": "http", "scheme": "bearer",
      "description": "An access token, an API key (`clk_…`) or the admin token.",
    ],
    "apiKey": [
      "type": "apiKey", "in": "header", "name": "X-API-Key",
      "description": "The same, for clients that have `Authorization` for something else.",
    ],
  ]

  // MARK: Operations

  private mutating func paths() -> OrderedJSON {
    var templates: [String] = []
    for route in routes where !templates.contains(route.template) {
      templates.append(route.template)
    }
    return .object(
      templates.map { template in
        let methods = routes.filter { $0.template == template }.map { route in
          (name: route.method.rawValue.lowercased(), value: render(route))
        }
        return (name: template, value: .object(methods))
      })
  }

  private mutating func render(_ route: Route) -> OrderedJSON {
    let operation = route.operation
    let own = Parameter.parameters(ofPath: route.template) + operation.parameters
    let parameters =
      own.map { render($0) }
      + route.commonParameters.map {
        ["$ref": .string("#/components/parameters/\($0)")] as OrderedJSON
      }
    return .object([
      ("operationId", .string(operation.id)),
      ("tags", [.string(operation.tag.rawValue)]),
      ("summary", .string(operation.summary)),
      ("description", operation.description.map(OrderedJSON.string)),
      ("x-permission", .string(route.access.word)),
      ("security", Self.security(of: route.access)),
      ("parameters", .array(parameters)),
      ("requestBody", operation.body.map { render($0) }),
      ("responses", .object(answers(of: route))),
    ])
  }

  private static func security(of access: Access) -> OrderedJSON {
    switch access {
    case .anyone: []
    case .visitor: [[:], ["bearer": []], ["apiKey": []]]
    case .user, .operator, .credential, .permission: [["bearer": []], ["apiKey": []]]
    }
  }

  private mutating func render(_ parameter: Parameter) -> OrderedJSON {
    .object([
      ("name", .string(parameter.name)), ("in", .string(parameter.place.rawValue)),
      ("description", .string(parameter.description)),
      ("required", parameter.isRequired ? .bool(true) : nil),
      ("style", parameter.isCommaSeparated ? "form" : nil),
      ("explode", parameter.isCommaSeparated ? .bool(false) : nil),
      ("schema", schemas.render(parameter.schema)),
      ("example", parameter.example),
    ])
  }

  private mutating func render(_ body: AcceptedBody) -> OrderedJSON {
    .object([
      ("description", body.description.map(OrderedJSON.string)),
      ("required", .bool(body.isRequired)), ("content", render(body.content)),
    ])
  }

  private mutating func render(_ content: [Content]) -> OrderedJSON {
    .object(
      content.map {
        (
          name: $0.mediaType,
          value: .object([
            ("schema", schemas.render($0.schema)), ("example", $0.example),
            ("encoding", Self.encoding(of: $0)),
          ])
        )
      })
  }

  private static func encoding(of content: Content) -> OrderedJSON? {
    guard !content.partTypes.isEmpty else { return nil }
    return .object(
      content.partTypes.map { part, types in
        (name: part, value: ["contentType": .string(types.joined(separator: ", "))] as OrderedJSON)
      })
  }

  // MARK: Answers

  private mutating func answers(of route: Route) -> [(name: String, value: OrderedJSON)] {
    let successes = route.answers.sorted { $0.status < $1.status }.map { answer in
      (name: "\(answer.status)", value: render(answer, of: route))
    }
    let errors = Dictionary(grouping: route.errors) { $0.kind.status }
    return successes
      + errors.sorted { $0.key < $1.key }.map { status, errors in
        (name: "\(status)", value: render(errors, commonHeaders: route.commonHeaders))
      }
  }

  private mutating func render(_ answer: SuccessAnswer, of route: Route) -> OrderedJSON {
    .object([
      ("description", .string(answer.description)),
      ("headers", Self.references(to: route.commonHeaders + answer.headers)),
      ("content", answer.content.isEmpty ? nil : render(answer.content)),
    ])
  }

  /// The errors of one status.
  private mutating func render(
    _ errors: [ErrorAnswer], commonHeaders: [ResponseHeader]
  ) -> OrderedJSON {
    let contents = errors.map(\.kind.content)
    let known = Set(errors.flatMap(\.kind.headers))
    // What comes before there is a request to look at has no more than its own.
    let common = known.contains(.cleanIndex) ? Set(commonHeaders) : []
    let headers = ResponseHeader.allCases.filter { known.union(common).contains($0) }
    let schema: Schema = contents.count == 1 ? contents[0].schema : .oneOf(contents.map(\.schema))
    return [
      "description": .string(errors.map(\.description).joined(separator: " ")),
      "headers": Self.references(to: headers),
      "content": render(
        [Content(mediaType: contents[0].mediaType, schema: schema, example: contents[0].example)]),
    ]
  }

  private static func references(to headers: [ResponseHeader]) -> OrderedJSON {
    .object(
      headers.map { header in
        (
          name: header.rawValue,
          value: ["$ref": .string("#/components/headers/\(header.rawValue)")] as OrderedJSON
        )
      })
  }

  private mutating func render(_ header: ResponseHeader) -> OrderedJSON {
    [
      "description": .string(header.description), "required": .bool(header.isRequired),
      "schema": schemas.render(header.schema),
    ]
  }
}
