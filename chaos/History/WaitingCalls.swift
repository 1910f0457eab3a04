/// The calls that are not yet in the order, by time: the linked list of Wing and Gong ("Testing and
/// verifying concurrent objects", 1993), from which a call is lifted and to which it returns in constant
/// time. Calls are put back in the opposite order of their being lifted.
struct WaitingCalls {
  /// The place after each call; the last place stands before the first call.
  private var next: [Int]
  private var previous: [Int]

  /// All calls wait, in the order of their numbers.
  init(count: Int) {
    next = Array(1...count + 1)
    next[count] = 0
    previous = [count] + Array(0..<count)
    if count == 0 { previous = [0] }
  }

  /// Where a walk begins.
  var start: Int { next.count - 1 }

  /// The call after `place`; nil after the last.
  func call(after place: Int) -> Int? {
    next[place] == start ? nil : next[place]
  }

  mutating func lift(_ call: Int) {
    next[previous[call]] = next[call]
    previous[next[call]] = previous[call]
  }

  mutating func putBack(_ call: Int) {
    next[previous[call]] = call
    previous[next[call]] = call
  }
}
