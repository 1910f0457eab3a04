import ArgumentParser

/// Which seeds to run: `7`, `1..200`, or `fresh:N` for so many that nobody has run before.
struct SeedSelection: ExpressibleByArgument {
  var seeds: [UInt64]
  /// Whether the seeds were drawn just now, so that a person must be told them.
  var isFresh: Bool

  init?(argument: String) {
    if argument.hasPrefix("fresh:") {
      guard let count = Int(argument.dropFirst(6)), count > 0, count <= 10_000_000 else {
        return nil
      }
      var system = SystemRandomNumberGenerator()
      seeds = (0..<count).map { _ in system.next() >> 16 }
      isFresh = true
      return
    }
    isFresh = false
    if let seed = UInt64(argument) {
      seeds = [seed]
    } else if let dots = argument.firstRange(of: ".."),
      let first = UInt64(argument[..<dots.lowerBound]),
      let last = UInt64(argument[dots.upperBound...]), first <= last, last - first < 10_000_000
    {
      seeds = Array(first...last)
    } else {
      return nil
    }
  }
}
