/// The spellings that mean "no value".
///
/// Surrounding spaces do not count. Besides the empty value: `NA`, `N/A`, `#N/A`, `NaN`, `null`,
/// `none`, `nil`, `\N`, `?` and `-`, letters in either case. Where a column turns out to hold categories,
/// ``ColumnCensus`` takes `none` for one of them.
enum MissingTokens {
  enum Meaning {
    case value
    /// No value, wherever it stands.
    case missing
    /// A word that seems to say so. Where all other values are numbers or dates it does.
    case standIn
  }

  private static let missing = [
    "na", "n/a", "#n/a", "nan", "null", "none", "nil", "\\n", "?", "-",
  ]
  private static let standIns = [
    "unknown", "unk", "undefined", "unspecified", "not specified", "not available",
    "not applicable", "not known", "not recorded", "not provided", "not reported", "no data",
    "missing", "n.a.", "n/d", "n.d.", "blank", "(blank)", "<na>", "(null)", "<null>", "tbd",
    "--", "---", ".", "..", "...", "??", "???", "#value!", "#ref!", "#div/0!", "#name?", "#num!",
    "#null!",
  ]
  /// By spelling, in small letters.
  private static let meanings = Dictionary(
    uniqueKeysWithValues: missing.map { (Array($0.utf8), Meaning.missing) }
      + standIns.map { (Array($0.utf8), .standIn) })
  private static let longest = meanings.keys.map(\.count).max()!
  /// Which bytes, letters in either case, one of them begins or ends with. Most words show by it that they are
  /// none.
  private static let begins = bytes(\.first)
  private static let ends = bytes(\.last)

  private static func bytes(_ byte: ([UInt8]) -> UInt8?) -> [Bool] {
    let found = Set(meanings.keys.compactMap(byte))
    return (0...UInt8.max).map { found.contains(lowercase($0)) }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  /// What a value says of itself.
  static func meaning(of value: ArraySlice<UInt8>) -> Meaning {
    let trimmed = value.trimmingSpaces()
    guard let first = trimmed.first, let last = trimmed.last else { return .missing }
    guard trimmed.count <= longest, begins[Int(first)], ends[Int(last)] else { return .value }
    return meanings[trimmed.map(lowercase)] ?? .value
  }

  static func contains(_ value: ArraySlice<UInt8>) -> Bool { meaning(of: value) == .missing }

  static func standsIn(_ value: ArraySlice<UInt8>) -> Bool { meaning(of: value) == .standIn }
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
