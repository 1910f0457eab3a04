/// JSON whose objects keep the order in which they were written, so that a document reads as it was
/// meant and is the same bytes each time.
indirect enum OrderedJSON: Sendable {
  case bool(Bool)
  case string(String)
  case array([OrderedJSON])
  case object([(name: String, value: OrderedJSON)])
  /// Text that is JSON already: a number, or what an encoder made.
  case verbatim(String)

  static func integer(_ value: some BinaryInteger) -> OrderedJSON { .verbatim("\(value)") }

  static func strings(_ values: [String]) -> OrderedJSON { .array(values.map(OrderedJSON.string)) }

  /// The text in UTF-8, without white space.
  var bytes: [UInt8] {
    var text: [UInt8] = []
    write(to: &text)
    return text
  }

  private func write(to text: inout [UInt8]) {
    switch self {
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .string(let value): Self.write(value, to: &text)
    case .verbatim(let json): text += json.utf8
    case .array(let elements):
      text.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        element.write(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      for (place, member) in members.enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        Self.write(member.name, to: &text)
        text.append(UInt8(ascii: ":"))
        member.value.write(to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  /// RFC 8259 §7: quotes, backslashes and control characters are escaped.
  private static func write(_ string: String, to text: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): text += #"\n"#.utf8
      case 0..<0x20: text += #"\u00"#.utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}

extension OrderedJSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(arrayLiteral elements: OrderedJSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, OrderedJSON)...) {
    self = .object(elements.map { (name: $0.0, value: $0.1) })
  }
}

extension OrderedJSON {
  /// An object without the members that have no value.
  static func object(_ members: [(String, OrderedJSON?)]) -> OrderedJSON {
    .object(
      members.compactMap { member in member.1.map { (name: member.0, value: $0) } }
        as [(name: String, value: OrderedJSON)])
  }
}
