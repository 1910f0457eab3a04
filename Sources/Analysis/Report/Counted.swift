extension Int {
  /// The number with commas between thousands.
  var grouped: String {
    let digits = String(magnitude)
    var text = self < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// The number with what it counts, for a sentence: `2_000.counted("row")` is "2,000 rows".
  ///
  /// - Parameter many: The plural, where it takes more than an s: "rows repeat".
  func counted(_ one: String, _ many: String? = nil) -> String {
    "\(grouped) \(self == 1 ? one : many ?? one + "s")"
  }
}
