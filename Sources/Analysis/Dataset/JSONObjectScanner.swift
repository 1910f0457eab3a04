/// A strict (RFC 8259) scanner for one object's keys and values in UTF-8 that was checked before.
///
/// Numbers stay the text they are, so no digit is lost; nested values are checked and stay text.
struct JSONObjectScanner {
  struct SyntaxError: Error {
    var offset: Int
    var message: String
  }

  /// Buffers kept from record to record.
  struct Scratch: Sendable {
    var key: [UInt8] = []
    var value: [UInt8] = []
  }

  /// Deeper nesting is refused, so that no input can exhaust the stack.
  static let maximumDepth = 64

  private let text: UnsafeRawBufferPointer
  private var index = 0
  private var isFirst = true
  private var key: Piece = .slice(0..<0)
  private var value: Piece = .slice(0..<0)
  /// Whether ``next()`` found a key, but no value that is one.
  private(set) var isWithinValue = false
  /// Where the last member's key and value are in the text, as they are written.
  private(set) var keyRange = 0..<0
  private(set) var valueRange = 0..<0
  private(set) var scratch: Scratch
  /// How far the text is scanned.
  var offset: Int { index }

  private enum Piece {
    case slice(Range<Int>)
    /// Held in the scratch buffer, because it had escapes.
    case unescaped
  }

  init(_ text: UnsafeRawBufferPointer, scratch: Scratch) {
    self.text = text
    self.scratch = scratch
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  mutating func begin() throws(SyntaxError) {
    skipSpace()
    guard index < text.count, text[index] == UInt8(ascii: "{") else {
      throw error("this is not a JSON object.")
    }
    index += 1
  }

  /// Scans the next member; false after the last one, when the end of the text was checked too.
  mutating func next() throws(SyntaxError) -> Bool {
    skipSpace()
    if take(UInt8(ascii: "}")) {
      skipSpace()
      guard index == text.count else { throw error("text follows the end of the object.") }
      return false
    }
    if !isFirst {
      guard take(UInt8(ascii: ",")) else { throw error("a comma or } is missing.") }
      skipSpace()
    }
    isFirst = false
    guard index < text.count, text[index] == UInt8(ascii: "\"") else {
      throw error("a key in double quotes is missing.")
    }
    let keyStart = index
    key = try scanString(into: \.key)
    keyRange = keyStart..<index
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw error("a colon is missing.") }
    skipSpace()
    isWithinValue = true
    let valueStart = index
    if index < text.count, text[index] == UInt8(ascii: "\"") {
      value = try scanString(into: \.value)
    } else {
      let start = index
      try skipValue(depth: 1)
      value = .slice(start..<index)
    }
    isWithinValue = false
    valueRange = valueStart..<index
    skipSpace()
    guard index < text.count else { throw error("the object is not closed.") }
    guard text[index] == UInt8(ascii: "}") || text[index] == UInt8(ascii: ",") else {
      throw error("a comma or } is missing.")
    }
    if text[index] == UInt8(ascii: ",") {
      var ahead = index + 1
      while ahead < text.count, Self.isSpace(text[ahead]) { ahead += 1 }
      guard ahead < text.count, text[ahead] == UInt8(ascii: "\"") else {
        throw error("no key follows the comma.")
      }
    }
    return true
  }

  func withKey<R, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
  ) throws(Failure) -> R {
    try with(key, scratch.key, body)
  }

  func withValue<R, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
  ) throws(Failure) -> R {
    try with(value, scratch.value, body)
  }

  private func with<R, Failure: Error>(
    _ piece: Piece, _ buffer: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
  ) throws(Failure) -> R {
    switch piece {
    case .slice(let range):
      try body(UnsafeRawBufferPointer(rebasing: text[range]))
    case .unescaped:
      try buffer.withUnsafeBufferPointer { bytes throws(Failure) in
        try body(UnsafeRawBufferPointer(bytes))
      }
    }
  }

  private func error(_ message: String) -> SyntaxError {
    SyntaxError(offset: index, message: message)
  }

  private mutating func skipSpace() {
    while index < text.count, Self.isSpace(text[index]) { index += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < text.count, text[index] == byte else { return false }
    index += 1
    return true
  }
}

// MARK: - Values

extension JSONObjectScanner {
  private mutating func skipValue(depth: Int) throws(SyntaxError) {
    guard depth <= Self.maximumDepth else {
      throw error("values are nested deeper than \(Self.maximumDepth) levels.")
    }
    guard index < text.count else { throw error("a value is missing.") }
    switch text[index] {
    case UInt8(ascii: "{"): try skipContainer(UInt8(ascii: "}"), hasKeys: true, depth: depth)
    case UInt8(ascii: "["): try skipContainer(UInt8(ascii: "]"), hasKeys: false, depth: depth)
    case UInt8(ascii: "\""): _ = try scanString(into: nil)
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    default: try skipNumber()
    }
  }

