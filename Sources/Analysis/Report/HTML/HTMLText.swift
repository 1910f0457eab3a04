/// HTML that is written from its beginning to its end. Markup is static; all else goes through
/// ``text(_:limit:)`` or a tag's attributes: it is escaped, its control characters are made
/// visible, and it is shortened.
struct HTMLText {
  /// Long enough to recognize a value by.
  static let valueLimit = 120

  private(set) var bytes: [UInt8] = []

  /// Writes markup.
  mutating func markup(_ html: StaticString) {
    html.withUTF8Buffer { bytes += $0 }
  }

  /// Writes what was written elsewhere.
  mutating func append(_ other: HTMLText) { bytes += other.bytes }

  /// Writes an opening tag.
  mutating func open(_ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]) {
    markup("<")
    markup(tag)
    for (name, value) in attributes {
      markup(" ")
      markup(name)
      markup("=\"")
      text(value, limit: .max)
      markup("\"")
    }
    markup(">")
  }

  /// Writes a closing tag.
  mutating func close(_ tag: StaticString) {
    markup("</")
    markup(tag)
    markup(">")
  }

  /// Writes an element that holds text alone.
  mutating func element(_ tag: StaticString, _ content: String) {
    element(tag, [:], content)
  }

  /// Writes an element with attributes that holds text alone.
  mutating func element(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ content: String
  ) {
    open(tag, attributes)
    text(content)
    close(tag)
  }

  /// Writes a value of the dataset, whose direction of writing stays its own.
  mutating func value(_ text: String, limit: Int = Self.valueLimit) {
    markup("<bdi>")
    self.text(text, limit: limit)
    markup("</bdi>")
  }

  /// Writes text.
  ///
  /// - Parameter limit: The most characters; the rest is left out and counted.
  mutating func text(_ text: String, limit: Int = .max) {
    var written = 0
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex, written < limit {
      write(scalars[index])
      index = scalars.index(after: index)
      written += 1
    }
    guard index < scalars.endIndex else { return }
    let rest = scalars.distance(from: index, to: scalars.endIndex)
    bytes += "… (\(rest.grouped) more)".utf8
  }

  private mutating func write(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "&": markup("&amp;")
    case "<": markup("&lt;")
    case ">": markup("&gt;")
    case "\"": markup("&quot;")
    case "'": markup("&#39;")
    default:
      if let shown = scalar.visibleForm {
        bytes += shown.utf8
      } else {
        bytes += UTF8.encode(scalar).map(Array.init) ?? []
      }
    }
  }
}

extension Unicode.Scalar {
  /// What stands for a character that is not seen itself and changes how others are: control
  /// characters, and those that turn the direction of writing (Unicode UAX #9).
  fileprivate var visibleForm: String? {
    switch value {
    // U+2400 and the following are pictures of them.
    case 0..<0x20: Unicode.Scalar(0x2400 + value).map { String(Character($0)) }
    case 0x7F: "\u{2421}"
    case 0x80..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF,
      0xFFF9...0xFFFB:
      "\u{2423}"
    default: nil
    }
  }
}
