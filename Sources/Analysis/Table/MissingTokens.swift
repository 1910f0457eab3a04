/// The spellings that mean "no value".
///
/// Surrounding spaces do not count. Besides the empty value: `NA`, `N/A`, `#N/A`, `NaN`, `null`,
/// `none`, `nil`, `?` and `-`, letters in either case. Where a column turns out to hold categories,
/// ``ColumnCensus`` takes `none` for one of them.
enum MissingTokens {
  private static let tokens: Set<[UInt8]> = Set(
    ["", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-"].map { Array($0.utf8) })
  private static let longest = 4

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
