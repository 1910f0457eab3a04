/// Finds out what separates the values of a CSV file, from its header and first rows.
///
/// Each candidate splits the sample, quotes respected. It must occur in the header; of those, the one
/// that gives most rows as many fields as the header has is taken, and of equals the one that gives
/// more fields.
struct DelimiterDetection {
  /// In the order of preference.
  static let candidates = Array(",;\t|".utf8)

  /// So many bytes of line breaks show it; or so many bytes, if lines are long.
  static let maximumLineBreaks = 40
  static let maximumBytes = 64 << 10

  /// Rows that are all alike but for a few are as good as all alike.
  private static let sufficientShare = 0.9

  let delimiter: UInt8

  /// - Parameters:
  ///   - isWhole: Whether nothing follows the sample; else its last line is not looked at.
  init(_ sample: some Collection<UInt8>, isWhole: Bool) {
    var best = (delimiter: Self.candidates[0], share: 0.0, fields: 1)
    for candidate in Self.candidates {
      let counts = Self.fieldCounts(sample, candidate, isWhole: isWhole)
      guard let header = counts.first, header > 1 else { continue }
      let rows = counts.dropFirst()
      let alike = Double(rows.count { $0 == header }) / Double(max(1, rows.count))
      let share = rows.isEmpty || alike >= Self.sufficientShare ? 1 : alike
      if best.fields == 1 || (best.share, best.fields) < (share, header) {
        best = (candidate, share, header)
      }
    }
    delimiter = best.delimiter
  }

  /// The fields of each record that is not blank.
  private static func fieldCounts(
    _ sample: some Collection<UInt8>, _ delimiter: UInt8, isWhole: Bool
  ) -> [Int] {
    var counts: [Int] = []
    var fields = 1
    var isQuoted = false
    /// At the start of a field, and after a closing quote: a second one opens the field again.
    var mayOpen = true
    var isBlank = true
    for byte in sample {
      if byte == UInt8(ascii: "\"") {
        if isQuoted || mayOpen { isQuoted.toggle() }
        isBlank = false
      } else if isQuoted {
        continue
      } else if byte == 0x0A || byte == 0x0D {
        if !isBlank { counts.append(fields) }
        (fields, mayOpen, isBlank) = (1, true, true)
      } else {
        if byte == delimiter { fields += 1 }
        mayOpen = byte == delimiter
        isBlank = false
      }
    }
    if !isBlank, isWhole || counts.isEmpty { counts.append(fields) }
    return counts
  }
}
