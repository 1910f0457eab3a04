import CloudAPI

/// What a route is for, what it takes and what it answers, for people and programs that read the
/// OpenAPI document. There is no route without one.
///
/// Only what is the route's own stands here. What follows from its path, its access and its kind
/// (path parameters, credentials, freshness, errors that any such call may meet) ``APIDocument``
/// adds.
struct Operation: Sendable {
  /// A name for programs, in camelCase, different from all others.
  let id: String
  let tag: Tag
  /// One line without a full stop.
  let summary: String
  let description: String?
  let parameters: [Parameter]
  let body: AcceptedBody?
  let answers: [SuccessAnswer]
  let errors: [ErrorAnswer]

  init(
    _ id: String, _ tag: Tag, _ summary: String, _ description: String? = nil,
    parameters: [Parameter] = [], body: AcceptedBody? = nil, answers: SuccessAnswer...,
    errors: [ErrorAnswer] = []
  ) {
    self.id = id
    self.tag = tag
    self.summary = summary
    self.description = description
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.errors = errors
  }

  /// Chapters of the document, in its order.
  enum Tag: String, CaseIterable, Sendable {
    case auth = "Authentication"
    case workspaces = "Workspaces"
    case keys = "API keys"
    case analyses = "Analyses"
    case usage = "Usage and plans"
    case cluster = "Cluster"
    case service = "Service"

    var description: String {
      switch self {
      case .auth: "Registering, logging in, and asking who one is."
      case .workspaces: "Tenants, each with a plan, members, keys and usage of its own."
      case .keys: "Credentials for programs, which act for a user in one workspace."
      case .analyses: "Datasets in, reports on their quality out."
      case .usage: "What plans grant, and what of it is used."
      case .cluster: "For operators: the nodes and what they do."
      case .service: "How a node is, and this description."
      }
    }
  }
}

/// A part of the query or a header that a caller may send.
struct Parameter: Sendable {
  enum Place: String, Sendable {
    case query, header, path
  }

  var name: String
  var place: Place
  var schema: Schema
  var description: String
  var isRequired = false
  /// For an array: its elements are separated by commas.
  var isCommaSeparated = false
  var example: OrderedJSON?

  static func query(
    _ name: String, _ schema: Schema, _ description: String, example: OrderedJSON? = nil
  ) -> Parameter {
    Parameter(
      name: name, place: .query, schema: schema, description: description, example: example)
  }

  /// Words in one part of the query, separated by commas.
  static func query(
    _ name: String, someOf words: [String], _ description: String
  ) -> Parameter {
    Parameter(
      name: name, place: .query, schema: .list(of: .word(words), least: 1),
      description: description, isCommaSeparated: true, example: .strings(words))
  }

  static func header(_ name: String, _ schema: Schema, _ description: String) -> Parameter {
    Parameter(name: name, place: .header, schema: schema, description: description)
  }
}

/// A body in one media type.
struct Content: Sendable {
  var mediaType: String
  var schema: Schema
  var example: OrderedJSON
  /// Of a form: the media types that its parts may have.
  var partTypes: [(part: String, types: [String])] = []

  static func json<Value: WireType>(_: Value.Type) -> Content {
    Content(mediaType: "application/json", schema: Value.schema, example: Value.exampleJSON)
  }
}

/// What a route takes as its body.
struct AcceptedBody: Sendable {
  var content: [Content]
  var isRequired: Bool
  var description: String?
  /// What is done with it before the handler has it.
  var reading: Route.Body

  /// Fields in a JSON object.
  static func json<Value: WireType>(_: Value.Type, isRequired: Bool = true) -> AcceptedBody {
    AcceptedBody(content: [.json(Value.self)], isRequired: isRequired, reading: .json)
  }

  /// A body that the handler reads as it comes.
  static func stream(_ content: [Content], _ description: String) -> AcceptedBody {
    AcceptedBody(content: content, isRequired: true, description: description, reading: .stream)
  }
}

/// An answer to a call that went well.
struct SuccessAnswer: Sendable {
  var status: Int
  var description: String
  var content: [Content] = []
  /// Besides those that any answer has.
  var headers: [ResponseHeader] = []
  /// Whether it is a list, of which a call gets a part.
  var isPage = false

  static func ok<Value: WireType>(_: Value.Type, _ description: String) -> SuccessAnswer {
    SuccessAnswer(status: 200, description: description, content: [.json(Value.self)])
  }

  static func ok(_ content: [Content], _ description: String) -> SuccessAnswer {
    SuccessAnswer(status: 200, description: description, content: content)
  }

  /// A part of a list; the route takes `limit` and `cursor`.
  static func page<Value: WireType & Codable>(
    of _: Value.Type, _ description: String
  ) -> SuccessAnswer {
    SuccessAnswer(
      status: 200, description: description, content: [.json(Page<Value>.self)], isPage: true)
  }

  static func created<Value: WireType>(_: Value.Type, _ description: String) -> SuccessAnswer {
    SuccessAnswer(status: 201, description: description, content: [.json(Value.self)])
  }

  /// Nothing is told about what comes of it.
  static func accepted(_ description: String) -> SuccessAnswer {
    SuccessAnswer(status: 202, description: description)
  }

  static func noContent(_ description: String) -> SuccessAnswer {
    SuccessAnswer(status: 204, description: description)
  }
}