  private mutating func skipContainer(
    _ close: UInt8, hasKeys: Bool, depth: Int
  ) throws(SyntaxError) {
    index += 1
    skipSpace()
    if take(close) { return }
    while true {
      if hasKeys {
        guard index < text.count, text[index] == UInt8(ascii: "\"") else {
          throw error("a key in double quotes is missing.")
        }
        _ = try scanString(into: nil)
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw error("a colon is missing.") }
        skipSpace()
      }
      try skipValue(depth: depth + 1)
      skipSpace()
      if take(close) { return }
      guard take(UInt8(ascii: ",")) else {
        throw error("a comma or a closing bracket is missing.")
      }
      skipSpace()
    }
  }

  private mutating func skipWord(_ word: StaticString) throws(SyntaxError) {
    let count = word.utf8CodeUnitCount
    let bytes = UnsafeRawBufferPointer(start: word.utf8Start, count: count)
    guard index + count <= text.count, text[index..<index + count].elementsEqual(bytes) else {
      throw error("this is not a JSON value.")
    }
    index += count
  }

  private mutating func skipNumber() throws(SyntaxError) {
    _ = take(UInt8(ascii: "-"))
    let integer = skipDigits()
    guard integer > 0 else { throw error("this is not a JSON value.") }
    if integer > 1, text[index - integer] == UInt8(ascii: "0") {
      throw error("a number may not begin with 0.")
    }
    if take(UInt8(ascii: ".")), skipDigits() == 0 {
      throw error("digits are missing after the decimal point.")
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if skipDigits() == 0 { throw error("digits are missing in the exponent.") }
    }
  }

  private mutating func skipDigits() -> Int {
    let start = index
    while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
    return index - start
  }
}

// MARK: - Strings

extension JSONObjectScanner {
  /// Scans a string; its content goes to the buffer only if escapes make it differ from the text.
  private mutating func scanString(
    into buffer: WritableKeyPath<Scratch, [UInt8]>?
  ) throws(SyntaxError) -> Piece {
    index += 1
    let start = index
    while index < text.count, text[index] >= 0x20, text[index] != UInt8(ascii: "\""),
      text[index] != UInt8(ascii: "\\")
    {
      index += 1
    }
    guard index < text.count else { throw error("a string is not closed.") }
    if text[index] == UInt8(ascii: "\"") {
      index += 1
      return .slice(start..<(index - 1))
    }
    var content = Array(text[start..<index])
    while true {
      guard index < text.count else { throw error("a string is not closed.") }
      let byte = text[index]
      guard byte >= 0x20 else {
        throw error("a control character within a string must be escaped.")
      }
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        if let buffer { scratch[keyPath: buffer] = content }
        return .unescaped
      case UInt8(ascii: "\\"):
        content.append(contentsOf: try scanEscape())
      default:
        content.append(byte)
      }
    }
  }

  private mutating func scanEscape() throws(SyntaxError) -> [UInt8] {
    guard index < text.count else { throw error("a string is not closed.") }
    let byte = text[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try scanUnicodeEscape()
    default:
      index -= 1
      throw error("an escape is unknown.")
    }
  }

  private mutating func scanUnicodeEscape() throws(SyntaxError) -> [UInt8] {
    let unit = try scanHex()
    var value = UInt32(unit)
    if (0xD800...0xDBFF).contains(unit) {
      guard index + 1 < text.count, text[index] == UInt8(ascii: "\\"),
        text[index + 1] == UInt8(ascii: "u")
      else { throw error("half of a surrogate pair is missing.") }
      index += 2
      let low = try scanHex()
      guard (0xDC00...0xDFFF).contains(low) else {
        throw error("half of a surrogate pair is missing.")
      }
      value = 0x10000 + (value - 0xD800) << 10 + UInt32(low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else {
      throw error("half of a surrogate pair is missing.")
    }
    return Array(encoded)
  }

  private mutating func scanHex() throws(SyntaxError) -> UInt16 {
    guard index + 4 <= text.count else { throw error("a \\u escape needs four hex digits.") }
    var value: UInt16 = 0
    for _ in 0..<4 {
      let byte = text[index]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw error("a \\u escape needs four hex digits.")
      }
      value = value << 4 | UInt16(digit)
      index += 1
    }
    return value
  }
}
