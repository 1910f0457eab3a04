/// The named schemas of a document, in the order in which they were met.
struct SchemaRegistry {
  private var known: [String: [UInt8]] = [:]
  private var ordered: [(String, OrderedJSON)] = []

  /// Schemas by name, for the document's components.
  var components: OrderedJSON { .object(ordered) }

  /// A schema as it stands in the document: one with a name as a reference.
  mutating func render(_ schema: Schema, description: String? = nil) -> OrderedJSON {
    guard let name = schema.name else {
      return body(of: schema, description: description ?? schema.description)
    }
    let component = body(of: schema, description: schema.description)
    let bytes = component.bytes
    if let known = known[name] {
      precondition(known == bytes, "two schemas have the name \(name)")
    } else {
      known[name] = bytes
      ordered.append((name, component))
    }
    let reference: OrderedJSON = ["$ref": .string("#/components/schemas/\(name)")]
    if schema.isNullable {
      return .object([
        ("description", description.map(OrderedJSON.string)),
        ("anyOf", [reference, ["type": "null"]]),
      ])
    }
    return .object([
      ("$ref", .string("#/components/schemas/\(name)")),
      ("description", description.map(OrderedJSON.string)),
    ])
  }

  private mutating func body(of schema: Schema, description: String?) -> OrderedJSON {
    // What has a name is nullable where it is referred to.
    let isNullable = schema.isNullable && schema.name == nil
    var members: [(String, OrderedJSON?)] = []
    func type(_ name: String) -> OrderedJSON {
      isNullable ? [.string(name), "null"] : .string(name)
    }
    switch schema.shape {
    case .bytes: break
    case .boolean: members = [("type", type("boolean"))]
    case .number(let least, let most):
      members = [
        ("type", type("number")), ("minimum", least.map { .verbatim("\($0)") }),
        ("maximum", most.map { .verbatim("\($0)") }),
      ]
    case .integer(let least, let most):
      members = [
        ("type", type("integer")), ("minimum", least.map(OrderedJSON.verbatim)),
        ("maximum", most.map(OrderedJSON.verbatim)),
      ]
    case .string(let rules):
      let words = rules.words.map(OrderedJSON.string) + (isNullable ? [.verbatim("null")] : [])
      members = [
        ("type", type("string")), ("format", rules.format.map(OrderedJSON.string)),
        ("pattern", rules.pattern.map(OrderedJSON.string)),
        ("minLength", rules.least > 0 ? .integer(rules.least) : nil),
        ("maxLength", rules.most.map(OrderedJSON.integer)),
        ("enum", rules.words.isEmpty ? nil : .array(words)),
      ]
    case .array(let element, let least, let most):
      members = [
        ("type", type("array")), ("items", render(element)),
        ("minItems", least > 0 ? .integer(least) : nil),
        ("maxItems", most.map(OrderedJSON.integer)),
      ]
    case .object(let properties, let others):
      members = [("type", type("object"))] + object(properties, others)
    case .oneOf(let schemas):
      members = [("oneOf", .array(schemas.map { render($0) }))]
    }
    return .object(members + [("description", description.map(OrderedJSON.string))])
  }

  private mutating func object(
    _ properties: [Schema.Property], _ others: Schema.OtherProperties
  ) -> [(String, OrderedJSON?)] {
    let rendered = properties.map {
      (name: $0.name, value: render($0.schema, description: $0.description))
    }
    let required = properties.filter(\.isRequired).map(\.name)
    let additional: OrderedJSON?
    switch others {
    case .later: additional = nil
    case .refused: additional = .bool(false)
    case .like(let schema): additional = render(schema)
    }
    return [
      ("properties", rendered.isEmpty ? nil : .object(rendered)),
      ("required", required.isEmpty ? nil : .strings(required)),
      ("additionalProperties", additional),
    ]
  }
}
