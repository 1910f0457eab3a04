import Dispatch
import Synchronization

/// Hands what any thread puts in to the one thread that takes it out, in order.
///
/// Who takes gets all that is there at once: the busier a thread is, the larger its batches.
final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    /// The weight of what was offered and not yet taken.
    var weight = 0
    var isWaiting = false
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Wakes the taker. After a wait that timed out just then it may stay signalled: the next wait
  /// returns early, finds nothing and waits again.
  private let wakeUp = DispatchSemaphore(value: 0)
  private let capacity: Int

  /// - Parameter capacity: the weight of elements that may wait, for those that are offered.
  init(capacity: Int = .max) { self.capacity = capacity }

  /// Adds an element, unless the mailbox is closed. Returns whether it was added.
  @discardableResult
  func put(_ element: Element) -> Bool { add(element, weight: 0) }

  /// Adds an element that may be lost, unless the mailbox is closed or full. Returns whether it was
  /// added.
  @discardableResult
  func offer(_ element: Element, weight: Int) -> Bool { add(element, weight: weight) }

  private func add(_ element: Element, weight: Int) -> Bool {
    let (isAdded, wakes) = state.withLock { state -> (Bool, Bool) in
      guard !state.isClosed, weight == 0 || state.weight + weight <= capacity else {
        return (false, false)
      }
      state.elements.append(element)
      state.weight += weight
      defer { state.isWaiting = false }
      return (true, state.isWaiting)
    }
    if wakes { wakeUp.signal() }
    return isAdded
  }

  /// Whether nothing can be put in any more.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Refuses what comes from now on. What is there can still be taken.
  func close() {
    let wakes = state.withLock { state in
      state.isClosed = true
      defer { state.isWaiting = false }
      return state.isWaiting
    }
    if wakes { wakeUp.signal() }
  }

  /// Replaces `batch` by all that is there, waiting for something until `deadline`; then it is empty.
  /// Returns false when the mailbox is closed and everything was taken. Blocks; for one thread only.
  func take(into batch: inout [Element], until deadline: ContinuousClock.Instant? = nil) -> Bool {
    batch.removeAll(keepingCapacity: true)
    while true {
      let now = ContinuousClock.now
      let isTimeUp = deadline.map { $0 <= now } ?? false
      let goesOn: Bool? = state.withLock { state in
        if state.elements.isEmpty {
          if state.isClosed { return false }
          if isTimeUp { return true }
          state.isWaiting = true
          return nil
        }
        swap(&state.elements, &batch)
        state.weight = 0
        return true
      }
      if let goesOn { return goesOn }
      if let deadline {
        _ = wakeUp.wait(timeout: .now() + .nanoseconds(now.duration(to: deadline).nanoseconds))
      } else {
        wakeUp.wait()
      }
      state.withLock { $0.isWaiting = false }
    }
  }
}

extension Duration {
  /// The span in nanoseconds; spans of more than 292 years are cut.
  var nanoseconds: Int {
    let (seconds, overflow) = Int(components.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : seconds + Int(components.attoseconds / 1_000_000_000)
  }
}
