/// The spellings that mean "no value".
///
/// Surrounding spaces do not count. Besides the empty value: `NA`, `N/A`, `#N/A`, `NaN`, `null`,
/// `none`, `nil`, `\N`, `?` and `-`, letters in either case. Where a column turns out to hold categories,
/// ``ColumnCensus`` takes `none` for one of them.
enum MissingTokens {
  private static let tokens: Set<[UInt8]> = Set(
    ["", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "\\n", "?", "-"].map { Array($0.utf8) })
  private static let longest = 4

  /// Whole values, in small letters, that seem to stand for "missing". Where all other values are
  /// numbers or dates they do.
  static let standIns: Set<String> = [
    "unknown", "unk", "undefined", "unspecified", "not specified", "not available",
    "not applicable", "not known", "not recorded", "not provided", "not reported", "no data",
    "missing", "n.a.", "n/d", "n.d.", "blank", "(blank)", "<na>", "(null)", "<null>", "tbd",
    "--", "---", ".", "..", "...", "??", "???", "#value!", "#ref!", "#div/0!", "#name?", "#num!",
    "#null!",
  ]
  private static let longestStandIn = 16
  /// Which bytes, letters in either case, one of them begins or ends with. Most words show by it that they are
  /// none.
  private static let beginsStandIn = bytes(\.first)
  private static let endsStandIn = bytes(\.last)

  private static func bytes(_ byte: (String.UTF8View) -> UInt8?) -> [Bool] {
    let found = Set(standIns.flatMap { [$0, $0.uppercased()] }.compactMap { byte($0.utf8) })
    return (0...UInt8.max).map(found.contains)
  }

  /// Whether a value is one of ``standIns``, but for case and spaces around it.
  static func standsIn(_ value: ArraySlice<UInt8>) -> Bool {
    let trimmed = value.trimmingSpaces()
    guard let first = trimmed.first, let last = trimmed.last, beginsStandIn[Int(first)],
      endsStandIn[Int(last)]
    else { return false }
    return trimmed.count <= longestStandIn
      && standIns.contains(String(decoding: trimmed, as: UTF8.self).lowercased())
  }

  static func contains(_ value: ArraySlice<UInt8>) -> Bool {
    let trimmed = value.trimmingSpaces()
    guard trimmed.count <= longest else { return false }
    return tokens.contains(trimmed.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
  }
}

extension ArraySlice<UInt8> {
  /// The slice without the spaces and tabs around it.
  func trimmingSpaces() -> ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return slice
  }
}
