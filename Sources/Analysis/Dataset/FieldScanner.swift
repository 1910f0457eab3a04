/// Finds the ends of fields in CSV, eight bytes at a time.
struct FieldScanner: Sendable {
  private static let lowBits: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  let delimiter: UInt8
  private let delimiters: UInt64

  init(delimiter: UInt8) {
    self.delimiter = delimiter
    delimiters = UInt64(delimiter) * Self.lowBits
  }

  /// A stretch of bytes before the end of a field.
  struct Run {
    var length: Int
    /// Whether all its bytes are ASCII and none is NUL.
    var isPlain: Bool
  }

  @inline(__always)
  func endsField(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == 0x0A || byte == 0x0D
  }

  /// The bytes before the next delimiter or line break; nil if there is none.
  ///
  /// In a word `x`, `(x - 0x01…) & ~x & 0x80…` marks bytes that are 0, and with 0x20 for 0x01 those
  /// below 0x20; above a marked byte another may be marked wrongly, so only the lowest counts (Warren,
  /// "Hacker's Delight", §6-1).
  @inline(__always)
  func run(_ start: UnsafePointer<UInt8>, _ count: Int) -> Run? {
    var index = 0
    var isPlain = true
    var seen: UInt64 = 0
    while index + 8 <= count {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self))
      let controls = (word &- Self.lowBits &* 0x20) & ~word & Self.highBits
      let others = word ^ delimiters
      let ends = controls | (others &- Self.lowBits) & ~others & Self.highBits
      if ends == 0 {
        seen |= word
        index += 8
        continue
      }
      let length = ends.trailingZeroBitCount / 8
      seen |= word & (1 << UInt64(length * 8) - 1)
      index += length
      let byte = start[index]
      if endsField(byte) {
        return Run(length: index, isPlain: isPlain && seen & Self.highBits == 0)
      }
      if byte == 0 { isPlain = false }
      index += 1
    }
    while index < count {
      let byte = start[index]
      if endsField(byte) {
        return Run(length: index, isPlain: isPlain && seen & Self.highBits == 0)
      }
      if byte == 0 { isPlain = false }
      seen |= UInt64(byte)
      index += 1
    }
    return nil
  }
}
