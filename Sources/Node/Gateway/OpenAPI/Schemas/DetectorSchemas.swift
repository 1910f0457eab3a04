import Analysis

extension Schema {
  /// What a detector says besides the rows that it flags.
  static func details(of kind: DetectorKind) -> Schema {
    Schema(.details(of: kind), meanings: kind.detailsMeanings)
  }

  /// A part of a report, read from the type that is sent.
  ///
  /// - Parameter meanings: What properties mean, by their paths; those that are not there stand with
  ///   their names alone.
  static func described(
    _ type: any Decodable.Type, as name: String, description: String? = nil,
    _ meanings: [String: String]
  ) -> Schema {
    var schema = Schema(.known(type), meanings: meanings)
    schema.name = name
    schema.description = description
    return schema
  }

  /// - Parameters:
  ///   - meanings: What properties mean, by their paths.
  ///   - path: Where in it the shape stands.
  private init(_ shape: ValueShape, meanings: [String: String], at path: String = "") {
    switch shape {
    case .boolean: self = .boolean
    case .integer: self = Schema(shape: .integer(least: nil, most: nil))
    case .number: self = .number
    case .text: self = .text
    case .words(let words): self = .word(words)
    case .list(let shape): self = .list(of: Schema(shape, meanings: meanings, at: path))
    case .dictionary(let shape):
      self = .dictionary(of: Schema(shape, meanings: meanings, at: path))
    case .nullable(let shape): self = Schema(shape, meanings: meanings, at: path).orNull
    case .oneOf(let shapes):
      self = .oneOf(shapes.map { Schema($0, meanings: meanings, at: path) })
    case .object(let properties):
      self = .object(
        properties.map { property in
          let path = path.isEmpty ? property.name : "\(path).\(property.name)"
          return Property(
            name: property.name, schema: Schema(property.shape, meanings: meanings, at: path),
            isRequired: property.isRequired, description: meanings[path] ?? property.name)
        })
    }
  }
}

extension ValueShape {
  static func details(of kind: DetectorKind) -> ValueShape { known { try kind.detailsShape() } }

  static func known(_ type: any Decodable.Type) -> ValueShape {
    known { try ValueShape(of: type) }
  }

  private static func known(_ shape: () throws -> ValueShape) -> ValueShape {
    do {
      return try shape()
    } catch {
      preconditionFailure("a part of a report cannot be described: \(error)")
    }
  }
}

extension OrderedJSON {
  /// A value of this shape.
  init(exampleOf shape: ValueShape) {
    switch shape {
    case .boolean: self = .bool(false)
    case .integer: self = .integer(1)
    case .number: self = .verbatim("0.5")
    case .text: self = "text"
    case .words(let words): self = .string(words.first ?? "")
    case .list(let shape): self = .array([OrderedJSON(exampleOf: shape)])
    case .dictionary(let shape): self = .object([("name", OrderedJSON(exampleOf: shape))])
    case .nullable(let shape): self = OrderedJSON(exampleOf: shape)
    case .oneOf(let shapes): self = OrderedJSON(exampleOf: shapes.first ?? .text)
    case .object(let properties):
      self = .object(properties.map { (name: $0.name, value: OrderedJSON(exampleOf: $0.shape)) })
    }
  }
}
