/// Simulated time, counted from the beginning of a run.
typealias Microseconds = Int

/// What happens next: a queue ordered by time, and among equal times by the order of scheduling, so
/// that a run is one sequence whatever the machine.
struct Scheduler<Occurrence> {
  private struct Key {
    var time: Microseconds
    var sequence: Int
    var slot: Int

    func precedes(_ other: Key) -> Bool {
      time < other.time || (time == other.time && sequence < other.sequence)
    }
  }

  /// The time of the occurrence that was taken last.
  private(set) var now: Microseconds = 0
  /// A binary heap. Occurrences lie in slots of their own, so that sifting moves three words.
  private var heap: [Key] = []
  private var slots: [Occurrence?] = []
  private var freeSlots: [Int] = []
  private var scheduled = 0

  mutating func schedule(_ occurrence: Occurrence, after delay: Microseconds) {
    precondition(delay >= 0, "nothing can be scheduled in the past")
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
      slots[slot] = occurrence
    } else {
      slot = slots.count
      slots.append(occurrence)
    }
    scheduled += 1
    siftUp(Key(time: now + delay, sequence: scheduled, slot: slot))
  }

  /// Takes the next occurrence and moves the clock there.
  mutating func next() -> Occurrence? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty { siftDown(last) }
    now = first.time
    freeSlots.append(first.slot)
    return slots[first.slot].take()
  }

  /// Adds a key: those that come after it make room on the way up.
  private mutating func siftUp(_ key: Key) {
    heap.append(key)
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard key.precedes(heap[parent]) else { break }
      heap[place] = heap[parent]
      place = parent
    }
    heap[place] = key
  }

  /// Puts a key in the place of the first: those that come before it move up.
  private mutating func siftDown(_ key: Key) {
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(key) else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = key
  }
}
