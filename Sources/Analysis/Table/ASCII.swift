extension UInt8 {
  /// An ASCII capital as small letter; any other byte as it is.
  var lowered: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

  var isASCIIDigit: Bool { self &- 0x30 < 10 }

  /// A letter, a digit, or part of a character beyond ASCII.
  var isWordByte: Bool { isASCIILetter || isASCIIDigit || self >= 0x80 }

  /// Space, tab or line end.
  var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }
}
