/// Text as JSON writes it.
public enum JSONText {
  /// A string with its quotes.
  static func string(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    appendString(text, to: &output)
    return output
  }

  /// Writes a string with its quotes.
  static func appendString(_ text: String, to output: inout [UInt8]) {
    var text = text
    output.append(UInt8(ascii: "\""))
    text.withUTF8 { appendEscaped(UnsafeRawBufferPointer($0), to: &output) }
    output.append(UInt8(ascii: "\""))
  }

  /// Writes a part of a string, with the escapes that it needs (RFC 8259 §7). It may end within a
  /// character.
  public static func appendEscaped(_ utf8: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    var copied = 0
    for (index, byte) in utf8.enumerated()
    where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      output.append(contentsOf: utf8[copied..<index])
      output += escape(byte)
      copied = index + 1
    }
    output.append(contentsOf: utf8[copied...])
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [UInt8(ascii: "\\"), byte]
    case 0x0A: return Array("\\n".utf8)
    case 0x0D: return Array("\\r".utf8)
    case 0x09: return Array("\\t".utf8)
    default:
      let digits = Array("0123456789abcdef".utf8)
      return Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
}
