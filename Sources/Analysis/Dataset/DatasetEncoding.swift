/// How the characters of a dataset are encoded in bytes. It is declared rather than guessed, for a
/// wrong guess is not noticed.
public enum DatasetEncoding: String, Codable, Sendable, CaseIterable {
  /// UTF-8, with or without a byte order mark.
  case utf8 = "utf-8"
  /// ISO 8859-1: bytes are the first 256 characters of Unicode.
  case latin1 = "iso-8859-1"
  /// Windows-1252: as ISO 8859-1, but with printed characters such as `€` and `“` from 0x80 to 0x9F.
  case windows1252 = "windows-1252"

  /// The encoding of that name, as in `charset=latin1`, letters in either case; nil if there is no
  /// such encoding here.
  public init?(name: String) {
    switch name.lowercased() {
    case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
    case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1": self = .latin1
    case "windows-1252", "cp1252", "cp-1252", "x-cp1252": self = .windows1252
    default: return nil
    }
  }

  /// The characters of Windows-1252 from 0x80 on; the five that it leaves open are the control
  /// characters of ISO 8859-1 (WHATWG Encoding Standard, index windows-1252).
  static let windows1252Upper: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]

  /// The UTF-8 of each byte from 0x80 on.
  private var upperHalf: [[UInt8]] {
    (0x80...0xFF as ClosedRange<UInt32>).map { byte in
      let isWindows = self == .windows1252 && byte < 0xA0
      let value = isWindows ? Self.windows1252Upper[Int(byte - 0x80)] : byte
      return Unicode.Scalar(value).flatMap { UTF8.encode($0) }.map(Array.init) ?? []
    }
  }

  /// Calls `body` with the bytes in UTF-8: themselves, if they are that already or ASCII.
  func withUTF8<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    if self == .utf8 || bytes.allSatisfy({ $0 < 0x80 }) {
      try body(bytes)
      return
    }
    let upper = upperHalf
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count + bytes.count / 4)
    for byte in bytes {
      if byte < 0x80 { decoded.append(byte) } else { decoded += upper[Int(byte) - 0x80] }
    }
    try decoded.withUnsafeBufferPointer { buffer throws(Failure) in
      try body(UnsafeRawBufferPointer(buffer))
    }
  }
}
