import CloudState

/// What a JSON value, a parameter or a body looks like: the part of JSON Schema (2020-12, which
/// OpenAPI 3.1 uses) that the API needs.
struct Schema: Sendable {
  indirect enum Shape: Sendable {
    case boolean
    /// Whole numbers; the bounds are decimals, as those of `UInt64` are beyond `Int`.
    case integer(least: String?, most: String?)
    case number(least: Double?, most: Double?)
    case string(StringRules)
    case array(of: Schema, least: Int, most: Int?)
    case object([Property], others: OtherProperties)
    /// One of several that exclude each other.
    case oneOf([Schema])
    /// Bytes of a media type that JSON Schema does not describe.
    case bytes
  }

  struct StringRules: Sendable {
    var format: String?
    /// A regular expression (ECMA-262) that the whole string matches.
    var pattern: String?
    /// In code points, as JSON Schema counts.
    var least = 0
    var most: Int?
    /// The only strings there are.
    var words: [String] = []
  }

  struct Property: Sendable {
    var name: String
    var schema: Schema
    var isRequired: Bool
    var description: String

    /// A property that is always there.
    static func required(_ name: String, _ schema: Schema, _ description: String) -> Property {
      Property(name: name, schema: schema, isRequired: true, description: description)
    }

    /// A property that may be absent.
    static func optional(_ name: String, _ schema: Schema, _ description: String) -> Property {
      Property(name: name, schema: schema, isRequired: false, description: description)
    }
  }

  enum OtherProperties: Sendable {
    /// There may be more in later versions.
    case later
    /// None is taken.
    case refused
    /// Their names are data, and their values look like this.
    case like(Schema)
  }

  var shape: Shape
  /// Under this name it stands among the document's components, once.
  var name: String?
  var description: String?
  var isNullable = false

  /// The same, or null.
  var orNull: Schema {
    var schema = self
    schema.isNullable = true
    return schema
  }
}

extension Schema {
  // MARK: Objects

  /// An object of an answer. Clients must expect more properties in later versions.
  static func object(
    _ name: String, _ description: String? = nil, _ properties: [Property]
  ) -> Schema {
    Schema(shape: .object(properties, others: .later), name: name, description: description)
  }

  /// An object that stands where it is used.
  static func object(_ properties: [Property]) -> Schema {
    Schema(shape: .object(properties, others: .later))
  }

  /// An object of a request. What is not known is refused, and null says the same as leaving a
  /// property out.
  static func request(
    _ name: String? = nil, _ description: String? = nil, _ properties: [Property]
  ) -> Schema {
    let taken = properties.map { property in
      var property = property
      property.schema.isNullable = !property.isRequired
      return property
    }
    return Schema(shape: .object(taken, others: .refused), name: name, description: description)
  }

  /// An object whose property names are data.
  static func dictionary(of schema: Schema) -> Schema {
    Schema(shape: .object([], others: .like(schema)))
  }

  // MARK: Values

  static let boolean = Schema(shape: .boolean)
  static let number = Schema(shape: .number(least: nil, most: nil))
  static let bytes = Schema(shape: .bytes)
  static let text = Schema(shape: .string(StringRules()))

  /// A whole number from 0.
  static let count = Schema(shape: .integer(least: "0", most: nil))

  static func number(_ range: ClosedRange<Double>) -> Schema {
    Schema(shape: .number(least: range.lowerBound, most: range.upperBound))
  }

  static func integer(_ range: ClosedRange<some BinaryInteger>) -> Schema {
    Schema(shape: .integer(least: "\(range.lowerBound)", most: "\(range.upperBound)"))
  }

  static func text(
    _ length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil
  ) -> Schema {
    Schema(
      shape: .string(
        StringRules(
          format: format, pattern: pattern, least: length?.lowerBound ?? 0,
          most: length?.upperBound)))
  }

  static func word(_ words: [String]) -> Schema {
    Schema(shape: .string(StringRules(words: words)))
  }

  static func word(_ words: String...) -> Schema { word(words) }

  static func list(of schema: Schema, least: Int = 0, most: Int? = nil) -> Schema {
    Schema(shape: .array(of: schema, least: least, most: most))
  }

  static func oneOf(_ schemas: [Schema]) -> Schema {
    Schema(shape: .oneOf(schemas))
  }

  // MARK: What the API's strings mean

  /// An identifier such as `ws_4f1c…`.
  static func identifier<Kind: IdentifierKind>(_: Kind.Type) -> Schema {
    .text(pattern: "^\(Kind.prefix)_[0-9A-Za-z]{1,64}$")
  }

  static let time = Schema.text(format: "date-time")

  /// A calendar month in UTC.
  static let month = Schema.text(pattern: "^(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])$")
}
