/// What the JSON of a `Codable` type looks like, so that a schema of it is never out of date.
public indirect enum ValueShape: Sendable, Equatable {
  case boolean
  case integer
  case number
  case text
  /// One of these strings.
  case words([String])
  case list(of: ValueShape)
  case object([Property])
  /// An object whose property names are data.
  case dictionary(of: ValueShape)
  case oneOf([ValueShape])
  case nullable(ValueShape)

  /// A property of an object.
  public struct Property: Sendable, Equatable {
    /// Its name in JSON.
    public let name: String
    /// What its value looks like.
    public let shape: ValueShape
    /// Whether it is always there.
    public let isRequired: Bool
  }

  /// The names of all properties, those of objects in it after a dot: `columns`, `columns.rate`.
  public var propertyPaths: [String] {
    switch self {
    case .boolean, .integer, .number, .text, .words: []
    case .list(let shape), .dictionary(let shape), .nullable(let shape): shape.propertyPaths
    case .oneOf(let shapes): shapes.flatMap(\.propertyPaths)
    case .object(let properties):
      properties.flatMap { property in
        [property.name] + property.shape.propertyPaths.map { "\(property.name).\($0)" }
      }
    }
  }

  /// Where each property's name first stands among ``propertyPaths``.
  var propertyRanks: [String: Int] {
    let names = propertyPaths.map {
      String($0[($0.lastIndex(of: ".").map($0.index(after:)) ?? $0.startIndex)...])
    }
    return Dictionary(zip(names, 0...), uniquingKeysWith: min)
  }
}

extension ValueShape {
  /// The shape of a type's JSON.
  ///
  /// - Throws: ``UnknownShape``, which is a bug of the type.
  public init(of type: any Decodable.Type) throws { self = try ShapeReader.shape(of: type) }
}

/// A type whose shape cannot be told from how it is decoded.
public struct UnknownShape: Error, CustomStringConvertible {
  /// The type, and what it would need.
  public let description: String
}

extension DetectorKind {
  /// What the details of this detector look like in a report's JSON.
  ///
  /// - Throws: ``UnknownShape``, which is a bug of their type.
  public func detailsShape() throws -> ValueShape { try ShapeReader.shape(of: detailsType) }

  /// What the details' properties mean, by ``ValueShape/propertyPaths``.
  public var detailsMeanings: [String: String] { detailsType.meanings }
}
