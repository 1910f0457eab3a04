/// Follows how deep a JSON value is nested, byte by byte, to tell where it ends.
struct JSONNesting: Sendable {
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  /// Takes the next byte, the first of which opens an object or array.
  ///
  /// - Returns: Whether it closes the outermost one.
  mutating func isClosed(by byte: UInt8) -> Bool {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      return depth == 0
    default: break
    }
    return false
  }
}
