import ArgumentParser

/// Which seeds to run: `7`, `1..200`, or `fresh:N` for so many that nobody has run before.
struct SeedSelection {
  var seeds: [UInt64]
  /// Whether the seeds were drawn just now, so that a person must be told them.
  let isFresh: Bool

  private static let limit: UInt64 = 10_000_000

  /// - Throws: a message that says what is wrong.
  init(_ text: String) throws {
    isFresh = text.hasPrefix("fresh:")
    if isFresh {
      guard let count = UInt64(text.dropFirst(6)), (1...Self.limit).contains(count) else {
        throw ValidationError("fresh: takes a number from 1 to \(Self.limit), as in fresh:100.")
      }
      var system = SystemRandomNumberGenerator()
      seeds = (0..<count).map { _ in system.next() >> 16 }
    } else if let seed = UInt64(text) {
      seeds = [seed]
    } else if let dots = text.firstRange(of: ".."), let first = UInt64(text[..<dots.lowerBound]),
      let last = UInt64(text[dots.upperBound...])
    {
      guard first <= last else { throw ValidationError("the first seed is above the last.") }
      guard last - first < Self.limit else {
        throw ValidationError("at most \(Self.limit) seeds run at once.")
      }
      seeds = Array(first...last)
    } else {
      throw ValidationError("seeds are written 7, 1..200 or fresh:100.")
    }
  }
}
