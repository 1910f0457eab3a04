import Foundation

/// Checks on raw bytes that all readers share.
enum TextCheck {
  /// The offset of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7),
  /// or nil.
  static func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var index = 0
    let count = bytes.count
    while index < count {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let length: Int
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      switch lead {
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, low) = (3, 0xA0)
      case 0xED: (length, high) = (3, 0x9F)
      case 0xE1...0xEF: length = 3
      case 0xF0: (length, low) = (4, 0x90)
      case 0xF4: (length, high) = (4, 0x8F)
      case 0xF1...0xF3: length = 4
      default: return index
      }
      guard index + length <= count, (low...high).contains(bytes[index + 1]) else { return index }
      for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { return index }
      index += length
    }
    return nil
  }

  /// What to say of a byte that is not valid UTF-8.
  static func invalidUTF8(_ byte: UInt8) -> String {
    "(0x\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))) is not valid UTF-8. "
      + "Save the data as UTF-8, or declare its encoding: windows-1252 or iso-8859-1."
  }

  /// What the first bytes of a file give away about it not being UTF-8 text; nil if nothing.
  static func signatureProblem(_ head: some Collection<UInt8>) -> String? {
    func starts(_ signature: [UInt8]) -> Bool { head.starts(with: signature) }
    if starts([0x1F, 0x8B]) {
      return "The data is gzip-compressed: send it with Content-Encoding: gzip, or unpack it."
    }
    if starts([0x28, 0xB5, 0x2F, 0xFD]) {
      return "The data is zstd-compressed: send it with Content-Encoding: zstd, or unpack it."
    }
    if starts([0x50, 0x4B, 0x03, 0x04]) {
      return "The data is a ZIP archive or a spreadsheet: export it as CSV in UTF-8."
    }
    if starts(Array("PAR1".utf8)) {
      return "The data is a Parquet file, which is not read here: export it as CSV or NDJSON."
    }
    if starts([0xD0, 0xCF, 0x11, 0xE0]) {
      return "The data is a spreadsheet of an old format: export it as CSV in UTF-8."
    }
    if starts([0xFF, 0xFE]) || starts([0xFE, 0xFF]) {
      return "The data is UTF-16 text: save it as UTF-8."
    }
    return nil
  }

  /// Bytes as they may be shown in a message: cut, control characters replaced.
  static func excerpt(_ bytes: some Collection<UInt8>, limit: Int = 40) -> String {
    let text = String(decoding: bytes.prefix(limit * 4), as: UTF8.self)
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) {
      shown.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
    }
    let cut = text.unicodeScalars.count > limit || bytes.count > limit * 4
    return String(shown) + (cut ? "…" : "")
  }
}

extension UnsafeRawBufferPointer {
  /// Where a byte occurs first from an offset on; nil if it does not.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard start < count, let base = baseAddress,
      let found = memchr(base + start, Int32(byte), count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
