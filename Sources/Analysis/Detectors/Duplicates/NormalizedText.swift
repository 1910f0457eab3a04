import Foundation

/// Text without what a copy is free to change: case, punctuation and white space.
enum NormalizedText {
  /// Bytes of a text beyond this many are not looked at.
  static let maximumBytes = 1 << 16

  /// Words in lower case with a space between two; letters beyond ASCII are kept.
  static func bytes(of text: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(min(text.count, maximumBytes))
    append(text, to: &result)
    return result
  }

  /// Appends a further text to normalised ones.
  static func append(_ text: some Collection<UInt8>, to result: inout [UInt8]) {
    let text = text.prefix(maximumBytes)
    if text.contains(where: { $0 >= 0x80 }) {
      appendASCII(String(decoding: text, as: UTF8.self).lowercased().utf8, to: &result)
    } else {
      appendASCII(text, to: &result)
    }
  }

  private static func appendASCII(_ text: some Collection<UInt8>, to result: inout [UInt8]) {
    var isBetween = !result.isEmpty
    for byte in text {
      switch byte {
      case 0x61...0x7A, 0x30...0x39, 0x80...:
        if isBetween, !result.isEmpty { result.append(0x20) }
        isBetween = false
        result.append(byte)
      case 0x41...0x5A:
        if isBetween, !result.isEmpty { result.append(0x20) }
        isBetween = false
        result.append(byte | 0x20)
      default:
        isBetween = true
      }
    }
  }
}
