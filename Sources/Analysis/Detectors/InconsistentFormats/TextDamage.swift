/// Finds characters that are there by accident: UTF-8 that was read as Windows-1252 ("CafÃ©"),
/// Windows-1252 that was read as Latin-1, characters that were lost, and control characters.
enum TextDamage {
  /// What is wrong with a value; nil if nothing is. Values of plain ASCII cost a pass over the bytes.
  static func issue(_ bytes: ArraySlice<UInt8>) -> FormatIssue? {
    var isPlain = true
    for byte in bytes where byte >= 0x7F || (byte < 0x20 && !isLayout(byte)) { isPlain = false }
    guard !isPlain else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    if let mended = mended(text) {
      return FormatIssue(
        kind: .mojibake, reason: "UTF-8 that was read in another encoding", suggestion: mended)
    }
    if text.unicodeScalars.contains("\u{FFFD}") {
      return FormatIssue(
        kind: .mojibake, reason: "in which a character was lost to a wrong encoding",
        suggestion: nil)
    }
    if let read = readAsWindows1252(text) {
      return FormatIssue(
        kind: .mojibake, reason: "Windows-1252 that was read in another encoding", suggestion: read)
    }
    guard text.unicodeScalars.contains(where: isInvisible) else { return nil }
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !isInvisible(scalar) { kept.append(scalar) }
    return FormatIssue(
      kind: .controlCharacter, reason: "with characters that cannot be seen",
      suggestion: String(kept).trimmed)
  }

  /// Tabs and ends of lines, which texts are made with.
  private static func isLayout(_ byte: UInt8) -> Bool { (0x09...0x0D).contains(byte) }

  /// Control characters, zero-width spaces and byte order marks. Joiners are left: some scripts and
  /// emoji are written with them.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D: false
    case 0...0x1F, 0x7F...0x9F, 0x200B, 0x2060, 0xFEFF: true
    default: false
    }
  }

  /// The text whose UTF-8 bytes, taken for Windows-1252, are this one; nil if there is none. Ordinary
  /// text hardly ever is valid UTF-8 in Windows-1252, so all of it must be.
  static func mended(_ text: String) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = windows1252(scalar) else { return nil }
      bytes.append(byte)
    }
    guard bytes.contains(where: { $0 >= 0x80 }),
      let mended = String(validating: bytes, as: UTF8.self)
    else { return nil }
    // Two control characters may make a letter, but nobody has read them as text.
    return mended.unicodeScalars.contains { isInvisible($0) } ? nil : mended
  }

  /// The text with the control characters 80 to 9F, which nobody writes, as Windows-1252 means them;
  /// nil if there are none, or one has no meaning.
  private static func readAsWindows1252(_ text: String) -> String? {
    guard text.unicodeScalars.contains(where: { (0x80...0x9F).contains($0.value) }) else {
      return nil
    }
    var read = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard (0x80...0x9F).contains(scalar.value) else {
        read.append(scalar)
        continue
      }
      guard let meant = UnicodeScalar(upper[Int(scalar.value) - 0x80]), meant.value > 0 else {
        return nil
      }
      read.append(meant)
    }
    return String(read)
  }

  private static func windows1252(_ scalar: Unicode.Scalar) -> UInt8? {
    if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) { return UInt8(scalar.value) }
    if let index = upper.firstIndex(of: scalar.value) { return 0x80 + UInt8(index) }
    // Windows leaves five codes undefined; readers pass them through.
    return [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(scalar.value) ? UInt8(scalar.value) : nil
  }

  /// The characters 80 to 9F of Windows-1252 (WHATWG Encoding Standard); 0 where there is none.
  private static let upper: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
    0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]
}
