/// Public addresses of computers: neither of private networks nor kept for examples.
enum NetworkAddress {
  /// Networks for documentation (RFC 5737).
  private static let documentation = [[192, 0, 2], [198, 51, 100], [203, 0, 113]]

  /// One of version 4. Numbers of versions and sections look alike: two of its parts must have two
  /// digits, and no "version" stand before.
  static func version4(in text: ScannedText, at start: Int) -> (range: Range<Int>, first: Int)? {
    let (sizes, ends) = text.groups(at: start, separators: ".")
    guard sizes.count == 4, sizes.allSatisfy({ $0 <= 3 }), sizes.count(where: { $0 >= 2 }) >= 2,
      text.isEnd(ends[3])
    else { return nil }
    var parts: [Int] = []
    for part in text[start..<ends[3]].split(separator: UInt8(ascii: ".")) {
      guard part.count == 1 || part.first != 0x30 else { return nil }
      parts.append(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    guard parts.allSatisfy({ $0 <= 255 }) else { return nil }
    let isPrivate =
      parts[0] == 0 || parts[0] == 10 || parts[0] == 127 || parts[0] >= 224
      || (parts[0] == 192 && parts[1] == 168) || (parts[0] == 172 && (16...31).contains(parts[1]))
      || (parts[0] == 169 && parts[1] == 254) || documentation.contains(Array(parts[..<3]))
    let before = text.string(max(0, start - 24)..<start).lowercased()
    guard !isPrivate, !before.contains("version"), !before.hasSuffix("v ") else { return nil }
    return (start..<ends[3], parts[0])
  }

  /// A global one of version 6 (RFC 4291): eight groups, or fewer around one "::".
  static func version6(in text: ScannedText, at start: Int) -> Range<Int>? {
    guard text[start] == 0x32 || text[start] == 0x33 else { return nil }
    var index = start
    while index < text.count, index - start < 40,
      text[index].isASCIIDigit || (text[index].lowered &- 0x61) < 6 || text[index] == 0x3A
    { index += 1 }
    let parts = text[start..<index].split(separator: 0x3A, omittingEmptySubsequences: false)
    let gaps = parts.count { $0.isEmpty }
    guard parts[0].count == 4, parts.allSatisfy({ $0.count <= 4 }),
      (parts.count == 8 && gaps == 0) || ((4...8).contains(parts.count) && gaps == 1),
      index == text.count || !text[index].isWordByte
    else { return nil }
    // 2001:db8::/32 is for documentation (RFC 3849).
    let written = text.string(start..<index).lowercased()
    let isForExamples = ["2001:db8:", "2001:0db8:"].contains(where: written.hasPrefix)
    return isForExamples ? nil : start..<index
  }
}
