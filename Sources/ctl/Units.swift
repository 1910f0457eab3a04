import Foundation

/// Quantities as people read them. Every one is independent of the locale: scripts and tests
/// read the same text everywhere.
enum Units {
  /// What is printed for what is not known.
  static let unknown = "-"

  /// A count with its thousands set apart: `1,204`.
  static func count(_ value: some BinaryInteger) -> String {
    var digits = Array(String(value.magnitude))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// A size in powers of 1,024: `0 B`, `980 B`, `1.2 MiB`, `64 MiB`.
  static func bytes(_ value: some BinaryInteger) -> String {
    let names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var amount = Double(value)
    var step = 0
    // 1,023.95 would print as 1,024, so it goes one up already.
    while amount >= (step == 0 ? 1024 : 1023.5), step < names.count - 1 {
      amount /= 1024
      step += 1
    }
    return "\(step == 0 ? String(Int(amount)) : short(amount)) \(names[step])"
  }

  /// A short time: `0.42 ms`, `12 ms`, `3.4 s`, and from a minute on as ``duration(seconds:)``.
  static func time(milliseconds value: Double) -> String {
    if value < 0.9995 { return String(format: "%.2f ms", value) }
    if value < 999.5 { return "\(short(value)) ms" }
    return duration(seconds: value / 1000)
  }

  /// A long time in its largest unit: `45 s`, `12 min`, `3.2 h`, `5.1 d`.
  static func duration(seconds value: Double) -> String {
    if value < 59.5 { return "\(short(value)) s" }
    if value < 59.5 * 60 { return "\(short(value / 60)) min" }
    if value < 23.95 * 3600 { return "\(short(value / 3600)) h" }
    return "\(short(value / 86400)) d"
  }

  /// A share as a percentage: `97.3 %`.
  static func percent(_ share: Double) -> String {
    String(format: "%.1f %%", share * 100)
  }

  /// A share as a bar of `width` cells.
  static func bar(_ share: Double, width: Int) -> String {
    let clamped = share.isFinite ? min(max(share, 0), 1) : 0
    let filled = Int((clamped * Double(width)).rounded())
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }

  /// Two digits that say something: one decimal below ten, none when it is zero or above.
  private static func short(_ value: Double) -> String {
    let text = String(format: value < 9.95 ? "%.1f" : "%.0f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
