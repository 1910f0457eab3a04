/// Code points of UTF-8.
enum Scalars {
  /// Calls with each code point; a byte that begins none, which no reader lets through, is skipped.
  @inline(__always)
  static func forEach(_ text: UnsafeBufferPointer<UInt8>, _ body: (UInt32) -> Void) {
    var index = 0
    while index < text.count {
      let lead = text[index]
      let length = lead < 0x80 ? 1 : lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      guard length > 0, index + length <= text.count else {
        index += 1
        continue
      }
      var scalar = length == 1 ? UInt32(lead) : UInt32(lead & (0x7F >> UInt8(length)))
      for offset in 1..<max(1, length) {
        scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F)
      }
      body(scalar)
      index += length
    }
  }

  /// The code point of three or four bytes that begins at an index, and its bytes.
  static func wide(
    _ text: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (scalar: UInt32, length: Int)? {
    guard index < text.count, text[index] >= 0xE0 else { return nil }
    let length = text[index] < 0xF0 ? 3 : 4
    guard index + length <= text.count else { return nil }
    var scalar = UInt32(text[index] & (0x7F >> UInt8(length)))
    for offset in 1..<length { scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F) }
    return (scalar, length)
  }
}
