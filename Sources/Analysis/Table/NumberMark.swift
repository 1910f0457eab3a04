/// What stands between the digits of a number: before its fraction, or before each three digits.
enum NumberMark: CaseIterable, Sendable {
  case point, comma, apostrophe, space

  var word: String {
    switch self {
    case .point: "point"
    case .comma: "comma"
    case .apostrophe: "apostrophe"
    case .space: "space"
    }
  }

  /// Several of them, in words.
  var words: String { word + "s" }

  /// The byte of those that stand before fractions.
  var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".") }
}

/// How a mark is written. Programs write other spaces than one types, so that lines do not end within a
/// number.
enum MarkSpelling: UInt8, CaseIterable, Sendable {
  case point, comma, apostrophe, curlyApostrophe, space, noBreakSpace, narrowNoBreakSpace, thinSpace

  var mark: NumberMark {
    switch self {
    case .point: .point
    case .comma: .comma
    case .apostrophe, .curlyApostrophe: .apostrophe
    case .space, .noBreakSpace, .narrowNoBreakSpace, .thinSpace: .space
    }
  }

  /// Whether it is a space that nobody types.
  var isNoBreakSpace: Bool { mark == .space && self != .space }

  /// Its bytes in UTF-8.
  var bytes: [UInt8] {
    switch self {
    case .point: [UInt8(ascii: ".")]
    case .comma: [UInt8(ascii: ",")]
    case .apostrophe: [UInt8(ascii: "'")]
    case .curlyApostrophe: [0xE2, 0x80, 0x99]
    case .space: [UInt8(ascii: " ")]
    case .noBreakSpace: [0xC2, 0xA0]
    case .narrowNoBreakSpace: [0xE2, 0x80, 0xAF]
    case .thinSpace: [0xE2, 0x80, 0x89]
    }
  }

  /// How many bytes it has.
  @inline(__always)
  var length: Int {
    switch self {
    case .point, .comma, .apostrophe, .space: 1
    case .noBreakSpace: 2
    case .curlyApostrophe, .narrowNoBreakSpace, .thinSpace: 3
    }
  }

  /// Whether a mark may begin with a byte.
  @inline(__always)
  static func mayBegin(_ byte: UInt8, takesCommas: Bool) -> Bool {
    if byte >= 64 { return byte == 0xC2 || byte == 0xE2 }
    let others: UInt64 = 1 << 0x20 | 1 << 0x27 | 1 << 0x2E
    return (others | (takesCommas ? 1 << 0x2C : 0)) >> UInt64(byte) & 1 == 1
  }

  /// The mark that the bytes begin with; nil if they begin with none.
  @inline(__always)
  init?(_ start: UnsafePointer<UInt8>, _ count: Int) {
    guard count > 0 else { return nil }
    switch start[0] {
    case UInt8(ascii: "."): self = .point
    case UInt8(ascii: ","): self = .comma
    case UInt8(ascii: "'"): self = .apostrophe
    case UInt8(ascii: " "): self = .space
    case 0xC2 where count > 1 && start[1] == 0xA0: self = .noBreakSpace
    case 0xE2 where count > 2 && start[1] == 0x80:
      switch start[2] {
      case 0x99: self = .curlyApostrophe
      case 0xAF: self = .narrowNoBreakSpace
      case 0x89: self = .thinSpace
      default: return nil
      }
    default: return nil
    }
  }

  init?(_ bytes: ArraySlice<UInt8>) {
    let found = bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap { MarkSpelling($0, buffer.count) }
    }
    guard let found else { return nil }
    self = found
  }
}
