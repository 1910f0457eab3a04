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
    heap.append(Key(time: now + delay, sequence: scheduled, slot: slot))
    siftUp()
  }

  /// Takes the next occurrence and moves the clock there.
  mutating func next() -> Occurrence? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      siftDown()
    }
    now = first.time
    freeSlots.append(first.slot)
    return slots[first.slot].take()
  }

  private mutating func siftUp() {
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].precedes(heap[least]) { least = child }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
