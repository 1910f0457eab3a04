import Foundation

/// Seconds that `body` takes.
public func seconds(_ body: () throws -> Void) rethrows -> Double {
  let duration = try ContinuousClock().measure(body)
  return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// The value in the middle.
public func median(_ values: [Double]) -> Double {
  values.sorted()[values.count / 2]
}

/// With thousands separated, for people.
public func grouped(_ value: Double) -> String {
  var digits = Array(String(Int(value.rounded())))
  var place = digits.count - 3
  while place > 0 {
    digits.insert(",", at: place)
    place -= 3
  }
  return String(digits)
}

/// SplitMix64: the same keys in each run and for each contender.
public struct Keys {
  private var state: UInt64

  /// Begins a sequence.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number of the sequence.
  public mutating func next(below bound: Int) -> Int64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int64((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}

/// Seconds for which `body` has a processor: what else the machine does is left out, and so are waits.
public func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  return now() - start
}

/// Prints a line at once, even into a pipe: the next one may take minutes.
public func report(_ line: String) {
  print(line)
  fflush(nil)
}
